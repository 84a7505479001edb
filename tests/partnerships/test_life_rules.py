"""Every constraint and trigger of amendments, meetings, comments, templates and moves is broken once, by raw SQL."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pgtrigger
import pytest
from django.db import models, transaction
from django.utils import timezone
from pgtrigger import registered
from pytest_django.plugin import DjangoDbBlocker

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document
from e2c_portal.signing.models import Envelope
from partnerships.models import (
    AmendmentChange,
    AmendmentMove,
    ConventionAmendment,
    ConventionComment,
    ConventionMove,
    ConventionTemplate,
    MeetingAction,
    PartnershipConvention,
    SteeringMeeting,
    TemplateArticle,
)
from partnerships.operations.comments import add_comment
from partnerships.operations.meetings import ActionText, MeetingText, record_meeting
from partnerships.operations.templates import TemplateLines, save_template
from tests.factories.amendments import aim_higher, amended
from tests.factories.partnerships import convention_at
from tests.factories.people import regional_officer
from tests.partnerships.sql import copy, refusal, run, update, without_guard

pytestmark = pytest.mark.django_db
Rows = dict[str, Any]
TODAY, VOTED_ON = date(2026, 3, 2), date(2026, 2, 2)
VOTE = {"deliberation_number": "CR-26/01", "deliberation_date": VOTED_ON}


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Rows]:
    """Give one row of each kind, all of them sound; made once, and gone with the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield sound_rows()
        transaction.set_rollback(True)


def sound_rows() -> Rows:
    officer = regional_officer()
    signed = convention_at("signed", officer, archive=True, starts_on=date(2026, 1, 1), ends_on=date(2028, 12, 31))
    draft = convention_at("draft", officer)
    amendment = amended(signed, officer, aim_higher(15))
    action = ActionText("Prévenir les tuteurs", "Paul Exemple", TODAY)
    meeting = record_meeting(signed.pk, MeetingText(TODAY - timedelta(days=9), actions=[action]), officer)
    template = save_template(
        ConventionTemplate(name="Modèle", year=2026, title="Essai"),
        TemplateLines([TemplateArticle(number=1, title="Objet", body="Texte")]), officer,
    )  # fmt: skip
    return {
        "signed": signed, "draft": draft, "amendment": amendment, "change": amendment.changes.get(),
        "meeting": meeting, "action": meeting.actions.get(), "template": template,
        "template_article": template.articles.get(), "comment": add_comment(draft.pk, "fact:title", "À revoir", officer),
        "move": signed.moves.get(), "officer": officer,
    }  # fmt: skip


def move(rows: Rows, name: str, target: str, **columns: Any) -> None:
    """Bring the amendment or the draft convention to a state as the operations do: the change, then its step."""
    row: PartnershipConvention | ConventionAmendment = rows[name]
    origin = type(row).objects.values_list("status", flat=True).get(pk=row.pk)
    update(row, status=target, **columns)
    pad(rows, name, origin, target)


def pad(rows: Rows, name: str, origin: str, target: str) -> None:
    """Write a step in the history of a record."""
    row: PartnershipConvention | ConventionAmendment = rows[name]
    table = row.moves.model._meta.db_table
    column = "amendment_id" if name == "amendment" else "convention_id"
    run(
        f"INSERT INTO {table} ({column}, origin, target, actor_id, reason, rank) VALUES (%s, %s, %s, %s, '', 1)",
        row.pk, origin, target, rows["officer"].pk,
    )  # fmt: skip


def to_sign(rows: Rows, **columns: Any) -> None:
    """Put the amendment to signature at one stroke, and have everybody sign it."""
    move(rows, "amendment", "voted", **VOTE | columns)
    move(rows, "amendment", "to_sign")
    everybody_signs(rows)


