"""A contact names who takes their place: one step, once, with the links that follow and those who must know."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import Refused
from e2c_portal.links.models import PersonalLink
from e2c_portal.mailing.composing import preview_of
from e2c_portal.mailing.models import Mail
from partnerships.models import Company, CompanyContact, ContactReplacement
from partnerships.operations.replacements import Successor, name_replacement
from partnerships.operations.space import grant_access
from partnerships.space_access import accesses_of
from tests.concurrency.together import at_once
from tests.factories.spaces import Space, contact_of, link_received, space_of
from tests.partnerships.sql import refused, run
from tests.signing.work import work

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LEA = {"full_name": "Léa Nouvelle", "job_title": "Recruteuse", "email": "lea@exemple.fr", "phone": "04 67 00 00 00"}


@pytest.fixture
def contact(company: Company, officer: User) -> CompanyContact:
    return contact_of(company, officer)


@pytest.fixture
def space(contact: CompanyContact, officer: User) -> Space:
    return space_of(contact, officer)


def named(**changes: Any) -> Successor:
    return replace(Successor("Léa Nouvelle", "lea@exemple.fr", timezone.localdate()), **changes)


def typed(**changes: Any) -> dict[str, Any]:
    return {**LEA, "effective_on": timezone.localdate().isoformat(), **changes}


class TestNaming:
    def test_from_today_on_the_link_changes_hands(self, space: Space, officer: User) -> None:
        mail.outbox.clear()
        answer = space.post("remplacant/", typed(leaves="on"))
        page = answer.content.decode()
        assert answer.status_code == HTTPStatus.OK
        assert "Léa Nouvelle prend votre place dès aujourd’hui" in page
        assert space.get().status_code == Client().get(space.link).status_code == HTTPStatus.GONE
        former = CompanyContact.objects.get(pk=space.contact.pk)
        successor = CompanyContact.objects.get(email="lea@exemple.fr")
        assert (former.left_on, successor.company, successor.job_title) == (
            timezone.localdate(),
            former.company,
            "Recruteuse",
        )
        assert Space(successor, link_received(successor.email)).get().status_code == HTTPStatus.OK
        subjects = {message.to[0]: message.subject for message in mail.outbox}
        assert any(former.email in to and "vous remplace" in said for to, said in subjects.items())
        told = Mail.objects.get(kind="partnerships.contact_replaced")
        assert (told.email, told.waits_for_digest) == (officer.email, True)
        assert "a désigné Léa Nouvelle à sa place" in trail_of(former.company)[0].summary

    def test_from_a_day_to_come_both_follow_until_then(self, space: Space, officer_client: Client) -> None:
        day = timezone.localdate() + 10 * DAY
        answer = space.post("remplacant/", typed(effective_on=day.isoformat(), leaves="on"))
        assert answer.status_code == HTTPStatus.SEE_OTHER
        assert "prend votre place le" in space.browser.get(answer["Location"]).content.decode()
        assert "Un remplaçant est désigné" in space.text()
        company_page = officer_client.get(space.contact.company.get_absolute_url()).content.decode()
        assert "Quitte l’entreprise le" in company_page
        assert "contact parti" not in company_page
        with time_machine.travel(timezone.now() + 9 * DAY):
            assert Client().get(space.link).status_code == HTTPStatus.SEE_OTHER
        with time_machine.travel(timezone.now() + 10 * DAY):
            assert Client().get(space.link).status_code == HTTPStatus.GONE

    def test_staying_in_the_company_closes_the_link_all_the_same(self, space: Space, officer: User) -> None:
        space.post("remplacant/", typed())
        former = CompanyContact.objects.get(pk=space.contact.pk)
        assert former.left_on is None
        assert "Léa Nouvelle a pris sa place" in accesses_of([former])[former.pk].state.meaning
        assert space.get().status_code == HTTPStatus.GONE
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            assert space_of(former, officer).get().status_code == HTTPStatus.OK, "an officer may give it back"

    def test_a_day_to_come_and_staying_then_the_officer_gives_it_back(self, space: Space, officer: User) -> None:
        day = timezone.localdate() + 2 * DAY
        space.post("remplacant/", typed(effective_on=day.isoformat()))
        with time_machine.travel(timezone.now() + 3 * DAY):
            former = CompanyContact.objects.get(pk=space.contact.pk)
            access = accesses_of([former])[former.pk]
            assert (access.state.label, access.closed) == ("Fermé", True)
            assert "Léa Nouvelle" in access.state.meaning
            assert Client().get(space.link).status_code == HTTPStatus.GONE
            grant_access(former.pk, officer)
            assert Space(former, link_received(former.email)).get().status_code == HTTPStatus.OK

    def test_a_known_address_is_that_contact(self, space: Space, officer: User) -> None:
        known = contact_of(space.contact.company, officer, "Léa Connue", email="Lea@exemple.fr", job_title="Tutrice")
        space.post("remplacant/", typed())
        assert ContactReplacement.objects.get().successor == known
        known.refresh_from_db()
        assert (known.full_name, known.job_title) == ("Léa Connue", "Tutrice"), "what the Région wrote stays"

    def test_the_other_contacts_are_told(self, space: Space, officer: User) -> None:
        colleague = contact_of(space.contact.company, officer, "Max Collègue")
        contact_of(space.contact.company, officer, "Sans Lien")
        grant_access(colleague.pk, officer)
        work("mailing.send_mail")
        space.post("remplacant/", typed())
        told = Mail.objects.get(kind="partnerships.space_contact_changed")
        assert told.email == colleague.email
        assert "Léa Nouvelle suit avec vous" in preview_of(told).text
        assert "Ouvrir la fiche" in preview_of(Mail.objects.get(kind="partnerships.contact_replaced")).html


class TestRefusals:
    def test_it_keeps_what_was_typed(self, space: Space) -> None:
        for changes, sentence in (
            ({"full_name": ""}, "Écrivez le nom de la personne"),
            ({"email": ""}, "Indiquez son adresse électronique"),
            ({"email": "pas une adresse"}, "Cette adresse n’est pas complète"),
            ({"effective_on": ""}, "Choisissez une date"),
            ({"effective_on": "2020-01-01"}, "Choisissez aujourd’hui ou un jour à venir"),
            ({"effective_on": "2099-01-01"}, "dans les douze mois qui viennent"),
            ({"email": space.contact.email.upper()}, "votre propre adresse"),
        ):
            answer = space.post("remplacant/", typed(**changes))
            page = answer.content.decode()
            assert answer.status_code == 422, sentence
            assert sentence in page
            assert "Recruteuse" in page
        assert not ContactReplacement.objects.exists()
        assert CompanyContact.objects.count() == 1

    def test_a_double_click_names_once(self, contact: CompanyContact, officer: User) -> None:
        grant_access(contact.pk, officer)
        key = uuid.uuid4()
        first, second = (name_replacement(contact.pk, named(), key) for _ in range(2))
        assert first == second
        assert CompanyContact.objects.count() == 2
        assert Mail.objects.filter(kind="partnerships.space_access", email="lea@exemple.fr").count() == 1

    def test_a_second_form_comes_too_late(self, contact: CompanyContact, officer: User) -> None:
        grant_access(contact.pk, officer)
        name_replacement(contact.pk, named(), uuid.uuid4())
        with pytest.raises(Refused, match="accès a pris fin"):
            name_replacement(contact.pk, named(email="autre@exemple.fr"), uuid.uuid4())

    def test_nobody_without_access_names_anybody(self, contact: CompanyContact) -> None:
        with pytest.raises(Refused):
            name_replacement(contact.pk, named(), uuid.uuid4())
        assert not CompanyContact.objects.filter(email="lea@exemple.fr").exists()

    def test_the_database_keeps_it_as_it_was(self, contact: CompanyContact, officer: User) -> None:
        grant_access(contact.pk, officer)
        row = name_replacement(contact.pk, named(), uuid.uuid4())
        with refused("Ligne inaltérable"):
            run("UPDATE partnerships_contactreplacement SET leaves = true WHERE id = %s", row.pk)
        with refused("Ligne inaltérable"):
            run("DELETE FROM partnerships_contactreplacement WHERE id = %s", row.pk)

    def test_a_bad_name_is_told_beside_its_field(self, contact: CompanyContact, officer: User) -> None:
        grant_access(contact.pk, officer)
        with pytest.raises(ValidationError) as refusal:
            name_replacement(contact.pk, named(full_name=" "), uuid.uuid4())
        assert "full_name" in refusal.value.error_dict


@pytest.mark.django_db(transaction=True)
class TestTogether:
    @pytest.fixture
    def two(self, company: Company, officer: User) -> list[CompanyContact]:
        contacts = [contact_of(company, officer, f"Contact {number}") for number in (1, 2)]
        for contact in contacts:
            grant_access(contact.pk, officer)
        return contacts

    def test_one_form_sent_twice_at_the_same_instant(self, two: list[CompanyContact]) -> None:
        key = uuid.uuid4()
        got = at_once([lambda: name_replacement(two[0].pk, named(), key)] * 2)
        assert [row.pk for row in got] == [ContactReplacement.objects.get().pk] * 2

    def test_two_contacts_who_name_the_same_person(self, two: list[CompanyContact]) -> None:
        acts: list[Callable[[], Any]] = [
            lambda contact=contact: name_replacement(contact.pk, named(), uuid.uuid4())  # type: ignore[misc]
            for contact in two
        ]
        got = at_once(acts)
        assert len({row.successor_id for row in got}) == 1
        assert CompanyContact.objects.filter(email="lea@exemple.fr").count() == 1
        links = PersonalLink.objects.filter(email="lea@exemple.fr")
        assert links.count() == 1
