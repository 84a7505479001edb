"""Companies and ceremonies in the admin: saved by operations, refused in French, nothing half-written."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from partnerships.models import Company, CompanyContact, Establishment, SigningEvent
from tests.factories.identifiers import new_siren, siret_of
from tests.factories.partnerships import company_named

ADD = "/gestion/partnerships/company/add/"


def change(company: Company) -> str:
    return f"/gestion/partnerships/company/{company.pk}/change/"


def posted(initial: dict[str, int] | None = None, **fields: Any) -> dict[str, Any]:
    """Return what the page posts: the company, and the counts of its two lists of lines."""
    data: dict[str, Any] = {"legal_name": "Essai", "siren": "", "legal_form": "", "note": "", "revision_seen": 1}
    for name, count in ({"establishments": 0, "contacts": 0} | (initial or {})).items():
        data |= {f"{name}-TOTAL_FORMS": count + 1, f"{name}-INITIAL_FORMS": count}
        data |= {f"{name}-MIN_NUM_FORMS": 0, f"{name}-MAX_NUM_FORMS": 1000}
    return data | fields


def test_a_company_is_added_with_its_head_office(officer_client: Client, officer: User) -> None:
    siren = new_siren()
    data = posted(siren=siren) | {
        "establishments-0-name": "Siège",
        "establishments-0-siret": siret_of(siren),
        "establishments-0-is_head_office": "on",
        "contacts-0-full_name": "Jeanne Exemple",
    }
    assert officer_client.post(ADD, data).status_code == 302
    company = Company.objects.get()
    assert (company.establishments.get().siret, company.contacts.get().full_name) == (siret_of(siren), "Jeanne Exemple")
    for row in (company, company.establishments.get(), company.contacts.get()):
        assert [(entry.actor, entry.summary) for entry in trail_of(row)] == [(officer, "Fiche créée")]


def test_a_wrong_siret_writes_nothing_and_keeps_what_was_typed(officer_client: Client) -> None:
    data = posted(legal_name="Nom gardé") | {
        "establishments-0-name": "Siège",
        "establishments-0-siret": "73282932000079",
    }
    html = officer_client.post(ADD, data).content.decode()
    assert "Ce SIRET n’est pas valable" in html
    assert 'value="Nom gardé"' in html
    assert not Company.objects.exists()


def test_a_siret_of_another_company_writes_nothing(officer_client: Client) -> None:
    data = posted(siren=new_siren()) | {
        "establishments-0-name": "Siège",
        "establishments-0-siret": siret_of(new_siren()),
    }
    html = officer_client.post(ADD, data).content.decode()
    assert "ne commence pas par le SIREN" in html
    assert 'value="Siège"' in html
    assert not Company.objects.exists()
    assert not Establishment.objects.exists()


def test_a_siren_is_held_once(officer_client: Client, officer: User) -> None:
    company = company_named("Première", officer)
    html = officer_client.post(ADD, posted(siren=company.siren)).content.decode()
    assert "Une entreprise porte déjà ce SIREN" in html
    assert Company.objects.count() == 1


def test_only_what_changed_is_written(officer_client: Client, company: Company) -> None:
    office = company.establishments.get()
    data = posted({"establishments": 1}, legal_name="Nouveau nom", siren=company.siren) | {
        "establishments-0-id": office.pk,
        "establishments-0-company": company.pk,
        "establishments-0-name": office.name,
        "establishments-0-siret": office.siret,
        "establishments-0-is_head_office": "on",
        "establishments-0-address": office.address,
        "establishments-0-postal_code": office.postal_code,
        "establishments-0-city": office.city,
    }
    assert officer_client.post(change(company), data).status_code == 302
    assert [entry.summary for entry in trail_of(company)] == ["Fiche modifiée : nom", "Fiche créée"]
    assert [entry.summary for entry in trail_of(office)] == ["Fiche créée"]


def test_a_contact_belongs_to_an_establishment_of_its_company(
    officer_client: Client, officer: User, company: Company
) -> None:
    elsewhere = company_named("Autre", officer).establishments.get()
    html = officer_client.get(change(company)).content.decode()
    here = company.establishments.get()
    # With its name: another list may hold the same number.
    assert f'<option value="{here.pk}">{here}' in html
    assert f'<option value="{elsewhere.pk}">{elsewhere}' not in html
    data = posted(siren=company.siren) | {"contacts-0-full_name": "Jeanne", "contacts-0-establishment": elsewhere.pk}
    officer_client.post(change(company), data)
    assert not CompanyContact.objects.exists()


def test_search_ignores_accents(officer_client: Client, officer: User) -> None:
    company_named("Électricité de l’Hérault", officer)
    company_named("Menuiserie", officer)
    rows = officer_client.get("/gestion/partnerships/company/", {"q": "herault"}).context["cl"].result_list
    assert [row.legal_name for row in rows] == ["Électricité de l’Hérault"]


def test_the_history_is_the_trail(officer_client: Client, company: Company) -> None:
    html = officer_client.get(change(company).replace("change", "history"), follow=True).content.decode()
    assert "Fiche créée" in html
    assert "Claire Garrigue" in html


def test_an_auditor_reads_and_writes_nothing(
    auditor: User, client_of: Callable[[User], Client], company: Company
) -> None:
    client = client_of(auditor)
    html = client.get(change(company)).content.decode()
    assert company.legal_name in html
    assert 'name="legal_name"' not in html
    assert client.post(change(company), posted()).status_code == 403
    assert client.get(ADD).status_code == 403


def test_query_count_of_a_company(
    officer_client: Client, company: Company, same_query_count: Callable[..., int]
) -> None:
    CompanyContact.objects.create(company=company, full_name="Un")

    def add() -> None:
        CompanyContact.objects.create(company=company, full_name="Autre")
        Establishment.objects.create(company=company, name="Agence")

    assert same_query_count(lambda: officer_client.get(change(company)), add) <= 8


def test_a_ceremony_is_added_and_kept_once(officer_client: Client, officer: User) -> None:
    data = {"name": "4es Assises", "held_on": "2015-12-10", "place": "", "city": "Montpellier", "sources": ""}
    address = "/gestion/partnerships/signingevent/add/"
    officer_client.post(address, data)
    assert [entry.actor for entry in trail_of(SigningEvent.objects.get())] == [officer]
    assert officer_client.post(address, data).status_code == 422
    assert SigningEvent.objects.count() == 1