def everybody_signs(rows: Rows) -> None:
    """Write a completed envelope, whatever the path that leads there."""
    amendment, officer = rows["amendment"], rows["officer"]
    document = Document.objects.create(
        kind="convention_amendment", subject=subject_of(amendment), reference="A", title="A", template_version="v2",
        context={}, content_sha256="", requested_by=officer,
    )  # fmt: skip
    now = timezone.now()
    with pgtrigger.ignore("signing.Envelope:status_starts"):
        Envelope.objects.create(
            document=document, kind=document.kind, subject=document.subject, mode="parallel", consent_version="1",
            opened_by=officer, opened_at=now, expires_at=now + timedelta(days=1), ended_at=now, status="completed",
        )  # fmt: skip


def nobody_signed(rows: Rows) -> None:
    move(rows, "amendment", "voted", **VOTE)
    move(rows, "amendment", "to_sign")
    move(rows, "amendment", "signed", signed_on=TODAY, effective_on=TODAY)


def signed(rows: Rows, **columns: Any) -> None:
    to_sign(rows)
    move(rows, "amendment", "signed", **{"signed_on": TODAY, "effective_on": TODAY} | columns)


def bare(rows: Rows, **columns: Any) -> None:
    """Change the amendment whatever its triggers say."""
    without_guard(rows["amendment"])
    update(rows["amendment"], **columns)


def second_draft(rows: Rows) -> None:
    copy(rows["amendment"], number=2)


def same_number(rows: Rows) -> None:
    without_guard(rows["amendment"])
    update(rows["amendment"], status="signed", signed_on=TODAY, effective_on=TODAY)
    copy(rows["amendment"], status="draft")


def same_rank(rows: Rows) -> None:
    without_guard(rows["move"])
    copy(rows["move"])


def same_rank_of_amendment(rows: Rows) -> None:
    move(rows, "amendment", "voted", **VOTE)
    step = AmendmentMove.objects.get()
    without_guard(step)
    copy(step)


CONSTRAINTS: dict[str, Callable[[Rows], None]] = {
    "amendment_status_known": lambda rows: bare(rows, status="perdu"),
    "amendment_number_once": same_number,
    "amendment_one_open": second_draft,
    "amendment_tacit_has_a_length": lambda rows: update(rows["amendment"], new_renewal="tacit"),
    "amendment_signed_before_its_effect": lambda rows: bare(
        rows, status="signed", signed_on=TODAY, effective_on=TODAY - timedelta(days=1)
    ),
    "amendment_voted_has_its_vote": lambda rows: bare(rows, status="voted", deliberation_number="CR-26/01"),
    "amendment_signed_after_vote": lambda rows: update(
        rows["amendment"], signed_on=TODAY, deliberation_date=TODAY + timedelta(days=1)
    ),
    "amendment_ends_after_its_effect": lambda rows: update(
        rows["amendment"], effective_on=TODAY, new_ends_on=TODAY - timedelta(days=1)
    ),
    "amendment_change_once": lambda rows: copy(rows["change"], position=9),
    "amendment_change_position_once": lambda rows: copy(rows["change"], key="9"),
    "amendment_change_says_both_sides": lambda rows: update(rows["change"], after=None),
    "amendment_move_once": same_rank_of_amendment,
    "convention_move_once": same_rank,
    "meeting_once_a_day": lambda rows: copy(rows["meeting"]),
    "action_position_once": lambda rows: copy(rows["action"]),
    "comment_says_something": lambda rows: copy(rows["comment"], text=""),
    "comment_resolved_by_somebody": lambda rows: update(rows["comment"], answer="Fait"),
    "template_once": lambda rows: copy(rows["template"]),
    "template_tacit_has_a_length": lambda rows: update(rows["template"], renewal="tacit"),
    "template_article_number_once": lambda rows: copy(rows["template_article"]),
}


def born_signed(rows: Rows) -> None:
    move(rows, "amendment", "shelved")
    copy(rows["amendment"], number=2, status="signed", signed_on=TODAY, effective_on=TODAY)


