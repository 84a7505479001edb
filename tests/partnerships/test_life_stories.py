"""Any life of a convention, lived through the real operations, reads on any day as its history replayed says.

A story is a list of acts on days that follow one another: amend, denounce, terminate, renew, archive. What a story expects
is kept beside it, in the words typed: it asks nothing of the code that it checks. Acts that the rules refuse change nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import Refused
from partnerships import forms, workflows
from partnerships.agreement import Agreement, Article, Commitment, Signatory
from partnerships.consolidation import consolidated
from partnerships.models import Company, PartnershipConvention
from partnerships.operations.amendments import draft_amendment, move_amendment
from partnerships.operations.conventions import ConventionText, draft_convention, revise_convention
from partnerships.operations.moves import move_convention
from partnerships.operations.renewals import renew_convention
from partnerships.queries import convention_in_full, convention_with_amendments, conventions_visible_to
from partnerships.situation import situation_on
from partnerships.terms import Terms
from schools.scope import Scope
from tests.factories.amendments import ON_PAPER, aim_higher, longer, new_signatory, written
from tests.factories.network import network_of
from tests.factories.partnerships import company_named, text_of
from tests.factories.signing import signed_on_paper
from tests.partnerships.sql import run

DAY = timedelta(days=1)
VOTE = {"deliberation_number": "CR-26/09.009"}


@dataclass
class Kept:
    """What a story expects of one convention: how it reads from which day on, and when it was ended early."""

    pk: int
    texts: list[tuple[date, Agreement]]
    signed_on: date
    ended_on: date | None = None
    terminated: bool = False
    numbers: set[int] = field(default_factory=set)

    def on(self, day: date) -> Agreement:
        """Return the text on a day: the last one whose day has come."""
        return [text for start, text in self.texts if start <= day or text is self.texts[0][1]][-1]

    @property
    def now(self) -> Agreement:
        return self.texts[-1][1]


def as_typed(text: ConventionText) -> Agreement:
    """Return a text as its parties typed it."""
    sides = [person.side for person in text.signatories]
    terms = Terms(
        text.starts_on, text.ends_on, text.renewal, text.renewal_months, text.renewal_limit, text.notice_months
    )
    return Agreement(
        terms,
        tuple(Article(number, a.title, a.body) for number, a in enumerate(text.articles, start=1)),
        tuple(Commitment(n, c.kind, c.description, c.target, c.unit, c.period, c.rhythm) for n, c in enumerate(text.commitments, start=1)),
        tuple(
            Signatory(p.side, sides[: n + 1].count(p.side), p.full_name, p.quality, p.email)
            for n, p in enumerate(text.signatories)
        ),
    )  # fmt: skip


def shifted(day: date, months: int) -> date:
    """Return the same day some months later, or the last one of that month: counted one day at a time."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError("a month has a first day")


def end_of(terms: Terms) -> date:
    """Return the last day that a text gives, the end of times for one renewed without limit."""
    assert terms.ends_on
    if terms.renewal != "tacit" or not terms.renewal_months:
        return terms.ends_on
    if terms.renewal_limit is None:
        return date.max
    return shifted(terms.ends_on + DAY, terms.renewal_months * terms.renewal_limit) - DAY


