"""The space of a company by personal link: what it tells, whom it lets in, and what it never shows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.links.models import PersonalLink
from e2c_portal.mailing.addresses import address_sha256
from e2c_portal.mailing.bounces import record_bounce
from e2c_portal.mailing.models import Mail, Preference
from partnerships import workflows
from partnerships.models import Company, CompanyContact, PartnershipConvention
from partnerships.operations.companies import record_departure, save_record
from partnerships.operations.merging import merge_companies
from partnerships.operations.space import grant_access, withdraw_access
from partnerships.situation import ACTIVE, LEAVING
from partnerships.space_access import accesses_of, living_link
from partnerships.space_sheet import dates_in_words
from partnerships.terms import Terms
from tests.factories.documents import seal_waiting
from tests.factories.partnerships import company_named
from tests.factories.signing import signed_on_paper
from tests.factories.spaces import Space, contact_of, link_received, space_of
from tests.signing.work import work

pytestmark = pytest.mark.django_db
ConventionIn = Callable[..., PartnershipConvention]
ClientOf = Callable[[User], Client]
OK, SEEN, NOT_FOUND, GONE = 200, 303, 404, 410
PAGES = ("", "contacts/", "demandes/", "remplacant/", "messages/")
DAY = timedelta(days=1)


@pytest.fixture
def contact(company: Company, officer: User) -> CompanyContact:
    return contact_of(company, officer, phone="06 11 22 33 44")


@pytest.fixture
def space(contact: CompanyContact, officer: User) -> Space:
    return space_of(contact, officer)


class TestWhoGivesAndTakesAccess:
    def test_only_an_officer(
        self, contact: CompanyContact, coordinator: User, auditor: User, client_of: ClientOf
    ) -> None:
        for person in (coordinator, auditor):
            with pytest.raises(NotAllowed):
                grant_access(contact.pk, person)
            with pytest.raises(NotAllowed):
                withdraw_access(contact.pk, "Non", person)
            page = f"/entreprises/{contact.company_id}/contacts/{contact.pk}/acces/"
            assert client_of(person).get(page).status_code == 403
            assert client_of(person).post(f"{page}envoyer/").status_code == 403
        assert not PersonalLink.objects.exists()

    def test_not_without_an_address_nor_after_a_departure(self, company: Company, officer: User) -> None:
        silent = contact_of(company, officer, email="")
        with pytest.raises(Refused, match="Ajoutez d’abord l’adresse"):
            grant_access(silent.pk, officer)
        gone = contact_of(company, officer)
        record_departure(gone.pk, timezone.localdate(), officer)
        with pytest.raises(Refused, match="a quitté l’entreprise"):
            grant_access(gone.pk, officer)
        assert not Mail.objects.exists()

    def test_a_double_click_sends_one_message(self, contact: CompanyContact, officer_client: Client) -> None:
        page = f"/entreprises/{contact.company_id}/contacts/{contact.pk}/acces/"
        for _ in range(2):
            answer = officer_client.post(f"{page}envoyer/", follow=True)
            assert "part à" in answer.content.decode()
        assert Mail.objects.count() == PersonalLink.objects.count() == 1

    def test_withdrawing_asks_why_and_keeps_what_was_typed(
        self, space: Space, contact: CompanyContact, officer_client: Client
    ) -> None:
        page = f"/entreprises/{contact.company_id}/contacts/{contact.pk}/acces/"
        answer = officer_client.post(page, {"reason": ""})
        assert answer.status_code == 422
        assert "Écrivez pourquoi vous retirez cet accès" in answer.content.decode()
        assert officer_client.post(page, {"reason": "Mauvaise personne"}).status_code == 302
        assert space.get().status_code == GONE, "even a visit under way is over"
        assert Client().get(space.link).status_code == GONE
        assert officer_client.post(page, {"reason": "Encore"}).status_code == 422

    def test_a_withdrawn_access_is_not_renewed_but_made_anew(self, space: Space, officer: User) -> None:
        withdraw_access(space.contact.pk, "Essai", officer)
        Client().post(space.link)
        assert Mail.objects.count() == 1
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            assert space_of(space.contact, officer).get().status_code == OK
        assert PersonalLink.objects.count() == 2

    def test_a_message_that_waits_makes_no_link_once_withdrawn(self, contact: CompanyContact, officer: User) -> None:
        grant_access(contact.pk, officer)
        withdraw_access(contact.pk, "Mauvaise personne", officer)
        with pytest.raises(AssertionError, match="no link"):
            link_received(contact.email)
        assert "plus accès" in Mail.objects.get().failure


class TestWhereTheAccessStands:
    def test_beside_the_contact(self, contact: CompanyContact, officer: User, officer_client: Client) -> None:
        page = contact.company.get_absolute_url()
        assert "Pas d’accès" in officer_client.get(page).content.decode()
        space = space_of(contact, officer)
        space.text()
        assert "Ouvert" in officer_client.get(page).content.decode()
        assert "Ouvert une fois" in accesses_of([contact])[contact.pk].state.meaning

    def test_a_bounce_names_the_next_best_way(self, space: Space, officer_client: Client) -> None:
        record_bounce(Mail.objects.get().message_id, "550 unknown user")
        access = accesses_of([space.contact])[space.contact.pk]
        assert access.state.label == "Revenu"
        assert "appelez le 06 11 22 33 44" in access.advice
        text = officer_client.get(
            f"/entreprises/{space.contact.company_id}/contacts/{space.contact.pk}/acces/"
        ).content.decode()
        assert "appelez le 06" in text

    def test_the_company_page_asks_as_much_for_three_contacts(
        self, contact: CompanyContact, officer: User, officer_client: Client, same_query_count: Callable
    ) -> None:
        grant_access(contact.pk, officer)

        def add() -> None:
            grant_access(contact_of(contact.company, officer).pk, officer)

        same_query_count(lambda: officer_client.get(contact.company.get_absolute_url()), add)

    def test_a_school_does_not_see_it(self, contact: CompanyContact, coordinator: User, client_of: ClientOf) -> None:
        text = client_of(coordinator).get(contact.company.get_absolute_url()).content.decode()
        assert "espace entreprise" not in text.lower()


class TestWhomItLetsIn:
    def test_every_page_opens_and_no_reading_acts(self, space: Space) -> None:
        for page in PAGES:
            assert space.get(page).status_code == OK, page
            assert space.browser.head(space.first + page).status_code == OK
        assert Mail.objects.count() == 1
        assert not Preference.objects.exists()

    def test_a_page_copied_into_another_browser_is_refused(self, space: Space) -> None:
        space.text()
        stranger = Client(headers={"user-agent": "autre"})
        for page in PAGES:
            assert stranger.get(space.first + page).status_code == GONE
            assert stranger.post(space.first + page, {"text": "x"}).status_code == GONE

    def test_two_devices_open_it_side_by_side(self, space: Space) -> None:
        phone = Space(space.contact, space.link, Client(headers={"user-agent": "téléphone"}))
        assert phone.get().status_code == space.get().status_code == OK

    def test_three_months_later_it_renews_itself_to_the_known_address(self, space: Space) -> None:
        with time_machine.travel(timezone.now() + 91 * DAY):
            closed = Client().get(space.link)
            assert closed.status_code == GONE
            assert "trois mois" in closed.content.decode()
            Client().post(space.link)
            assert Space(space.contact, link_received(space.contact.email)).get().status_code == OK

    def test_whoever_left_is_out_the_same_day(self, space: Space, officer: User) -> None:
        record_departure(space.contact.pk, timezone.localdate(), officer)
        closed = space.get()
        assert closed.status_code == GONE
        assert "Cet accès a pris fin" in closed.content.decode()
        assert officer.email in closed.content.decode(), "it says whom to ask"
        Client().post(space.link)
        assert Mail.objects.count() == 1, "nothing is sent again"

    def test_another_address_needs_another_link(self, space: Space, officer: User) -> None:
        contact = CompanyContact.objects.get(pk=space.contact.pk)
        contact.email = "nouvelle@exemple.fr"
        save_record(contact, officer)
        assert space.get().status_code == GONE
        assert living_link(contact) is None
        assert space_of(contact, officer).get().status_code == OK
        assert space.get().status_code == GONE

    def test_it_follows_a_company_merged_into_another(self, space: Space, officer: User) -> None:
        kept = company_named("Fabrique d’Oc", officer, siren="")
        merge_companies(space.contact.company_id, kept.pk, officer)
        assert "Espace entreprise · Fabrique d’Oc" in space.text()

    def test_a_double_with_the_same_address_is_the_same_person(self, space: Space, officer: User) -> None:
        kept = company_named("Fabrique d’Oc", officer, siren="")
        twin = contact_of(kept, officer, "Ana E.", email=space.contact.email)
        merge_companies(space.contact.company_id, kept.pk, officer)
        assert "Bonjour Ana E." in space.text()
        assert accesses_of([twin])[twin.pk].reached
        withdraw_access(twin.pk, "Partie", officer)
        assert space.get().status_code == GONE

    def test_a_double_whose_address_differs_since_is_out(self, space: Space, officer: User) -> None:
        kept = company_named("Fabrique d’Oc", officer, siren="")
        twin = contact_of(kept, officer, "Ana E.", email=space.contact.email)
        merge_companies(space.contact.company_id, kept.pk, officer)
        CompanyContact.objects.filter(pk=twin.pk).update(email="autre@exemple.fr")
        assert space.get().status_code == GONE


class TestWhatItTells:
    def test_the_conventions_in_plain_words(
        self, contact: CompanyContact, officer: User, convention_in: ConventionIn
    ) -> None:
        convention = convention_in(workflows.SIGNED, contact.company, archive=True, renewal="express")
        convention_in(workflows.DRAFT, contact.company, title="Un brouillon")
        text = space_of(contact, officer).text()
        assert convention.number in text
        assert "En vigueur" in text
        assert "il faudra en signer une nouvelle" in text
        assert "Un brouillon" not in text
        assert f"Suivie à la Région par {officer.full_name}" in text
        assert "0 sur 12 stages" in text.replace("\N{NO-BREAK SPACE}", " ")
        assert "/conventions/" not in text, "no address of the staff"

    def test_nothing_of_another_company(
        self, contact: CompanyContact, officer: User, convention_in: ConventionIn
    ) -> None:
        other = company_named("Concurrente", officer)
        stranger = contact_of(other, officer, "Zoé Ailleurs")
        convention_in(workflows.SIGNED, other, archive=True, title="Convention de la concurrente")
        space = space_of(contact, officer)
        for page in PAGES:
            text = space.text(page)
            for word in ("concurrente", "Concurrente", "Zoé Ailleurs", stranger.email):
                assert word not in text

    def test_the_telephone_of_a_colleague_stays_with_the_region(self, contact: CompanyContact, officer: User) -> None:
        colleague = contact_of(contact.company, officer, "Léa Collègue", phone="06 99 88 77 66", job_title="Tutrice")
        text = space_of(contact, officer).text("contacts/")
        assert "06 11 22 33 44" in text
        assert "06 99 88 77 66" not in text
        for word in (colleague.full_name, colleague.email, "Tutrice", officer.email):
            assert word in text

    def test_signed_documents_are_given_and_no_other(
        self, contact: CompanyContact, officer: User, convention_in: ConventionIn
    ) -> None:
        convention = convention_in(workflows.TO_SIGN, contact.company)
        [to_sign] = seal_waiting()
        space = space_of(contact, officer)
        assert space.get(f"document/{to_sign.public_id}/").status_code == NOT_FOUND, "not signed yet"
        signed_on_paper(convention, officer, made=True)
        sealed = to_sign
        answer = space.get(f"document/{sealed.public_id}/")
        assert answer.status_code == OK
        assert answer.content.startswith(b"%PDF-")
        assert answer["Content-Disposition"].startswith("attachment")
        assert f"document/{sealed.public_id}/" in space.text()
        stranger = space_of(contact_of(company_named("Autre", officer), officer), officer)
        for item in (sealed.public_id, "12", "x"):
            assert stranger.get(f"document/{item}/").status_code == NOT_FOUND

    def test_it_asks_as_much_for_three_conventions(
        self, contact: CompanyContact, officer: User, convention_in: ConventionIn, same_query_count: Callable
    ) -> None:
        objects = iter(("Stages", "Emplois", "Visites"))

        def add() -> None:
            convention_in(workflows.SIGNED, contact.company, archive=True, object=next(objects))

        add()
        space = space_of(contact, officer)
        same_query_count(space.get, add)

    def test_dates_in_words(self) -> None:
        day = timezone.localdate()
        span = {"starts_on": day - 30 * DAY, "ends_on": day + 30 * DAY}
        tacit = dates_in_words(Terms(**span, renewal="tacit", renewal_months=12, notice_months=1), ACTIVE, day)
        assert any("se reconduit ensuite d’elle-même" in said for said in tacit)
        assert any("lettre de congé" in said for said in tacit)
        leaving = dates_in_words(Terms(**span, renewal="express", ended_on=day + 5 * DAY), LEAVING, day)
        assert leaving[0].startswith("Sa fin est annoncée")


class TestMessages:
    def test_what_may_be_stopped_stops_and_comes_back(self, space: Space) -> None:
        assert "toujours" in space.text("messages/")
        answer = space.post("messages/", {})
        assert answer.status_code == SEEN
        assert "Votre choix est enregistré" in space.browser.get(answer["Location"]).content.decode()
        assert Preference.objects.get().kind == "partnerships.space_contact_changed"
        space.post("messages/", {"wanted": ["partnerships.space_contact_changed"]})
        assert not Preference.objects.exists()

    def test_a_choice_made_elsewhere_is_kept(self, space: Space) -> None:
        Preference.objects.create(
            address_sha256=address_sha256(space.contact.email), kind="partnerships.request_to_handle"
        )
        space.post("messages/", {"wanted": ["partnerships.space_contact_changed"]})
        assert Preference.objects.get().kind == "partnerships.request_to_handle"

    def test_a_procedure_cannot_be_stopped(self, space: Space) -> None:
        assert space.post("messages/", {"wanted": ["partnerships.request_receipt"]}).status_code == 422


def test_the_stored_message_holds_no_link(space: Space) -> None:
    work()
    assert "/lien/" not in str(list(Mail.objects.values_list("context", "subject_line")))
