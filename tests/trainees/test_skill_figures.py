"""Figures of skills: the tally is what the rows say, small cells cannot be worked out, a school sees its own, promises count."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from partnerships import workflows
from partnerships.counters import Asked
from partnerships.operations.conventions import Promise
from partnerships.progress import progress_of
from partnerships.sleeping import asleep_among
from schools.models import School
from schools.scope import Scope
from tests.factories.internships import planned, somebody_planned
from tests.factories.network import member_of
from tests.factories.partnerships import convention_at
from tests.factories.skills import assessment_of, framework, level, planned_in, said_submitted
from tests.factories.timetables import full_weeks
from tests.factories.trainees import host, trainee_in
from trainees.models import CompanyAssessment, Internship, SkillFramework, SkillTally, SkillValidation
from trainees.operations.skill_tally import count_again, fold_tally, sweep
from trainees.reads.skill_figures import Narrowing, coverage_of, lines_of
from trainees.reads.skill_rows import RowsAsked, counted_for, rows_behind, url_of
from trainees.reads.small_cells import HIDDEN, part, total
from trainees.reads.validation_promises import COUNTER, count_validations

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
BEGUN = {"starts_on": date(2026, 11, 16), "ends_on": date(2026, 11, 27)}
ALL = Scope(whole_network=True)
YEAR = timezone.localdate().year


@pytest.fixture
def frame(officer: User) -> SkillFramework:
    return framework(officer)


def stay_in(school: School, actor: User, place=None) -> Internship:
    facts = {"accepted": True, "stints": full_weeks(BEGUN["starts_on"], BEGUN["ends_on"]), **BEGUN}
    if place is None:
        return somebody_planned(school, actor, **facts)
    return planned(trainee_in(school, actor), actor, place, **facts)


def told_in(stay: Internship, frame: SkillFramework, actor: User) -> CompanyAssessment:
    """A stay whose three skills were planned; the company saw the first alone, the second with help, not the third."""
    planned_in(stay, frame, actor)
    first, second, third = frame.skills.all()
    return said_submitted(assessment_of(stay), {first: level(frame, 3), second: level(frame, 2), third: None})


def validated(told: CompanyAssessment, actor: User, **facts: object) -> SkillValidation:
    seen, stay = told.skills.order_by("pk").first(), told.internship
    known = {
        "school_id": stay.school_id, "pathway_id": stay.pathway_id, "trainee_id": stay.trainee_id, "skill": seen.skill,
        "level": seen.level, "source": "company", "assessed_skill": seen, "seen_on": date(2026, 11, 20), "validated_by": actor,
    } | facts  # fmt: skip
    return SkillValidation.objects.create(**known)


def withdraw(row: SkillValidation, actor: User) -> None:
    row.withdrawn_by, row.withdrawn_at, row.withdrawal_reason = actor, timezone.now(), "Erreur"
    row.save()


def tally() -> dict[tuple[object, ...], int]:
    """Return the sums of the tally, what comes to nothing left out."""
    found: dict[tuple[object, ...], int] = {}
    for row in SkillTally.objects.all():
        key = (row.school_id, row.year, row.skill_id, row.level_id, row.measure)
        found[key] = found.get(key, 0) + row.number
    return {key: number for key, number in found.items() if number}


class TestTally:
    def test_it_says_what_the_rows_say(self, frame: SkillFramework, school: School, coordinator: User) -> None:
        told = told_in(stay_in(school, coordinator), frame, coordinator)
        kept = validated(told, coordinator)
        withdraw(kept, coordinator)
        other = stay_in(school, coordinator)
        planned_in(other, frame, coordinator)
        other.planned_skills.first().delete()
        CompanyAssessment.objects.filter(pk=told.pk).update(status="returned")
        again = assessment_of(told.internship, version=2)
        CompanyAssessment.objects.filter(pk=told.pk).update(status="superseded")
        said_submitted(again, {frame.skills.first(): level(frame, 4)})
        by_events = tally()
        assert any(key[3] == level(frame, 4).pk for key in by_events)
        assert not any(key[3] == level(frame, 3).pk for key in by_events)
        fold_tally()
        assert tally() == by_events
        assert not SkillTally.objects.filter(folded=False).exists()
        planned_in(stay_in(school, coordinator), frame, coordinator)
        fold_tally()
        by_events = tally()
        count_again()
        assert tally() == by_events

    def test_few_events_wait(self, frame: SkillFramework, school: School, coordinator: User) -> None:
        planned_in(stay_in(school, coordinator), frame, coordinator)
        assert sweep() == 0
        assert SkillTally.objects.filter(folded=False).count() == 3
        facts = {"school": school, "year": YEAR, "skill": frame.skills.first(), "measure": "planned", "number": 1}
        SkillTally.objects.bulk_create(SkillTally(**facts) for _ in range(500))
        before = tally()
        assert sweep() == 503
        assert SkillTally.objects.count() == 3
        assert tally() == before


class TestSmallCells:
    @pytest.mark.parametrize("known", [(), (0,), (7,), (0, 12), (5, 0, 40)])
    @pytest.mark.parametrize("hidden", [1, 2, 3])
    def test_a_line_reads_the_same_whatever_it_hides(self, known: tuple[int, ...], hidden: int) -> None:
        """The proof that nothing is worked out: every value of the hidden parts gives the very same line."""
        lines = {
            (tuple(part(count) for count in (*known, *values)), total((*known, *values)))
            for values in product(range(1, 5), repeat=hidden)
        }
        assert len(lines) == 1
        ((parts, whole),) = lines
        assert [one.words for one in parts].count(HIDDEN) == hidden
        assert whole.is_hidden

    def test_nobody_and_enough_are_told(self) -> None:
        assert (part(0).words, part(5).words) == ("0", "5")
        assert total((5, 0, 7)).words == "12"
        assert total((0, 3)).words == HIDDEN
        assert total((20, 3, 1)).words == "au moins 22"


class TestPages:
    @pytest.fixture
    def figures(self, frame: SkillFramework, school: School, other_school: School) -> str:
        """Seven stays of one school and three of another saw the first skill, at its third level."""
        facts = {"year": YEAR, "skill": frame.skills.first(), "level": level(frame, 3), "measure": "seen"}
        SkillTally.objects.create(school=school, number=7, **facts)
        SkillTally.objects.create(school=other_school, number=3, **facts)
        return reverse("trainees:framework_figures", args=[frame.pk])

    def shown(self, client: Client, url: str, **query: object) -> str:
        line, _ = client.get(url, query).context["lines"][0]
        return line.practised.words

    def test_a_school_counts_its_own_alone(
        self, figures: str, school: School, other_school: School, officer: User, coordinator: User, client_of: ClientOf
    ) -> None:
        assert self.shown(client_of(officer), figures) == "10"
        assert self.shown(client_of(coordinator), figures) == "7"
        assert self.shown(client_of(coordinator), figures, ecole=other_school.pk) == "7"
        assert self.shown(client_of(officer), figures, ecole=other_school.pk) == HIDDEN
        seen = SkillTally.objects.filter(school=school).get()
        SkillTally.objects.create(
            school=school, number=6, year=YEAR - 1, measure="seen", skill=seen.skill, level=seen.level
        )
        assert self.shown(client_of(officer), figures) == "16"
        assert self.shown(client_of(officer), figures, annee=YEAR) == "10"
        body = client_of(officer).get(figures, {"ecole": other_school.pk}).content.decode()
        assert ">3<" not in body.replace(" ", "")

    def test_a_file_tells_no_more_than_the_page(
        self, figures: str, frame: SkillFramework, other_school: School, officer: User, client_of: ClientOf
    ) -> None:
        url = reverse("exports:export", args=["chiffres-competences", "csv"])
        client, query = client_of(officer), {"referentiel": frame.pk, "ecole": other_school.pk}
        text = b"".join(client.get(url, query).streaming_content).decode()
        assert HIDDEN in text
        assert ";3\r" not in text
        assert client.get(url).status_code == 404
        assert client.get(url, {"referentiel": framework(officer, "autre", published=False).pk}).status_code == 404

    def test_coverage_tells_what_never_served(
        self, figures: str, frame: SkillFramework, officer_client: Client
    ) -> None:
        found = coverage_of([frame], ALL, Narrowing())[0]
        assert (found.skills, found.practised, found.never_practised, found.never_planned) == (3, 1, 2, 3)
        assert "jamais prévue" in officer_client.get(figures).content.decode()

    def test_the_pages_ask_as_much_for_three_as_for_one(
        self, figures: str, officer: User, officer_client: Client, same_query_count: Callable[..., int]
    ) -> None:
        codes = iter(("a", "b", "c"))
        same_query_count(
            lambda: officer_client.get(reverse("trainees:skill_figures")), lambda: framework(officer, next(codes))
        )

    def test_the_promises_of_companies_are_one_step_away(self, coordinator: User, client_of: ClientOf) -> None:
        client = client_of(coordinator)
        page = client.get(reverse("trainees:skill_figures"))
        assert client.get(page.context["promises_url"]).status_code == 200

    def test_a_line_costs_the_same_for_many_skills(
        self, officer: User, django_assert_num_queries: Callable[..., object]
    ) -> None:
        many = framework(officer, "tant", skills=9)
        with django_assert_num_queries(3):
            assert len(lines_of(many, ALL, Narrowing())) == 9


class TestRows:
    def test_a_figure_opens_its_rows(
        self,
        frame: SkillFramework,
        school: School,
        other_school: School,
        officer: User,
        coordinator: User,
        client_of: ClientOf,
    ) -> None:
        told = told_in(stay_in(school, coordinator), frame, coordinator)
        elsewhere = member_of(other_school, officer)
        theirs = told_in(stay_in(other_school, elsewhere), frame, elsewhere)
        validated(theirs, elsewhere)
        first, _, third = frame.skills.all()
        seen = url_of(RowsAsked("seen", first.pk, level(frame, 3).pk, None, YEAR))
        for client, expected in ((client_of(officer), 2), (client_of(coordinator), 1)):
            page = client.get(seen)
            assert page.status_code == 200
            assert len(page.context["rows"]) == expected
        body = client_of(coordinator).get(seen).content.decode()
        assert told.internship.trainee.last_name.upper() in body
        assert theirs.internship.trainee.last_name.upper() not in body
        assert rows_behind(ALL, RowsAsked("seen", third.pk)).count() == 0
        assert rows_behind(ALL, RowsAsked("seen", third.pk, 0)).count() == 2
        assert rows_behind(ALL, RowsAsked("planned", third.pk, None, school.pk)).count() == 1
        assert client_of(coordinator).get(url_of(RowsAsked(school_id=other_school.pk))).context["rows"] == []

    def test_the_list_asks_as_much_for_three_as_for_one(
        self,
        frame: SkillFramework,
        school: School,
        coordinator: User,
        client_of: ClientOf,
        same_query_count: Callable[..., int],
    ) -> None:
        client = client_of(coordinator)

        def add() -> None:
            validated(told_in(stay_in(school, coordinator), frame, coordinator), coordinator)

        add()
        for measure in ("validated", "seen", "planned"):
            url = url_of(RowsAsked(measure))
            if measure == "validated":
                same_query_count(lambda: client.get(url), add)  # noqa: B023
            assert client.get(url).status_code == 200


class TestPromises:
    def test_validations_are_counted_where_they_were_seen(
        self, frame: SkillFramework, school: School, coordinator: User, officer: User
    ) -> None:
        place = host()
        told = told_in(stay_in(school, coordinator, place), frame, coordinator)
        kept = validated(told, coordinator)
        elsewhere = told_in(stay_in(school, coordinator), frame, coordinator)
        validated(elsewhere, coordinator)
        today = timezone.localdate()
        asked = Asked(place.company_id, 1, date(2026, 11, 1), today + timedelta(days=30))
        past = Asked(place.company_id, 1, date(2026, 1, 1), date(2026, 10, 31))
        found = count_validations([asked, past])
        assert (found[asked].number, found[past].number, found[past].url) == (1, 0, "")
        assert counted_for(asked, SkillValidation.objects.all()).count() == 1
        assert COUNTER.speaks_of("compétences")
        assert not COUNTER.speaks_of("heures")
        withdraw(kept, coordinator)
        assert count_validations([asked])[asked].number == 0

    def test_a_convention_reads_what_was_validated_against_what_was_promised(
        self, frame: SkillFramework, school: School, coordinator: User, officer: User
    ) -> None:
        place, today = host(), timezone.localdate()
        promise = Promise("skill_validation", "Valider des gestes", 12, "compétences", "par an", "yearly")
        convention = convention_at(
            workflows.SIGNED, officer, place.company, starts_on=today - timedelta(days=200), commitments=[promise]
        )
        validated(told_in(stay_in(school, coordinator, place), frame, coordinator), coordinator)
        span = progress_of([convention])[convention.pk][0].spans[-1]
        assert (span.counted, span.target) == (1, 12)
        assert "engagement=" in span.counted_url
        assert asleep_among([place.company_id]) == set()

    def test_the_figure_of_a_promise_opens_the_rows_of_the_reader(
        self,
        frame: SkillFramework,
        school: School,
        coordinator: User,
        other_school: School,
        officer: User,
        client_of: ClientOf,
    ) -> None:
        place = host()
        validated(told_in(stay_in(school, coordinator, place), frame, coordinator), coordinator)
        asked = Asked(place.company_id, 1, date(2026, 11, 1), timezone.localdate())
        url = count_validations([asked])[asked].url
        assert len(client_of(officer).get(url).context["rows"]) == 1
        assert client_of(member_of(other_school, officer)).get(url).context["rows"] == []