class Story:
    """Somebody's acts, one day after another."""

    def __init__(self, company: Company, officer: User, clock: time_machine.Traveller) -> None:
        self.company, self.officer, self.clock = company, officer, clock
        self.chain: list[Kept] = []

    @property
    def last(self) -> Kept:
        return self.chain[-1]

    @property
    def today(self) -> date:
        return timezone.localdate()

    def begin(self, terms: Terms) -> None:
        dates = {name: getattr(terms, name) for name in ("starts_on", "ends_on", "renewal", "renewal_months", "renewal_limit", "notice_months")}  # fmt: skip
        text = text_of(self.company, origin="archive", sources="Essai", **dates)
        self.sign(draft_convention(text, self.officer), text)

    def sign(self, draft: PartnershipConvention, text: ConventionText) -> None:
        signed_on = min(self.today, draft.starts_on or self.today)
        facts = {"signed_on": signed_on, "signed_place": "Montpellier"}
        move_convention(draft.pk, "record_archive", self.officer, facts=facts)
        typed = as_typed(text)
        self.chain.append(Kept(draft.pk, [(signed_on, typed)], signed_on, numbers={a.number for a in typed.articles}))

    def act(self, name: str, number: int) -> bool:
        """Do one act, and say whether the rules let it pass."""
        try:
            with transaction.atomic():
                getattr(self, name)(number)
        except (Refused, ValidationError):
            return False
        return True

    def amend(self, change: Callable[[Agreement], Agreement], number: int) -> None:
        kept = self.last
        wanted = change(kept.now)
        effective_on = None if number % 3 == 0 else self.today + number % 60 * DAY
        amendment = draft_amendment(kept.pk, written(wanted, effective_on=effective_on), self.officer)
        if amendment.needs_vote:
            move_amendment(amendment.pk, "record_vote", self.officer, facts=VOTE | {"deliberation_date": self.today})
        move_amendment(amendment.pk, "send_to_sign", self.officer, plan=ON_PAPER)
        signed_on_paper(amendment, self.officer, self.today)
        amendment.refresh_from_db()
        if amendment.status != "signed":
            raise Refused("Signé par tous, mais une règle empêche de l’enregistrer.")
        kept.texts.append((effective_on or self.today, wanted))
        kept.numbers |= {article.number for article in wanted.articles}

    def lengthen(self, number: int) -> None:
        self.amend(longer(number), number)

    def shorten(self, number: int) -> None:
        self.amend(longer(-number), number)

    def aim(self, number: int) -> None:
        self.amend(aim_higher(number + 100), number)

    def replace_person(self, number: int) -> None:
        self.amend(new_signatory(f"Personne n° {number}"), number)

    def add_article(self, number: int) -> None:
        article = Article(max(self.last.numbers) + 1, f"Article du {self.today}", "Texte ajouté.")
        self.amend(lambda text: replace(text, articles=(*text.articles, article)), number)

    def remove_article(self, number: int) -> None:
        self.amend(lambda text: replace(text, articles=text.articles[1:] or text.articles), number)

    def make_tacit(self, number: int) -> None:
        renewed = {"renewal": "tacit", "renewal_months": number % 24 + 1, "renewal_limit": number % 4 or None}
        self.amend(lambda text: replace(text, terms=replace(text.terms, notice_months=3, **renewed)), number)

    def denounce(self, number: int) -> None:
        agreed = "Accord du jour" if number % 2 else ""
        ended_on = self.today + number % 90 * DAY if agreed else None
        facts = {"notice_given_on": self.today, "notice_given_by": "company", "ended_on": ended_on, "early_end_agreement": agreed}  # fmt: skip
        row = move_convention(self.last.pk, "denounce", self.officer, reason="Restructuration", facts=facts)
        self.last.ended_on = row.ended_on

    def terminate(self, number: int) -> None:
        """The former one when there is one: only a termination ends what is renewed already."""
        kept = self.chain[-2] if len(self.chain) > 1 and number % 2 else self.last
        ended_on = self.today - number % 40 * DAY
        move_convention(kept.pk, "terminate", self.officer, reason="Faute", facts={"ended_on": ended_on})
        kept.ended_on, kept.terminated = ended_on, True

    def renew(self, number: int) -> None:
        draft = renew_convention(self.last.pk, self.officer)
        text = replace(forms.text_of(convention_in_full(draft.pk)), origin="archive", sources="Essai")
        revise_convention(draft.pk, draft.revision, text, self.officer)
        self.sign(draft, text)

    def archive(self, number: int) -> None:
        move_convention(self.last.pk, "archive", self.officer)


ACTS = (
    "lengthen", "shorten", "aim", "replace_person", "add_article", "remove_article", "make_tacit", "denounce", "terminate",
    "renew", "archive",
)  # fmt: skip


