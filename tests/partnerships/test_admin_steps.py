"""The buttons of a convention: what is offered, what is asked, what is refused, and two officers at once."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document, Status
from partnerships.models import ConventionMove, PartnershipConvention
from tests.factories.documents import seal_waiting
from tests.factories.partnerships import drafted
from tests.partnerships.admin_scene import messages_of, move_page, page, progress_address, seal_address

ConventionIn = Callable[..., PartnershipConvention]
VOTE = {"seen_state": "approved", "deliberation_number": "CR-26/01.001", "deliberation_date": "2026-01-15"}


class TestOffered:
    def test_a_complete_draft_can_be_approved_at_once(
        self, officer_client: Client, convention_draft: PartnershipConvention
    ) -> None:
        html = officer_client.get(page(convention_draft)).content.decode()
        assert f'action="{move_page(convention_draft, "approve")}"' in html
        assert f'href="{move_page(convention_draft, "shelve")}"' in html
        assert "record_archive" not in html
        assert "record_vote" not in html

    def test_an_empty_draft_says_what_it_lacks(self, officer_client: Client, officer: User) -> None:
        html = officer_client.get(page(drafted(officer, articles=[], commitments=[]))).content.decode()
        assert "Compléter le texte" in html
        assert "Écrivez au moins un article." in html
        assert "Ajoutez au moins un engagement." in html
        assert 'href="#texte"' in html

    def test_nobody_records_a_signature_by_hand(self, officer_client: Client, convention_in: ConventionIn) -> None:
        convention = convention_in("to_sign")
        assert move_page(convention, "record_signature") not in officer_client.get(page(convention)).content.decode()
        seal_waiting()
        html = officer_client.get(page(convention)).content.decode()
        assert move_page(convention, "record_signature") not in html
        assert "Suivre les signatures" in html

    def test_a_signed_archive_is_to_be_sealed_first(self, officer_client: Client, convention_in: ConventionIn) -> None:
        convention = convention_in("signed", archive=True)
        html = officer_client.get(page(convention)).content.decode()
        assert "Cette convention n’a pas encore de document vérifiable." in html
        assert f'action="{seal_address(convention)}"' in html


class TestMoves:
    def test_a_move_of_one_press(self, officer_client: Client, convention_draft: PartnershipConvention) -> None:
        told = messages_of(officer_client, move_page(convention_draft, "approve"), {"seen_state": "draft"})
        assert told == [
            "La convention est maintenant « Projet validé ». Le texte est arrêté ; il attend le vote de l’assemblée."
        ]
        convention_draft.refresh_from_db()
        assert convention_draft.status == "approved"

    def test_a_move_that_records_facts_asks_for_them(self, officer_client: Client, convention_in: ConventionIn) -> None:
        convention = convention_in("approved")
        html = officer_client.get(move_page(convention, "record_vote")).content.decode()
        assert 'name="deliberation_number"' in html
        assert 'type="date"' in html
        assert 'name="seen_state" value="approved"' in html
        assert "La convention pourra être mise à la signature." in html
        officer_client.post(move_page(convention, "record_vote"), VOTE)
        convention.refresh_from_db()
        assert (convention.status, convention.deliberation_number) == ("deliberated", "CR-26/01.001")

    def test_what_is_missing_keeps_what_was_typed(self, officer_client: Client, convention_in: ConventionIn) -> None:
        convention = convention_in("approved")
        data = VOTE | {"deliberation_date": ""}
        html = officer_client.post(move_page(convention, "record_vote"), data).content.decode()
        assert 'value="CR-26/01.001"' in html
        assert 'href="#id_deliberation_date"' in html

    def test_what_the_workflow_refuses_is_told_on_the_page(
        self, officer_client: Client, convention_in: ConventionIn
    ) -> None:
        convention = convention_in("approved")
        data = VOTE | {"deliberation_date": "2999-01-01"}
        html = officer_client.post(move_page(convention, "record_vote"), data).content.decode()
        assert "La date de la délibération ne peut pas être à venir." in html
        assert 'value="CR-26/01.001"' in html
        convention.refresh_from_db()
        assert convention.status == "approved"

    def test_a_reason_is_asked_where_it_is_due(
        self, officer_client: Client, convention_draft: PartnershipConvention
    ) -> None:
        address = move_page(convention_draft, "shelve")
        html = officer_client.post(address, {"seen_state": "draft", "reason": " "}).content.decode()
        assert 'href="#id_reason"' in html
        officer_client.post(address, {"seen_state": "draft", "reason": "L’entreprise renonce."})
        assert ConventionMove.objects.get().reason == "L’entreprise renonce."

    def test_a_move_from_another_state_is_not_shown(
        self, officer_client: Client, convention_draft: PartnershipConvention
    ) -> None:
        answer = officer_client.get(move_page(convention_draft, "record_vote"), follow=True)
        assert answer.redirect_chain == [(page(convention_draft), 302)]
        assert "n’est plus possible" in str(next(iter(answer.context["messages"])))

    def test_a_move_from_another_state_is_refused(
        self, officer_client: Client, convention_draft: PartnershipConvention
    ) -> None:
        told = messages_of(officer_client, move_page(convention_draft, "record_vote"), VOTE | {"seen_state": "draft"})
        assert "l’état est « brouillon »" in told[0]
        convention_draft.refresh_from_db()
        assert (convention_draft.status, convention_draft.deliberation_number) == ("draft", "")

    def test_pressing_twice_is_no_conflict(
        self, officer_client: Client, convention_draft: PartnershipConvention
    ) -> None:
        address = move_page(convention_draft, "approve")
        officer_client.post(address, {"seen_state": "draft"})
        told = messages_of(officer_client, address, {"seen_state": "draft"})
        assert "c’était déjà enregistré, par vous-même" in told[-1]
        assert ConventionMove.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_officers_press_at_the_same_instant(
    officer: User, second_officer: User, convention_in: ConventionIn, client_of: Callable[[User], Client]
) -> None:
    convention = convention_in("approved")
    start = Barrier(2)
    told: dict[str, str] = {}

    def press(person: User) -> None:
        client = client_of(person)
        start.wait()
        # The test client's contexts are shared by all threads: what each reads is in its own page.
        told[person.full_name] = client.post(move_page(convention, "record_vote"), VOTE, follow=True).content.decode()
        connection.close()

    threads = [Thread(target=press, args=[person]) for person in (officer, second_officer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [name for name, said in told.items() if "La convention est maintenant" in said]
    lost = [said for name, said in told.items() if name not in won]
    assert len(won) == 1
    assert len(lost) == 1
    assert f"{won[0]} l’a fait passer à «\N{NO-BREAK SPACE}Délibérée\N{NO-BREAK SPACE}»" in lost[0]
    assert convention.moves.filter(target="deliberated").count() == 1


class TestDocument:
    def test_it_is_asked_for_then_followed(self, officer_client: Client, convention_in: ConventionIn) -> None:
        convention = convention_in("approved")
        assert officer_client.post(seal_address(convention)).headers["Location"] == page(convention) + "#suivi"
        html = officer_client.get(page(convention)).content.decode()
        assert "Le document se fabrique" in html
        assert 'hx-trigger="load delay:400ms, every 1s"' in html
        mark = f"{Document.objects.get().pk}-queued."
        assert officer_client.get(progress_address(convention), {"vu": mark}).status_code == 204
        seal_waiting()
        changed = officer_client.get(progress_address(convention), {"vu": mark}).content.decode()
        assert "hx-trigger" not in changed
        assert "Le document est scellé." in changed
        assert Document.objects.get().printed_code in changed

    def test_the_fragment_says_what_a_reload_would(self, officer_client: Client, convention_in: ConventionIn) -> None:
        convention = convention_in("signed", archive=True)
        officer_client.post(seal_address(convention))
        seal_waiting()
        fragment = officer_client.get(progress_address(convention)).content.decode()
        whole = officer_client.get(page(convention)).content.decode()
        block = fragment[fragment.index('<div id="suivi"') :]
        assert _without_tokens(block.strip()) in _without_tokens(whole)

    def test_a_failure_is_read_and_started_again(self, officer_client: Client, convention_in: ConventionIn) -> None:
        convention = convention_in("approved")
        officer_client.post(seal_address(convention))
        document = Document.objects.get()
        _fail(document, "Le texte de l’article 1 contient un caractère que la police n’a pas.")
        html = officer_client.get(page(convention)).content.decode()
        assert "un caractère que la police n’a pas" in html
        assert "Relancer la fabrication" in html
        officer_client.post(seal_address(convention))
        document.refresh_from_db()
        assert document.status == Status.QUEUED

    def test_an_up_to_date_document_is_not_made_again(
        self, officer_client: Client, convention_in: ConventionIn
    ) -> None:
        convention = convention_in("approved")
        officer_client.post(seal_address(convention))
        seal_waiting()
        assert "déjà à jour" in messages_of(officer_client, seal_address(convention), {})[-1]
        assert Document.objects.count() == 1

    def test_a_renamed_company_makes_it_outdated(self, officer_client: Client, convention_in: ConventionIn) -> None:
        convention = convention_in("approved")
        officer_client.post(seal_address(convention))
        seal_waiting()
        assert "n’est plus à jour" not in officer_client.get(page(convention)).content.decode()
        company = convention.company
        company.legal_name = "Nouveau nom"
        company.save()
        assert "n’est plus à jour" in officer_client.get(page(convention)).content.decode()

    def test_a_draft_is_not_sealed(self, officer_client: Client, convention_draft: PartnershipConvention) -> None:
        told = messages_of(officer_client, seal_address(convention_draft), {})
        assert told == ["Validez d’abord le projet : un brouillon n’est pas scellé."]
        assert not Document.objects.exists()

    def test_it_is_asked_for_by_a_post_alone(self, officer_client: Client, convention_in: ConventionIn) -> None:
        assert officer_client.get(seal_address(convention_in("approved"))).status_code == 405


def _fail(document: Document, reason: str) -> None:
    """Bring a queued document to its failure by the steps of its life."""
    rows = Document.objects.filter(pk=document.pk)
    rows.update(status=Status.BUILDING, claim="7f4df9a4-91a0-4f0c-9e6e-2a64f9be62bd", claimed_at="2026-01-01T00:00:00Z")
    rows.update(status=Status.FAILED, failure=reason, claim=None, claimed_at=None)


def _without_tokens(html: str) -> str:
    lines = (line.strip() for line in html.splitlines())
    return "\n".join(line for line in lines if line and "csrfmiddlewaretoken" not in line)
