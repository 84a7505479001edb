"""Amendments: what is refused first, then how they change a signed convention, and what the pages and documents say of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry
from e2c_portal.documents.models import Document
from e2c_portal.documents.verification.register import found
from e2c_portal.documents.verification.verdict import Outcome
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from partnerships import amendment_life as life
from partnerships import workflows
from partnerships.agreement import Article
from partnerships.consolidation import consolidated, signed_text
from partnerships.models import ConventionAmendment, PartnershipConvention
from partnerships.operations.amendments import draft_amendment, move_amendment, revise_amendment
from partnerships.queries import convention_with_amendments
from partnerships.situation import situation_on
from tests.factories.amendments import (
    ON_PAPER,
    aim_higher,
    amended,
    longer,
    new_signatory,
    signed,
    text_in_force,
    written,
)
from tests.factories.documents import seal_waiting
from tests.factories.partnerships import drafted, make_move
from tests.factories.signing import signed_on_paper
from tests.partnerships.sql import change, refused, run

ConventionIn = Callable[..., PartnershipConvention]
AMENDMENT = "partnerships_conventionamendment"


@pytest.fixture
def convention(convention_in: ConventionIn) -> PartnershipConvention:
    return convention_in(workflows.SIGNED, archive=True)


def upcoming(convention: PartnershipConvention, actor: User, first_day: date) -> PartnershipConvention:
    """Sign today another convention of the same company, that starts later."""
    other = drafted(
        actor, convention.company, origin="archive", sources="Essai", starts_on=first_day,
        ends_on=first_day + timedelta(days=300),
    )  # fmt: skip
    return make_move(other, "record_archive", actor, signed_on=timezone.localdate())


class TestRefusals:
    def test_only_an_officer_writes_moves_and_seals(
        self, convention: PartnershipConvention, officer: User, auditor: User, coordinator: User, stranger: User
    ) -> None:
        draft = amended(convention, officer, longer())
        text = written(text_in_force(convention))
        for person in (auditor, coordinator, stranger):
            with pytest.raises(NotAllowed):
                draft_amendment(convention.pk, text, person)
            with pytest.raises(NotAllowed):
                revise_amendment(draft.pk, 1, text, person)
            with pytest.raises(NotAllowed):
                move_amendment(draft.pk, "shelve", person, reason="Non")

    @pytest.mark.parametrize("state", [workflows.DRAFT, workflows.DENOUNCED, workflows.TERMINATED, workflows.ARCHIVED])
    def test_only_a_convention_in_force_is_amended(
        self, state: str, convention_in: ConventionIn, officer: User
    ) -> None:
        other = convention_in(state, archive=state != workflows.DRAFT)
        with pytest.raises(Refused) as refusal:
            amended(other, officer, longer())
        assert "elle ne peut plus être modifiée" in refusal.value.details[0]

    def test_one_draft_at_a_time(self, convention: PartnershipConvention, officer: User) -> None:
        first = amended(convention, officer, longer())
        with pytest.raises(Refused, match="Un projet d’avenant est déjà ouvert"):
            amended(convention, officer, aim_higher(20))
        move_amendment(first.pk, "shelve", officer, reason="Abandonné")
        assert amended(convention, officer, aim_higher(20)).number == 1

    def test_an_old_page_overwrites_nothing(
        self, convention: PartnershipConvention, officer: User, second_officer: User
    ) -> None:
        draft = amended(convention, officer, longer())
        revise_amendment(draft.pk, 1, written(aim_higher(20)(text_in_force(convention))), officer)
        with pytest.raises(Overtaken, match="Quelqu’un a enregistré cet avenant"):
            revise_amendment(draft.pk, 1, written(text_in_force(convention)), second_officer)
        with pytest.raises(Overtaken, match="a changé pendant que vous le lisiez"):
            move_amendment(draft.pk, "shelve", second_officer, seen_state=life.TO_SIGN, reason="x")

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"ends_on": None}, "ne peut pas être effacée"),
            ({"renewal": "tacit"}, "Une reconduction tacite"),
            ({"renewal": "tacit", "renewal_months": 12}, "demande un préavis"),
            ({"lines": []}, "au moins un signataire"),
            ({"purpose": ""}, "vide|obligatoire"),
        ],
    )
    def test_a_wrong_text_is_refused_in_french(
        self, convention: PartnershipConvention, officer: User, wrong: dict, words: str
    ) -> None:
        text = replace(written(text_in_force(convention)), **wrong)
        with pytest.raises(ValidationError, match=words):
            draft_amendment(convention.pk, text, officer)
        assert not ConventionAmendment.objects.exists()

    def test_what_changes_nothing_goes_nowhere(self, convention: PartnershipConvention, officer: User) -> None:
        draft = amended(convention, officer, lambda agreement: agreement)
        with pytest.raises(Refused) as refusal:
            move_amendment(draft.pk, "send_to_sign", officer)
        assert "ne change rien" in refusal.value.details[0]

    @pytest.mark.parametrize(
        ("change_text", "needed"), [(longer(), True), (aim_higher(20), True), (new_signatory("Lucie Modèle"), False)]
    )
    def test_the_vote_follows_its_rule(
        self, convention: PartnershipConvention, officer: User, change_text: Callable, needed: bool, seal_key: None
    ) -> None:
        draft = amended(convention, officer, change_text)
        assert draft.needs_vote is needed
        if needed:
            with pytest.raises(Refused) as refusal:
                move_amendment(draft.pk, "send_to_sign", officer)
            assert "Enregistrez d’abord la délibération" in refusal.value.details[0]
        else:
            assert move_amendment(draft.pk, "send_to_sign", officer).status == life.TO_SIGN

    def test_it_never_takes_effect_before_its_signature_nor_after_the_end(
        self, convention: PartnershipConvention, officer: User, seal_key: None
    ) -> None:
        today = timezone.localdate()
        early = amended(convention, officer, new_signatory("Lucie"), effective_on=today - timedelta(days=2))
        with pytest.raises(Refused, match="une signature donnée maintenant viendrait trop tard"):
            move_amendment(early.pk, "send_to_sign", officer)
        move_amendment(early.pk, "shelve", officer, reason="Trop tôt")
        late = amended(convention, officer, new_signatory("Lucie"), effective_on=today + timedelta(days=4000))
        with pytest.raises(Refused) as refusal:
            move_amendment(late.pk, "send_to_sign", officer)
        assert "prendrait effet trop tard" in " ".join(refusal.value.details)

    def test_a_paper_dated_after_its_effect_is_told_and_the_text_can_be_written_anew(
        self, convention: PartnershipConvention, officer: User, seal_key: None
    ) -> None:
        yesterday = timezone.localdate() - timedelta(days=1)
        draft = amended(convention, officer, new_signatory("Lucie"), effective_on=yesterday)
        with pytest.raises(AssertionError):
            signed(draft, officer)
        draft.refresh_from_db()
        assert (draft.status, draft.signed_on) == (life.TO_SIGN, None)
        [told] = Entry.objects.filter(action="signature.not_recorded")
        assert "ne revient pas sur le passé" in told.summary
        assert move_amendment(draft.pk, "reopen", officer, reason="Autre date").status == life.DRAFT

    def test_what_everybody_signed_is_neither_reopened_nor_signed_by_hand_before(
        self, convention: PartnershipConvention, officer: User, seal_key: None
    ) -> None:
        draft = amended(convention, officer, new_signatory("Lucie"))
        move_amendment(draft.pk, "send_to_sign", officer)
        with pytest.raises(Refused) as refusal:
            move_amendment(draft.pk, "record_signature", officer, facts={"signed_on": timezone.localdate()})
        assert refusal.value.details == ["Attendez que toutes les personnes aient signé le document."]

    def test_dates_that_overlap_another_convention_are_refused(
        self, convention: PartnershipConvention, officer: User, seal_key: None
    ) -> None:
        assert convention.ends_on
        upcoming(convention, officer, convention.ends_on + timedelta(days=30))
        draft = amended(convention, officer, longer(60))
        with pytest.raises(Refused) as refusal:
            signed(draft, officer)
        assert "chevauchent une autre convention" in refusal.value.details[0]
        convention.refresh_from_db()
        assert convention.amended_ends_on is None
        draft.refresh_from_db()
        assert draft.status == life.VOTED


@pytest.mark.usefixtures("seal_key")
class TestTheDatabase:
    def test_a_signed_amendment_never_changes(self, convention: PartnershipConvention, officer: User) -> None:
        amendment = signed(amended(convention, officer, longer()), officer)
        columns = {
            "purpose": "Autre", "new_ends_on": date(2099, 1, 1), "new_renewal": "none", "effective_on": date(2099, 1, 1),
            "signed_on": date(2020, 1, 1), "deliberation_number": "X", "signed_place": "Ailleurs", "number": 9,
        }  # fmt: skip
        for column, value in columns.items():
            with refused("Données figées"):
                run(f"UPDATE {AMENDMENT} SET {column} = %s WHERE id = %s", value, amendment.pk)
        for state in (life.DRAFT, life.TO_SIGN, life.SHELVED):
            with refused("Passage interdit"):
                run(f"UPDATE {AMENDMENT} SET status = %s WHERE id = %s", state, amendment.pk)
        with refused("Suppression refusée"):
            run(f"DELETE FROM {AMENDMENT} WHERE id = %s", amendment.pk)

    def test_the_changes_of_a_settled_amendment_never_change(
        self, convention: PartnershipConvention, officer: User
    ) -> None:
        amendment = signed(amended(convention, officer, aim_higher(15)), officer)
        with refused("Le texte de cet avenant est arrêté"):
            run("UPDATE partnerships_amendmentchange SET position = 9 WHERE amendment_id = %s", amendment.pk)
        with refused("Le texte de cet avenant est arrêté"):
            run("DELETE FROM partnerships_amendmentchange WHERE amendment_id = %s", amendment.pk)
        with refused("Le texte de cet avenant est arrêté"):
            run(
                "INSERT INTO partnerships_amendmentchange (amendment_id, position, part, action, key, after) "
                "VALUES (%s, 9, 'article', 'add', '9', '{}')", amendment.pk,
            )  # fmt: skip

    def test_the_dates_of_a_convention_are_not_amended_by_hand(self, convention: PartnershipConvention) -> None:
        for column, value in {
            "amended_ends_on": date(2099, 1, 1),
            "amended_renewal": "none",
            "amended_notice_months": 1,
        }.items():
            with refused("ne changent que par un avenant signé"):
                change(convention, **{column: value})

    def test_a_tacit_renewal_says_its_length(self, convention: PartnershipConvention, officer: User) -> None:
        draft = amended(convention, officer, longer())
        for columns in ("new_renewal = 'tacit'", "new_renewal_months = 12", "new_renewal_limit = 2"):
            with refused("amendment_tacit_has_a_length"):
                run(f"UPDATE {AMENDMENT} SET {columns} WHERE id = %s", draft.pk)

    def test_a_signed_amendment_cannot_be_taken_back_from_the_dates(
        self, convention: PartnershipConvention, officer: User
    ) -> None:
        signed(amended(convention, officer, longer()), officer)
        with refused("ne changent que par un avenant signé"):
            change(convention, amended_ends_on=None)

    def test_an_amendment_is_voted_and_leaves_a_trace(self, convention: PartnershipConvention, officer: User) -> None:
        draft = amended(convention, officer, longer())
        with refused("doit être voté"):
            run(f"UPDATE {AMENDMENT} SET status = 'to_sign' WHERE id = %s", draft.pk)
        with refused("Changement d’état sans trace"):
            run(f"UPDATE {AMENDMENT} SET status = 'shelved' WHERE id = %s", draft.pk)

    def test_an_overlap_is_refused_at_the_signature_itself(
        self, convention: PartnershipConvention, officer: User
    ) -> None:
        """Another convention was signed while this amendment was: everybody signed, yet it cannot be recorded."""
        assert convention.ends_on
        draft = amended(convention, officer, longer(30))
        move_amendment(
            draft.pk, "record_vote", officer,
            facts={"deliberation_number": "X", "deliberation_date": timezone.localdate()},
        )  # fmt: skip
        move_amendment(draft.pk, "send_to_sign", officer, plan=ON_PAPER)
        upcoming(convention, officer, convention.ends_on + timedelta(days=10))
        signed_on_paper(draft, officer)
        assert Entry.objects.filter(action="signature.not_recorded").count() == 1
        today = timezone.localdate()
        with refused("convention_one_at_a_time"):
            run(
                f"UPDATE {AMENDMENT} SET status = 'signed', signed_on = %s, effective_on = %s WHERE id = %s",
                today,
                today,
                draft.pk,
            )


@pytest.mark.usefixtures("seal_key")
class TestLife:
    def test_a_signed_amendment_moves_the_end(self, convention: PartnershipConvention, officer: User) -> None:
        assert convention.ends_on
        amendment = signed(amended(convention, officer, longer(365)), officer)
        convention.refresh_from_db()
        assert amendment.effective_on == amendment.signed_on == timezone.localdate()
        assert convention.terms.last_day == convention.ends_on + timedelta(days=365)
        assert situation_on(convention, convention.ends_on + timedelta(days=100)).name == "active"

    def test_amendments_follow_one_another(self, convention: PartnershipConvention, officer: User) -> None:
        signed(amended(convention, officer, aim_higher(15)), officer)
        second = signed(amended(convention, officer, aim_higher(18)), officer)
        assert second.number == 2
        assert second.changes.get().before["target"] == 15
        assert text_in_force(convention).commitments[0].target == 18

    def test_a_number_is_never_used_twice(self, convention: PartnershipConvention, officer: User) -> None:
        def without_last(agreement):  # type: ignore[no-untyped-def]
            return replace(agreement, articles=agreement.articles[:-1])

        def with_one_more(agreement):  # type: ignore[no-untyped-def]
            return replace(agreement, articles=(*agreement.articles, Article(0, "Litiges", "Le juge administratif.")))

        signed(amended(convention, officer, without_last), officer)
        signed(amended(convention, officer, with_one_more), officer)
        assert [article.number for article in text_in_force(convention).articles] == [1, 3]

    def test_reopening_erases_the_vote(self, convention: PartnershipConvention, officer: User) -> None:
        draft = amended(convention, officer, longer())
        vote = {"deliberation_number": "X", "deliberation_date": timezone.localdate()}
        move_amendment(draft.pk, "record_vote", officer, facts=vote)
        again = move_amendment(draft.pk, "reopen", officer, reason="Une erreur")
        assert (again.status, again.deliberation_number, again.deliberation_date) == (life.DRAFT, "", None)

    def test_the_text_on_a_day_is_the_replay_of_what_was_in_force(
        self, convention: PartnershipConvention, officer: User
    ) -> None:
        """Day by day: nothing before the date of effect, everything from it on."""
        today = timezone.localdate()
        signed(amended(convention, officer, aim_higher(15), effective_on=today + timedelta(days=5)), officer)
        signed(amended(convention, officer, longer(100), effective_on=today + timedelta(days=9)), officer)
        read = convention_with_amendments(convention.pk)
        for days in range(12):
            text = consolidated(read, today + timedelta(days=days)).agreement
            assert text.commitments[0].target == (15 if days >= 5 else 12)
            assert text.terms.ends_on == read.ends_on + timedelta(days=100 if days >= 9 else 0)
        first = consolidated(read, today).agreement
        assert (first.articles, first.commitments) == (signed_text(read).articles, signed_text(read).commitments)

    def test_the_situation_of_any_day_is_that_of_the_dates_in_force_that_day(
        self, convention: PartnershipConvention, officer: User
    ) -> None:
        today = timezone.localdate()
        signed(amended(convention, officer, longer(50), effective_on=today + timedelta(days=3)), officer)
        signed(amended(convention, officer, longer(-200), effective_on=today + timedelta(days=6)), officer)
        read = convention_with_amendments(convention.pk)
        for days in range(-60, 600, 7):
            day = today + timedelta(days=days)
            in_force = consolidated(read, day).agreement.terms.period_on(day) is not None
            assert (situation_on(read, day).name == "active") is in_force


@pytest.mark.usefixtures("seal_key")
class TestDocuments:
    def test_the_first_document_says_what_amends_it(self, convention_in: ConventionIn, officer: User) -> None:
        convention = convention_in(workflows.SIGNED)
        seal_waiting()
        first = Document.objects.filter(kind="convention", status="sealed").latest("sealed_at")
        today = timezone.localdate()
        assert "modifiée" not in found(first, Outcome.REGISTERED, today).standing.sentence
        amendment = signed(amended(convention, officer, longer()), officer)
        seal_waiting()
        standing = found(first, Outcome.REGISTERED, today).standing
        assert standing.state == "in_force"
        assert "modifiée par l’avenant n° 1 du" in standing.sentence
        verdict = found(Document.objects.get(kind="convention_amendment", successors=None), Outcome.REGISTERED, today)
        assert verdict.standing.state == "in_force"
        assert verdict.reference == amendment.reference
        make_move(convention, "terminate", officer)
        assert found(first, Outcome.REGISTERED, today).standing.state == "ended"
        assert (
            found(
                Document.objects.get(kind="convention_amendment", successors=None), Outcome.REGISTERED, today
            ).standing.state
            == "ended"
        )

    def test_it_prints_the_rule_of_signatures_and_the_new_signatory(
        self, convention: PartnershipConvention, officer: User
    ) -> None:
        signed(amended(convention, officer, new_signatory("Lucie Modèle")), officer)
        seal_waiting()
        context = Document.objects.filter(kind="convention_amendment").latest("pk").context
        assert [person["name"] for person in context["signatories"]["company"]] == ["Lucie Modèle"]
        assert context["signing_rule"] == life.SIGNING_RULE