def erased(row: models.Model) -> None:
    run(f"DELETE FROM {row._meta.db_table} WHERE id = %s", row.pk)


def resolved_twice(rows: Rows) -> None:
    for answer in ("Fait", "Autre réponse"):
        update(rows["comment"], answer=answer, resolved_by_id=rows["officer"].pk, resolved_at="2126-01-01T00:00Z")


def vote_forgotten(rows: Rows) -> None:
    move(rows, "amendment", "to_sign")


def signed_after_the_end(rows: Rows) -> None:
    to_sign(rows)
    move(rows, "signed", "terminated", ended_on=TODAY)
    move(rows, "amendment", "signed", signed_on=TODAY, effective_on=TODAY)


def line_carried_away(rows: Rows) -> None:
    to_sign(rows)
    update(rows["change"], position=9)


TRIGGERS: dict[tuple[type[models.Model], str], tuple[Callable[[Rows], object], str]] = {
    (ConventionAmendment, "status_starts"): (born_signed, "État initial interdit"),
    (ConventionAmendment, "status_follows"): (lambda rows: move(rows, "amendment", "signed"), "Passage interdit"),
    (ConventionAmendment, "status_leaves_a_move"): (
        lambda rows: update(rows["amendment"], status="shelved"), "Changement d’état sans trace",
    ),
    (ConventionAmendment, "place_settled"): (lambda rows: update(rows["amendment"], number=7), "Données figées"),
    (ConventionAmendment, "text_settled"): (
        lambda rows: (to_sign(rows), update(rows["amendment"], purpose="Autre")), "Données figées",
    ),
    (ConventionAmendment, "effect_settled"): (
        lambda rows: (signed(rows), update(rows["amendment"], effective_on=date(2027, 1, 1))), "Données figées",
    ),
    (ConventionAmendment, "signature_settled"): (
        lambda rows: (signed(rows), update(rows["amendment"], signed_place="Ailleurs")), "Données figées",
    ),
    (ConventionAmendment, "voted_when_ruled"): (vote_forgotten, "doit être voté"),
    (ConventionAmendment, "turn_of_signature"): (signed_after_the_end, "Seule une convention signée et non dénoncée"),
    (ConventionAmendment, "signed_by_all"): (nobody_signed, "n’ont pas encore signé"),
    (ConventionAmendment, "never_deleted"): (lambda rows: erased(rows["amendment"]), "Suppression refusée"),
    (AmendmentChange, "text_still_open"): (line_carried_away, "Le texte de cet avenant est arrêté"),
    (AmendmentMove, "follows_a_change"): (
        lambda rows: pad(rows, "amendment", "draft", "draft"), "Étape sans changement d’état",
    ),
    (AmendmentMove, "immutable"): (
        lambda rows: (signed(rows), run("UPDATE partnerships_amendmentmove SET reason = 'x'")), "Ligne inaltérable",
    ),
    (ConventionMove, "follows_a_change"): (
        lambda rows: pad(rows, "signed", "draft", "signed"), "Étape sans changement d’état",
    ),
    (ConventionMove, "immutable"): (lambda rows: update(rows["move"], reason="x"), "Ligne inaltérable"),
    (SteeringMeeting, "place_settled"): (
        lambda rows: update(rows["meeting"], convention_id=rows["draft"].pk), "Données figées",
    ),
    (SteeringMeeting, "never_deleted"): (lambda rows: erased(rows["meeting"]), "Suppression refusée"),
    (ConventionComment, "frozen_columns"): (lambda rows: update(rows["comment"], text="Autre"), "Données figées"),
    (ConventionComment, "answer_settled"): (resolved_twice, "Données figées"),
    (ConventionComment, "never_deleted"): (lambda rows: erased(rows["comment"]), "Suppression refusée"),
    (ConventionTemplate, "never_deleted"): (lambda rows: erased(rows["template"]), "Suppression refusée"),
}  # fmt: skip
# These refuse nothing: they write what nobody else may. Tests below.
WRITE = {(ConventionAmendment, "signed_takes_effect"), (ConventionAmendment, "status_counts_its_moves")}


