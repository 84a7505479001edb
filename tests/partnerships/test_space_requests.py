"""What companies ask for: received once, acknowledged at once, answered by an officer; nothing typed is lost."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.mailing.composing import preview_of
from e2c_portal.mailing.models import Mail
from partnerships import workflows
from partnerships.models import Company, CompanyContact, CompanyRequest, PartnershipConvention
from partnerships.operations.companies import record_departure
from partnerships.operations.requests import (
    WAITING_AT_MOST,
    AskedChange,
    answer_request,
    receive_request,
    set_aside_request,
)
from partnerships.request_queries import requests_searched, requests_visible_to
from schools.scope import Scope
from tests.concurrency.together import at_once
from tests.factories.partnerships import company_named, convention_at
from tests.factories.spaces import contact_of, space_of
from tests.partnerships.sql import refused, run
from tests.signing.work import work

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
NETWORK = Scope(whole_network=True)
LIST = "/entreprises/demandes/"
ASKED = AskedChange("company", "Notre adresse a changé : 3 rue Neuve, Nîmes.")
NIR = "Le numéro de Léa : 2 98 12 30 004 018 51"


@pytest.fixture
def contact(company: Company, officer: User) -> CompanyContact:
    return contact_of(company, officer)


@pytest.fixture
def asked(contact: CompanyContact) -> CompanyRequest:
    return receive_request(contact.pk, ASKED, uuid.uuid4())


class TestAsking:
    def test_it_is_received_acknowledged_and_told(self, contact: CompanyContact, officer: User) -> None:
        space = space_of(contact, officer)
        mail.outbox.clear()
        answer = space.post("demandes/", {"kind": "company", "text": ASKED.text})
        assert answer.status_code == HTTPStatus.SEE_OTHER
        asked = CompanyRequest.objects.get()
        page = space.browser.get(answer["Location"]).content.decode()
        assert f"Votre demande {asked.reference} est bien reçue" in page
        assert "3 rue Neuve" in page
        work("mailing.send_mail")
        [receipt] = [message for message in mail.outbox if contact.email in message.to[0]]
        for word in (asked.reference, "3 rue Neuve", officer.email, f"{timezone.localtime(asked.received_at):%H:%M}"):
            assert word in receipt.body
        told = Mail.objects.get(kind="partnerships.request_to_handle")
        assert (told.email, told.waits_for_digest) == (officer.email, True)
        assert asked.get_absolute_url() in preview_of(told).text

    def test_a_double_click_asks_once(self, contact: CompanyContact, officer: User) -> None:
        space = space_of(contact, officer)
        key = space.key("demandes/")
        typed = {"kind": "other", "text": "Bonjour", "form_key": key}
        answers = [space.post("demandes/", typed) for _ in range(2)]
        assert len({answer["Location"] for answer in answers}) == 1
        assert CompanyRequest.objects.count() == Mail.objects.filter(kind="partnerships.request_receipt").count() == 1

    def test_a_refusal_keeps_what_was_typed(self, contact: CompanyContact, officer: User) -> None:
        space = space_of(contact, officer)
        for typed, sentence in (
            ({"kind": "company", "text": ""}, "Écrivez votre demande"),
            ({"text": "Sans sujet"}, "Choisissez ce que vous demandez"),
            ({"kind": "cadeau", "text": "Un sujet inconnu"}, "cadeau"),
            ({"kind": "other", "text": NIR}, "numéro de sécurité sociale"),
            ({"kind": "other", "text": "Longue" * 1000}, "4000"),
        ):
            answer = space.post("demandes/", typed)
            assert answer.status_code == 422, sentence
            assert sentence in answer.content.decode()
            assert typed["text"] in answer.content.decode()
        assert not CompanyRequest.objects.exists()

    def test_the_convention_of_another_company_is_refused(self, contact: CompanyContact, officer: User) -> None:
        foreign = convention_at(workflows.SIGNED, officer, archive=True)
        draft = convention_at(workflows.DRAFT, officer, contact.company)
        for convention in (foreign, draft):
            with pytest.raises(Refused, match="une convention de votre entreprise"):
                receive_request(contact.pk, AskedChange("convention", "Changer", convention.pk), uuid.uuid4())
        space = space_of(contact, officer)
        ours = convention_at(workflows.SIGNED, officer, contact.company, archive=True)
        bad = space.post("demandes/", {"kind": "convention", "text": "Changer", "convention": foreign.pk})
        assert bad.status_code == 422
        assert (
            space.post("demandes/", {"kind": "convention", "text": "Changer", "convention": ours.pk}).status_code == 303
        )
        assert CompanyRequest.objects.get().convention == ours

    def test_requests_are_not_piled_up_for_ever(self, contact: CompanyContact) -> None:
        for _ in range(WAITING_AT_MOST):
            receive_request(contact.pk, ASKED, uuid.uuid4())
        with pytest.raises(Refused, match="attendent déjà une réponse"):
            receive_request(contact.pk, ASKED, uuid.uuid4())

    def test_whoever_left_asks_nothing(self, contact: CompanyContact, officer: User) -> None:
        record_departure(contact.pk, timezone.localdate(), officer)
        with pytest.raises(Refused, match="plus un contact"):
            receive_request(contact.pk, ASKED, uuid.uuid4())

    def test_the_requests_of_a_colleague_are_not_read(self, asked: CompanyRequest, officer: User) -> None:
        space = space_of(contact_of(asked.company, officer, "Léa Collègue"), officer)
        assert "3 rue Neuve" not in space.text("demandes/")
        for item in (str(asked.pk), "999", "x"):
            assert space.get(f"demandes/{item}/").status_code == HTTPStatus.NOT_FOUND

    def test_correcting_ones_own_address_is_a_request(self, contact: CompanyContact, officer: User) -> None:
        page = space_of(contact, officer).text("demandes/coordonnees/")
        assert re.search(r'<input[^>]+value="contact"[^>]+checked', page) or re.search(
            r'checked[^>]+value="contact"', page
        )


class TestAnswering:
    def test_only_an_officer_answers(
        self, asked: CompanyRequest, auditor: User, coordinator: User, client_of: ClientOf
    ) -> None:
        page = asked.get_absolute_url()
        for person, status in ((auditor, HTTPStatus.OK), (coordinator, HTTPStatus.NOT_FOUND)):
            with pytest.raises(NotAllowed):
                answer_request(asked.pk, "Oui", person)
            with pytest.raises(NotAllowed):
                set_aside_request(asked.pk, "Non", person)
            assert client_of(person).get(page).status_code == status
            assert client_of(person).get(LIST).status_code == status
            assert client_of(person).post(page, {"answer": "Oui"}).status_code in (403, 404)
        assert not requests_visible_to(Scope(school_ids=frozenset({1}))).exists()

    def test_the_answer_reaches_the_company(self, asked: CompanyRequest, officer: User, officer_client: Client) -> None:
        answer = officer_client.post(asked.get_absolute_url(), {"answer": "C’est corrigé."})
        assert answer.status_code == HTTPStatus.FOUND
        work("mailing.send_mail")
        [sent] = [message for message in mail.outbox if "Réponse à votre demande" in message.subject]
        assert (asked.contact.email in sent.to[0], sent.reply_to) == (True, [officer.email])
        assert "C’est corrigé." in sent.body
        assert "C’est corrigé." in space_of(asked.contact, officer).text("demandes/")

    def test_setting_aside_says_why(self, asked: CompanyRequest, officer_client: Client) -> None:
        page = asked.get_absolute_url()
        silent = officer_client.post(f"{page}?classer", {"reason": " "})
        assert silent.status_code == 422
        assert "pourquoi cette demande est classée" in silent.content.decode()
        assert officer_client.post(f"{page}?classer", {"reason": "Déjà faite"}).status_code == HTTPStatus.FOUND
        asked.refresh_from_db()
        assert (asked.status, asked.answer) == ("closed", "Déjà faite")
        work("mailing.send_mail")
        assert any("Déjà faite" in str(message.body) for message in mail.outbox)

    def test_an_answer_without_words_or_with_a_nir_is_refused(
        self, asked: CompanyRequest, officer_client: Client
    ) -> None:
        for words in ("", NIR):
            answer = officer_client.post(asked.get_absolute_url(), {"answer": words})
            assert answer.status_code == 422
            assert words in answer.content.decode()

    def test_who_answers_second_is_told(
        self, asked: CompanyRequest, officer: User, second_officer: User, client_of: ClientOf
    ) -> None:
        answer_request(asked.pk, "Oui", officer)
        with pytest.raises(Overtaken, match=f"déjà traitée par {officer}"):
            set_aside_request(asked.pk, "Non", second_officer)
        late = client_of(second_officer).post(asked.get_absolute_url(), {"answer": "Ma longue réponse"})
        assert late.status_code == 422

    def test_somebody_who_left_is_not_written_to(self, asked: CompanyRequest, officer: User) -> None:
        record_departure(asked.contact_id, timezone.localdate(), officer)
        answer_request(asked.pk, "Oui", officer)
        assert not Mail.objects.filter(kind="partnerships.request_answer").exists()


class TestTheList:
    def test_it_narrows_to_what_is_chosen(self, asked: CompanyRequest, officer: User, officer_client: Client) -> None:
        other = contact_of(company_named("Boulangerie du Peyrou", officer), officer, "Zoé Fournil")
        done = receive_request(other.pk, AskedChange("other", "Une visite ?"), uuid.uuid4())
        answer_request(done.pk, "Oui", officer)
        for query, shown in (
            ("?status=received", [asked]), ("?kind=other", [done]), ("?q=peyrou", [done]), ("?q=fournil", [done]),
            (f"?q={asked.reference}", [asked]), ("?q=RUE+neuve", [asked]), ("?q=rien", []), ("?status=inconnu", [asked, done]),
        ):  # fmt: skip
            page = officer_client.get(LIST + query).content.decode()
            assert {row.pk for row in (asked, done) if row.get_absolute_url() in page} == {row.pk for row in shown}, (
                query
            )
        assert not requests_searched(requests_visible_to(NETWORK), "99999999999999999999")

    def test_it_asks_as_much_for_three_rows(
        self, asked: CompanyRequest, officer_client: Client, same_query_count: Callable
    ) -> None:
        same_query_count(
            lambda: officer_client.get(LIST), lambda: receive_request(asked.contact_id, ASKED, uuid.uuid4())
        )

    def test_it_leaves_as_a_file_with_the_filters_on_screen(
        self, asked: CompanyRequest, officer_client: Client
    ) -> None:
        link = reverse("exports:export", args=["demandes-entreprises", "csv"])
        found = b"".join(officer_client.get(f"{link}?status=received").streaming_content).decode("utf-8-sig")
        assert asked.reference in found
        none = b"".join(officer_client.get(f"{link}?status=answered").streaming_content).decode("utf-8-sig")
        assert asked.reference not in none

    def test_the_first_page_counts_those_that_wait(
        self, asked: CompanyRequest, officer: User, officer_client: Client, coordinator: User, client_of: ClientOf
    ) -> None:
        assert "demande d’entreprise attend" in officer_client.get("/").content.decode()
        assert "demande d’entreprise" not in client_of(coordinator).get("/").content.decode()
        answer_request(asked.pk, "Oui", officer)
        assert "demande d’entreprise" not in officer_client.get("/").content.decode()


class TestTheDatabase:
    def test_what_was_asked_never_changes(self, asked: CompanyRequest) -> None:
        for column, value in (
            ("text", "Autre"),
            ("kind", "other"),
            ("received_at", timezone.now() - timedelta(days=9)),
        ):
            with refused("Données figées"):
                run(f"UPDATE partnerships_companyrequest SET {column} = %s WHERE id = %s", value, asked.pk)
        with refused("trace juridique"):
            run("DELETE FROM partnerships_companyrequest WHERE id = %s", asked.pk)

    def test_an_answer_is_given_once(self, asked: CompanyRequest, officer: User) -> None:
        answer_request(asked.pk, "Oui", officer)
        with refused("Données figées"):
            run("UPDATE partnerships_companyrequest SET answer = 'Non' WHERE id = %s", asked.pk)
        with refused("Passage interdit"):
            run("UPDATE partnerships_companyrequest SET status = 'received' WHERE id = %s", asked.pk)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_the_same_instant_asks_once(contact: CompanyContact) -> None:
    key = uuid.uuid4()
    got = at_once([lambda: receive_request(contact.pk, ASKED, key)] * 2)
    assert [row.pk for row in got] == [CompanyRequest.objects.get().pk] * 2


def test_a_convention_names_its_company(contact: CompanyContact, officer: User) -> None:
    convention: PartnershipConvention = convention_at(workflows.SIGNED, officer, contact.company, archive=True)
    row = receive_request(contact.pk, AskedChange("convention", "Changer", convention.pk), uuid.uuid4())
    assert (row.company, row.convention) == (contact.company, convention)
