"""A company registers its people by its own space: ten at most, once each, and it never reaches another's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assises.models import Edition, Registration
from assises.operations.group_registering import Attendee, cancel_for_company, register_company_group
from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import Refused
from partnerships.models import CompanyContact
from tests.factories.assises import edition_open, somebody
from tests.factories.partnerships import company_named
from tests.factories.spaces import contact_of, space_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(officer: User) -> CompanyContact:
    return contact_of(company_named("Café de l’Étang", officer), officer, "Ana Exemple")


def colleague(number: int, **facts: str) -> Attendee:
    known = {"first_name": "Bo", "last_name": f"Collègue{number}", "email": f"bo{number}@exemple.invalid"} | facts
    return Attendee(Registration(**known), {}, f"personne-{number}")


def test_without_an_open_edition_the_page_says_when(officer: User, contact: CompanyContact) -> None:
    space = space_of(contact, officer)
    assert "Aucune édition n’est annoncée" in space.text("assises/")
    later = timezone.now() + timedelta(days=3)
    edition = edition_open(officer, registration_opens_at=later, registration_closes_at=later + timedelta(days=3))
    page = space.text("assises/")
    assert "ouvriront" in page
    assert "Inscrire ces personnes" not in page
    assert space.browser.post(space.first + "assises/", {"personne-1-first_name": "A"}).status_code == 422
    with pytest.raises(Refused, match="ouvriront"):
        register_company_group(edition.pk, contact.pk, [colleague(1)])
    assert not Registration.objects.exists()


def test_ten_people_of_a_company_and_no_more(officer: User, contact: CompanyContact) -> None:
    edition = edition_open(officer)
    with pytest.raises(Refused, match="au moins une personne"):
        register_company_group(edition.pk, contact.pk, [])
    register_company_group(edition.pk, contact.pk, [colleague(n) for n in range(8)])
    with pytest.raises(Refused, match="et 8 le sont déjà"):
        register_company_group(edition.pk, contact.pk, [colleague(n) for n in range(10, 13)])
    # Sent again, what is done already is no refusal and writes nothing.
    assert register_company_group(edition.pk, contact.pk, [colleague(1), colleague(2)]).sent_before
    assert Registration.objects.count() == 8


def test_the_page_registers_shows_and_cancels(officer: User, contact: CompanyContact) -> None:
    edition = edition_open(officer, quotas={"company": 2})
    somebody(edition, email="pris@exemple.invalid")
    space = space_of(contact, officer)
    assert f'value="{contact.email}"' in space.text("assises/"), "oneself is on the first line"
    typed = {
        "personne-1-first_name": "Ana", "personne-1-last_name": "Exemple", "personne-1-email": contact.email,
        "personne-2-first_name": "Bo", "personne-2-last_name": "Exemple",
    }  # fmt: skip
    assert "Indiquez l’adresse" in space.post("assises/", typed).content.decode()
    assert not Registration.objects.filter(origin="company").exists()
    answer = space.post("assises/", typed | {"personne-2-email": "pris@exemple.invalid"})
    text = answer.content.decode().replace("\xa0", " ")
    assert answer.status_code == 422
    assert "Bo Exemple : Une inscription existe déjà" in text
    assert "1 personne enregistrée : 1 inscrite." in text
    answer = space.post("assises/", typed | {"personne-2-email": "bo@exemple.invalid"})
    assert (answer.status_code, answer.headers["Location"].endswith("assises/fait/")) == (303, True)
    rows = Registration.objects.filter(origin="company")
    assert {(row.category, row.company, row.organisation, row.status) for row in rows} == {
        ("company", contact.company, "Café de l’Étang", "confirmed")
    }
    row = rows.get(email="bo@exemple.invalid")
    assert "Bo Exemple" in space.text("assises/fait/")
    assert space.post("assises/", {"annuler": row.pk}).status_code == 303
    row.refresh_from_db()
    assert row.status == "cancelled"
    assert "annulée" in space.text("assises/annulee/")


def test_another_company_reaches_nothing(officer: User, contact: CompanyContact) -> None:
    edition = edition_open(officer)
    row = register_company_group(edition.pk, contact.pk, [colleague(1)]).registered[0]
    other = contact_of(company_named("Voisine", officer), officer, "Eve Voisine")
    space = space_of(other, officer)
    assert "Collègue1" not in space.text("assises/")
    assert space.post("assises/", {"annuler": row.pk}).status_code == 404
    assert space.post("assises/", {"annuler": "x"}).status_code == 404
    with pytest.raises(Refused, match="votre entreprise"):
        cancel_for_company(row.pk, other.pk)
    # Somebody whom the company did not register itself is not its own either.
    guest = somebody(edition, "company", company=contact.company)
    with pytest.raises(Refused, match="votre entreprise"):
        cancel_for_company(guest.pk, contact.pk)
    assert Edition.objects.get().registrations.filter(status="confirmed").count() == 2