@pytest.mark.parametrize("name", sorted(CONSTRAINTS))
def test_a_constraint_refuses(name: str, rows: Rows) -> None:
    assert name in refusal(lambda: CONSTRAINTS[name](rows))


@pytest.mark.parametrize(("model", "name"), TRIGGERS, ids=lambda part: getattr(part, "__name__", part))
def test_a_trigger_refuses(model: type[models.Model], name: str, rows: Rows) -> None:
    act, words = TRIGGERS[model, name]
    assert words in refusal(lambda: act(rows))


def test_every_trigger_has_its_case() -> None:
    ours = {model for model, _ in TRIGGERS} | {MeetingAction, TemplateArticle}
    assert {(model, trigger.name) for trigger_model, trigger in registered() if (model := trigger_model) in ours} == (
        set(TRIGGERS) | WRITE
    )


class TestWhatTheDatabaseWrites:
    def test_a_signature_moves_the_dates_of_the_convention(self, rows: Rows) -> None:
        update(rows["amendment"], new_ends_on=date(2030, 6, 30), effective_on=TODAY)
        signed(rows)
        assert PartnershipConvention.objects.get(pk=rows["signed"].pk).amended_ends_on == date(2030, 6, 30)

    def test_the_count_of_moves_is_nobody_else_s(self, rows: Rows) -> None:
        for name in ("amendment", "draft", "signed"):
            before = type(rows[name]).objects.values_list("moves_made", flat=True).get(pk=rows[name].pk)
            update(rows[name], moves_made=40)
            rows[name].refresh_from_db()
            assert rows[name].moves_made == before


class TestPadding:
    """A history holds the changes that were made: not one more, not one less, in their order."""

    def there_and_back(self, rows: Rows) -> None:
        move(rows, "amendment", "voted", **VOTE)
        move(rows, "amendment", "draft", deliberation_number="", deliberation_date=None)

    def test_steps_that_cancel_each_other_are_refused_unless_they_were_made(self, rows: Rows) -> None:
        assert refusal(lambda: self.there_and_back(rows)) == ""
        padded = refusal(lambda: (pad(rows, "amendment", "draft", "voted"), pad(rows, "amendment", "voted", "draft")))
        assert "Étape sans changement d’état" in padded

    def test_a_step_told_twice_is_refused(self, rows: Rows) -> None:
        act = lambda: (move(rows, "amendment", "voted", **VOTE), pad(rows, "amendment", "draft", "voted"))  # noqa: E731
        assert "Étape sans changement d’état" in refusal(act)

    def test_a_step_that_tells_another_origin_is_refused(self, rows: Rows) -> None:
        def act() -> None:
            update(rows["amendment"], status="voted", **VOTE)
            pad(rows, "amendment", "to_sign", "voted")

        assert "Changement d’état sans trace" in refusal(act)

    def test_a_step_told_after_the_next_change_is_refused(self, rows: Rows) -> None:
        def act() -> None:
            update(rows["amendment"], status="voted", **VOTE)
            update(rows["amendment"], status="to_sign")
            pad(rows, "amendment", "voted", "to_sign")

        assert "Changement d’état sans trace" in refusal(act)

    def test_a_step_cannot_pretend_to_be_of_another_transaction(self, rows: Rows) -> None:
        def act() -> None:
            update(rows["draft"], status="negotiation")
            run(
                "INSERT INTO partnerships_conventionmove (convention_id, origin, target, actor_id, reason, rank, transaction) "
                "VALUES (%s, 'draft', 'negotiation', %s, '', 9, 1)", rows["draft"].pk, rows["officer"].pk,
            )  # fmt: skip
            found = rows["draft"].moves.values_list("rank", "transaction").get()
            assert found[0] == 1
            assert found[1] > 1

        assert refusal(act) == ""
