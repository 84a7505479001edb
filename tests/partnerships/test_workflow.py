"""The life of a convention, move by move: who may, from where, what is missing, what is written."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document, Status
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from partnerships import workflows
from partnerships.models import PartnershipConvention
from partnerships.operations.conventions import revise_convention
from partnerships.operations.moves import move_convention
from partnerships.operations.sealing import seal_convention
from tests.factories.documents import seal_waiting
from tests.factories.partnerships import drafted, make_move, sign, text_of
from tests.factories.signing import envelope_of

ConventionIn = Callable[..., PartnershipConvention]
LIFE = workflows.CONVENTION_LIFE


def details_of(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return " ".join(refusal.value.details)


class TestTable:
    """The table itself makes sense, whatever its content becomes."""

    def test_every_move_joins_known_states(self) -> None:
        for move in LIFE.moves:
            assert move.target in LIFE.states
            assert move.origins <= set(LIFE.states)
            assert move.target not in move.origins, move.name

    def test_every_state_can_be_reached(self) -> None:
        reached = {LIFE.initial}
        while more := {target for origin, target in LIFE.pairs() if origin in reached} - reached:
            reached |= more
        assert reached == set(LIFE.states)

    def test_every_move_says_what_it_does_in_french(self) -> None:
        for move in LIFE.moves:
            assert move.label
            assert move.consequence.endswith("."), move.name

    def test_what_a_move_records_exists(self) -> None:
        names = {field.name for field in PartnershipConvention._meta.get_fields()}
        assert {name for move in LIFE.moves for name in move.records} <= names


class TestRights:
    def test_only_an_officer_moves_a_convention(
        self,
        convention_draft: PartnershipConvention,
        auditor: User,
        data_officer: User,
        coordinator: User,
        stranger: User,
    ) -> None:
        for person in (auditor, data_officer, coordinator, stranger):
            assert LIFE.choices(convention_draft, convention_draft.status, person) == []
            for move in LIFE.moves:
                with pytest.raises(NotAllowed, match="Vous n’avez pas le droit"):
                    move_convention(convention_draft.pk, move.name, person, reason="x")

    def test_a_closed_account_moves_nothing(self, convention_draft: PartnershipConvention, officer: User) -> None:
        officer.is_active = False
        with pytest.raises(NotAllowed):
            move_convention(convention_draft.pk, "approve", officer)

    def test_an_officer_sees_the_moves_of_the_state_alone(self, convention_in: ConventionIn, officer: User) -> None:
        for state in (workflows.DRAFT, workflows.APPROVED, workflows.SHELVED):
            convention = convention_in(state)
            offered = {choice.move.name for choice in LIFE.choices(convention, state, officer)}
            assert offered == {move.name for move in LIFE.moves if state in move.origins}


class TestOrder:
    @pytest.mark.parametrize("state", [workflows.DRAFT, workflows.APPROVED, workflows.SHELVED])
    def test_a_move_from_elsewhere_is_refused_and_writes_nothing(
        self, state: str, convention_in: ConventionIn, officer: User
    ) -> None:
        convention = convention_in(state)
        moves = convention.moves.count()
        for move in LIFE.moves:
            if state not in move.origins:
                with pytest.raises(Overtaken, match="n’est pas possible : l’état est"):
                    make_move(convention, move.name, officer)
        convention.refresh_from_db()
        assert (convention.status, convention.moves.count()) == (state, moves)

    def test_an_unknown_move_is_refused(self, convention_draft: PartnershipConvention, officer: User) -> None:
        with pytest.raises(Refused, match="n’existe pas"):
            move_convention(convention_draft.pk, "vendre", officer)

    def test_the_page_was_old(self, convention_in: ConventionIn, officer: User, second_officer: User) -> None:
        convention = convention_in(workflows.NEGOTIATION)
        with pytest.raises(Overtaken, match="Claire Garrigue l’a fait passer à « En négociation »"):
            move_convention(convention.pk, "approve", second_officer, seen_state=workflows.DRAFT)

    def test_each_move_leaves_one_row_that_tells_it(self, convention_in: ConventionIn, officer: User) -> None:
        convention = convention_in(workflows.SIGNED)
        rows = convention.moves.order_by("pk").values_list("origin", "target", "actor", "effective_on")
        assert list(rows) == [
            ("draft", "approved", officer.pk, None),
            ("approved", "deliberated", officer.pk, convention.deliberation_date),
            ("deliberated", "to_sign", officer.pk, None),
            ("to_sign", "signed", officer.pk, convention.signed_on),
        ]


class TestWhatIsMissing:
    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"articles": []}, "Écrivez au moins un article."),
            ({"commitments": []}, "Ajoutez au moins un engagement."),
            ({"starts_on": None}, "Indiquez la date de début."),
            ({"ends_on": None}, "Indiquez la date de fin."),
            ({"signatories": []}, "Nommez au moins un signataire pour la Région."),
        ],
    )
    def test_an_incomplete_text_is_not_settled(self, officer: User, change: dict[str, Any], sentence: str) -> None:
        convention = drafted(officer, **change)
        with pytest.raises(Refused) as refusal:
            move_convention(convention.pk, "approve", officer)
        assert sentence in refusal.value.details
        convention.refresh_from_db()
        assert convention.status == workflows.DRAFT

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            ({}, "Indiquez le numéro de la délibération."),
            ({"deliberation_number": "D1"}, "Indiquez la date de la délibération."),
            ({"deliberation_number": "D1", "deliberation_date": date(2099, 1, 1)}, "ne peut pas être à venir"),
        ],
    )
    def test_a_vote_has_a_number_and_a_past_date(
        self, convention_in: ConventionIn, officer: User, facts: dict[str, Any], sentence: str
    ) -> None:
        convention = convention_in(workflows.APPROVED)
        with pytest.raises(Refused) as refusal:
            move_convention(convention.pk, "record_vote", officer, facts=facts)
        assert sentence in details_of(refusal)

    def test_nothing_is_signed_without_deliberation(self, convention_in: ConventionIn, officer: User) -> None:
        with pytest.raises(Overtaken):
            make_move(convention_in(workflows.APPROVED), "record_signature", officer)

    def test_nothing_is_signed_before_everybody_signed(self, convention_in: ConventionIn, officer: User) -> None:
        convention = convention_in(workflows.TO_SIGN)
        with pytest.raises(Refused) as refusal:
            make_move(convention, "record_signature", officer)
        assert details_of(refusal) == "Attendez que toutes les personnes aient signé le document."

    def test_a_new_text_is_signed_anew(self, convention_in: ConventionIn, officer: User) -> None:
        convention = convention_in(workflows.TO_SIGN)
        seal_waiting()
        former = envelope_of(convention)
        make_move(convention, "reopen", officer)
        former.refresh_from_db()
        assert (former.status, former.end_reason) == ("voided", "Motif de l’essai")
        convention.refresh_from_db()
        other = text_of(convention.company, title="Un tout autre texte")
        revise_convention(convention.pk, convention.revision, other, officer)
        for name in ("approve", "record_vote", "send_to_sign"):
            make_move(convention, name, officer)
        with pytest.raises(Refused, match="pas encore possible"):
            make_move(convention, "record_signature", officer)
        assert sign(convention, officer).status == workflows.SIGNED

    def test_the_signature_is_dated_by_the_last_to_sign(self, convention_in: ConventionIn, officer: User) -> None:
        on = timezone.localdate() - timedelta(days=7)
        convention = sign(convention_in(workflows.TO_SIGN), officer, on)
        assert convention.signed_on == on
        assert convention.moves.first().effective_on == on

    def test_a_paper_older_than_the_vote_is_refused(self, convention_in: ConventionIn, officer: User) -> None:
        convention = convention_in(workflows.TO_SIGN)
        with pytest.raises(Refused, match="avant la délibération"):
            sign(convention, officer, date(2001, 1, 1))
        convention.refresh_from_db()
        assert (convention.status, convention.signed_on) == (workflows.TO_SIGN, None)

    def test_some_moves_ask_why(self, convention_in: ConventionIn, officer: User) -> None:
        convention = convention_in(workflows.APPROVED)
        with pytest.raises(Refused, match="demande un motif") as refusal:
            move_convention(convention.pk, "shelve", officer, reason="  ")
        assert refusal.value.code == "reason_required"

    def test_what_runs_is_not_archived(self, convention_in: ConventionIn, officer: User) -> None:
        with pytest.raises(Refused) as refusal:
            make_move(convention_in(workflows.SIGNED, archive=True), "archive", officer)
        assert "court encore" in details_of(refusal)

    def test_what_has_no_known_end_is_not_archived(self, convention_in: ConventionIn, officer: User) -> None:
        convention = convention_in(workflows.SIGNED, archive=True, starts_on=None, ends_on=None)
        with pytest.raises(Refused) as refusal:
            make_move(convention, "archive", officer)
        assert "n’est pas connue" in details_of(refusal)

    def test_an_early_end_does_not_precede_the_signature(self, convention_in: ConventionIn, officer: User) -> None:
        convention = convention_in(workflows.SIGNED, archive=True)
        with pytest.raises(Refused) as refusal:
            make_move(convention, "terminate", officer, ended_on=date(2001, 1, 1))
        assert "ne peut pas précéder la signature" in details_of(refusal)


class TestArchives:
    def archive(self, officer: User, **facts: Any) -> PartnershipConvention:
        convention = drafted(officer, origin="archive", sources="Un journal", starts_on=None, ends_on=None)
        return move_convention(
            convention.pk, "record_archive", officer, facts={"signed_on": date(2014, 12, 12)} | facts
        )

    def test_a_convention_of_today_does_not_take_the_short_way(
        self, convention_draft: PartnershipConvention, officer: User
    ) -> None:
        with pytest.raises(Refused) as refusal:
            make_move(convention_draft, "record_archive", officer)
        assert "Seule une convention reprise d’archives" in details_of(refusal)

    def test_its_deliberation_is_kept_when_it_is_known(self, officer: User) -> None:
        convention = self.archive(officer, deliberation_number="CR-14/06.540", deliberation_date=date(2014, 10, 17))
        convention.refresh_from_db()
        assert (convention.deliberation_number, convention.deliberation_date) == ("CR-14/06.540", date(2014, 10, 17))

    def test_it_may_be_unknown(self, officer: User) -> None:
        assert self.archive(officer).status == workflows.SIGNED

    def test_nobody_archives_the_future(self, officer: User) -> None:
        with pytest.raises(Refused) as refusal:
            self.archive(officer, signed_on=timezone.localdate() + timedelta(days=1))
        assert "ne peut pas être à venir" in details_of(refusal)

    def test_the_vote_still_precedes_the_signature(self, officer: User) -> None:
        with pytest.raises(Refused) as refusal:
            self.archive(officer, deliberation_number="D", deliberation_date=date(2015, 1, 1))
        assert "précéder la délibération" in details_of(refusal)


class TestConsequences:
    def test_going_back_to_negotiation_erases_the_vote(self, convention_in: ConventionIn, officer: User) -> None:
        convention = make_move(convention_in(workflows.TO_SIGN), "reopen", officer)
        assert (convention.deliberation_number, convention.deliberation_date) == ("", None)

    def test_putting_to_sign_asks_for_the_document(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.TO_SIGN)
        document = Document.objects.get(reference=convention.number)
        assert document.status == Status.QUEUED
        assert [field["name"] for field in document.signature_fields] == ["signature-1", "signature-2"]
        assert document.context["deliberation"]["number"] == convention.deliberation_number

    def test_the_document_put_to_sign_is_the_one_signed(self, convention_in: ConventionIn, officer: User) -> None:
        convention = convention_in(workflows.SIGNED)
        document = Document.objects.get(reference=convention.number)
        assert document.is_sealed
        assert document.context["signature"] is None
        with pytest.raises(Refused, match="ne se refait pas"):
            seal_convention(convention, officer)

    def test_a_refused_move_asks_for_no_document(self, convention_in: ConventionIn, officer: User) -> None:
        with pytest.raises(Overtaken):
            make_move(convention_in(workflows.APPROVED), "send_to_sign", officer)
        assert not Document.objects.exists()

    def test_only_what_the_move_records_is_written(self, convention_in: ConventionIn, officer: User) -> None:
        convention = convention_in(workflows.APPROVED)
        make_move(
            convention, "record_vote", officer, title="Autre", status=workflows.SIGNED, signed_on=date(2014, 1, 1)
        )
        convention.refresh_from_db()
        assert (convention.status, convention.signed_on) == (workflows.DELIBERATED, None)
        assert convention.title != "Autre"

    def test_two_conventions_for_the_same_object_and_dates_are_refused_in_french(
        self, convention_in: ConventionIn, officer: User
    ) -> None:
        first = convention_in(workflows.SIGNED, archive=True)
        second = convention_in(workflows.DRAFT, first.company, archive=True)
        with pytest.raises(Refused) as refusal:
            make_move(second, "record_archive", officer)
        assert "a déjà une convention signée pour le même objet" in details_of(refusal)