class Reading:
    """One convention of a story as the portal tells it, beside what the story expects."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.row = convention_with_amendments(kept.pk)

    def follows_its_moves(self) -> None:
        """The state, the signature and the early end are what the immutable steps say, replayed in order."""
        moves = list(self.row.moves.order_by("rank"))
        assert [move.rank for move in moves] == list(range(1, self.row.moves_made + 1))
        states = [workflows.DRAFT, *(move.target for move in moves)]
        assert [move.origin for move in moves] == states[:-1]
        assert self.row.status == states[-1]
        dates = {move.target: move.effective_on for move in moves}
        assert dates[workflows.SIGNED] == self.row.signed_on == self.kept.signed_on
        ended = dates.get(workflows.TERMINATED) or dates.get(workflows.DENOUNCED)
        assert ended == self.row.ended_on == self.kept.ended_on

    def in_force(self, day: date) -> bool:
        terms = self.kept.on(day).terms
        assert terms.starts_on
        return terms.starts_on <= day <= min(end_of(terms), self.kept.ended_on or date.max)

    def expected_situation(self, day: date, renewed: bool) -> str:
        terms, ended_on = self.kept.now.terms, self.kept.ended_on
        assert terms.starts_on
        if ended_on and day > ended_on and ended_on < end_of(terms):
            return "ended_early"
        if day > min(end_of(terms), ended_on or date.max):
            return "renewed" if renewed else "expired"
        if day < terms.starts_on:
            return "upcoming"
        return "leaving" if ended_on else "active"

    def reads_as_expected(self, day: date) -> None:
        agreement, expected = consolidated(self.row, day).agreement, self.kept.on(day)
        assert replace(agreement, terms=replace(agreement.terms, ended_on=None)) == expected
        assert (agreement.terms.period_on(day) is not None) == self.in_force(day)

    def days(self) -> Iterator[date]:
        """Give the days on which something changes, and those beside them."""
        terms = self.kept.now.terms
        assert terms.starts_on
        turns = [
            terms.starts_on,
            end_of(terms),
            self.kept.ended_on or terms.starts_on,
            *(day for day, _ in self.kept.texts),
        ]
        return (day + near * DAY for day in turns if day < date.max for near in (-1, 0, 1))


def check(story: Story) -> None:
    """Compare all that the portal tells with the history replayed."""
    readings = [Reading(kept) for kept in story.chain]
    days = sorted({day for reading in readings for day in reading.days()} | {story.today})
    for reading, following in zip(readings, [*readings[1:], None], strict=True):
        reading.follows_its_moves()
        for day in days:
            reading.reads_as_expected(day)
            assert situation_on(reading.row, day).name == reading.expected_situation(day, following is not None)
    for former, following in zip(readings, readings[1:], strict=False):
        terms = following.kept.now.terms
        last = min(end_of(former.kept.now.terms), former.kept.ended_on or date.max)
        assert terms.starts_on
        assert terms.starts_on > last, "an overlap"
        assert terms.starts_on == last + DAY or former.kept.terminated, "a gap that nobody decided"
    for day in days:
        assert sum(reading.in_force(day) for reading in readings) <= 1
    for day in days[:: max(1, len(days) // 3)]:
        listed = conventions_visible_to(Scope(whole_network=True), on=day).in_bulk([kept.pk for kept in story.chain])
        assert {pk: row.situation for pk, row in listed.items()} == {
            reading.kept.pk: situation_on(reading.row, day).name for reading in readings
        }


TERMS = st.builds(
    lambda starts_on, days, tacit, months, limit, notice: Terms(
        starts_on, starts_on + days * DAY, *(("tacit", months, limit) if tacit else ("express", None, None)), notice
    ),
    st.dates(date(2023, 1, 1), date(2026, 1, 1)), st.integers(20, 800), st.booleans(), st.integers(1, 24),
    st.none() | st.integers(0, 3), st.integers(0, 6),
)  # fmt: skip
STEPS = st.lists(st.tuples(st.integers(0, 200), st.sampled_from(ACTS), st.integers(1, 400)), min_size=2, max_size=7)


@contextmanager
def told(company: Company, officer: User, terms: Terms) -> Iterator[Story]:
    """Begin a story on the first day of its convention; nothing of it remains."""
    assert terms.starts_on
    morning = datetime.combine(terms.starts_on, time(9), UTC)
    with transaction.atomic(), time_machine.travel(morning, tick=False) as clock:
        story = Story(company, officer, clock)
        story.begin(terms)
        yield story
        transaction.set_rollback(True)


@pytest.fixture
def partner(officer: User) -> Company:
    network_of(officer)
    return company_named("Fabrique", officer)


EXPRESS = Terms(date(2024, 1, 31), date(2025, 1, 30), "express", notice_months=2)
FULL_LIFE = [(30, "aim", 3), (20, "add_article", 31), (40, "remove_article", 2), (40, "lengthen", 90), (50, "renew", 1)]
LATE_LIFE = [
    (30, "replace_person", 3),
    (20, "make_tacit", 5),
    (40, "denounce", 2),
    (9, "renew", 1),
    (1, "terminate", 3),
]
OVER = [(10, "shorten", 30), (5, "denounce", 7), (400, "renew", 1), (399, "archive", 1)]


# A story of seven acts reads well as it is: making a failing one shorter would take minutes.
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.reuse, Phase.generate],
)  # fmt: skip
@given(terms=TERMS, steps=STEPS)
def test_any_life_reads_on_any_day_as_its_history(
    partner: Company, officer: User, terms: Terms, steps: list[tuple[int, str, int]]
) -> None:
    with told(partner, officer, terms) as story:
        for days, name, number in steps:
            story.clock.shift(timedelta(days=days))
            story.act(name, number)
        run("SET CONSTRAINTS ALL IMMEDIATE")
        check(story)


@pytest.mark.parametrize("steps", [FULL_LIFE, LATE_LIFE, OVER])
def test_the_lives_told_in_full_are_lived(partner: Company, officer: User, steps: list[tuple[int, str, int]]) -> None:
    """Here every act passes: the property above would prove nothing of stories whose acts are all refused."""
    with told(partner, officer, EXPRESS) as story:
        for days, name, number in steps:
            story.clock.shift(timedelta(days=days))
            assert story.act(name, number), name
        run("SET CONSTRAINTS ALL IMMEDIATE")
        check(story)
