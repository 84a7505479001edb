"""The pages of companies: rights, search, doubles told before creating, departures, exchanges, query counts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from partnerships.likeness import bare_name
from partnerships.models import Company, CompanyContact, CompanyExchange
from partnerships.operations.companies import note_exchange, save_record
from partnerships.operations.conventions import Promise
from partnerships.queries import likely_doubles
from schools.scope import Scope
from tests.factories.deliveries import declared, promised
from tests.factories.partnerships import company_named, convention_at
from tests.partnerships.test_names_alike import measured

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
NETWORK = Scope(whole_network=True)
TWELVE = Promise("internships", "Découverte", 12, "stages", "par an")
LIST, NEW = "/entreprises/", "/entreprises/nouvelle/"


def contact_of(company: Company, actor: User, **facts: object) -> CompanyContact:
    return save_record(CompanyContact(company=company, full_name="Ana Exemple", **facts), actor)


def test_who_works_nowhere_sees_no_company(company: Company, stranger: User, client_of: ClientOf) -> None:
    client = client_of(stranger)
    for address in (LIST, company.get_absolute_url(), "/entreprises/999/"):
        assert client.get(address).status_code == 404


def test_a_school_adds_and_notes_but_corrects_nothing(
    company: Company, coordinator: User, officer: User, client_of: ClientOf
) -> None:
    contact = contact_of(company, officer)
    client = client_of(coordinator)
    page = client.get(company.get_absolute_url())
    assert page.status_code == 200
    text = page.content.decode()
    assert "Noter un échange" in text
    assert "Noter son départ" not in text
    assert "Modifier la fiche" not in text
    for address in (NEW, "/entreprises/ressemblances/", reverse("companies:exchange_new", args=[company.pk])):
        assert client.get(address).status_code == 200
    closed = [reverse("companies:merge_choose", args=[company.pk])]
    closed += [reverse("companies:contact_departure", args=[company.pk, contact.pk])]
    for address in closed:
        assert client.get(address).status_code == 403
        assert client.post(address).status_code in (403, 405)


@pytest.mark.parametrize("typed", ["fabrique oc", "FÀBRIQUE", "d'oc"])
def test_the_search_forgets_accents_and_case(
    typed: str, company: Company, officer: User, officer_client: Client
) -> None:
    company_named("Autre", officer)
    page = officer_client.get(LIST, {"q": typed}).content.decode()
    assert company.legal_name.replace("’", "’") in page
    assert ">Autre<" not in page


def test_a_siren_is_found_with_its_spaces(company: Company, officer_client: Client) -> None:
    spaced = " ".join((company.siren[:3], company.siren[3:6], company.siren[6:]))
    assert company.get_absolute_url() in officer_client.get(LIST, {"q": spaced}).content.decode()


def test_a_keystroke_gets_the_list_alone(company: Company, officer_client: Client) -> None:
    text = officer_client.get(LIST, {"q": "fab"}, headers={"HX-Request": "true"}).content.decode()
    assert text.strip().startswith('<div id="liste-entreprises">')
    assert "<html" not in text


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Sté Dupont SARL", "ste dupont"),
        ("Société DUPONT", "dupont"),
        ("La Poste S.A.", "la poste ."),
        ("SARL", "sarl"),
    ],
)
def test_legal_forms_are_no_part_of_a_name(name: str, bare: str) -> None:
    assert bare_name(name).strip(" .") == bare.strip(" .").removeprefix("ste ")


@pytest.mark.parametrize("typed", ["Société Fabrique d'Oc", "FABRIQUE D OC", "Fabrik d’Oc", "La Fabrique d’Oc SAS"])
def test_names_alike_are_found(typed: str, company: Company) -> None:
    assert likely_doubles(NETWORK, typed) == [company]


@pytest.mark.parametrize("typed", ["Boulangerie du Peyrou", "Oc", "x", ""])
def test_other_names_are_not_announced(typed: str, company: Company) -> None:
    assert likely_doubles(NETWORK, typed) == [] or typed == "Oc"


def test_names_that_hold_the_very_words_are_those_that_comparison_finds_first(officer: User) -> None:
    Company.objects.bulk_create(Company(legal_name=f"Garage des Oliviers {n % 7}-{n}") for n in range(12))
    Company.objects.bulk_create([Company(legal_name="Le Garage des Oliviers"), Company(legal_name="Garage du Pont")])
    compared = measured("garage des oliviers")[:8]
    assert likely_doubles(NETWORK, "SARL Garage des Oliviers") == compared
    besides = likely_doubles(NETWORK, "Garage des Oliviers", besides=compared[0].pk)
    assert besides[:7] == compared[1:]


def test_the_same_siren_comes_first(company: Company, officer: User) -> None:
    company_named("Tout autre nom", officer)
    [first] = likely_doubles(NETWORK, "Sans rapport", company.siren)
    assert first == company
    assert first.same_siren == 1


def test_a_double_is_told_before_it_is_created(company: Company, officer_client: Client) -> None:
    typed = {"legal_name": "Fabrique d'Oc"}
    page = officer_client.post(NEW, typed).content.decode()
    assert "Une fiche ressemble à celle-ci" in page
    assert company.get_absolute_url() in page
    assert Company.objects.count() == 1
    answer = officer_client.post(NEW, typed | {"confirmed": "on"})
    assert answer.status_code == 302
    assert Company.objects.count() == 2


def test_a_siren_taken_is_refused_even_when_confirmed(company: Company, officer_client: Client) -> None:
    page = officer_client.post(NEW, {"legal_name": "X", "siren": company.siren, "confirmed": "on"}).content.decode()
    assert "même SIREN" in page
    assert Company.objects.count() == 1


def test_a_company_without_likeness_is_created_at_once(officer_client: Client) -> None:
    answer = officer_client.post(NEW, {"legal_name": "Boulangerie du Peyrou", "siren": "356 000 000"})
    company = Company.objects.get()
    assert (answer.headers["Location"], company.siren) == (company.get_absolute_url(), "356000000")


def test_a_departure_is_noted_once(company: Company, officer: User, officer_client: Client) -> None:
    contact = contact_of(company, officer)
    address = reverse("companies:contact_departure", args=[company.pk, contact.pk])
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "une fois qu’il a eu lieu" in officer_client.post(address, {"left_on": tomorrow}).content.decode()
    today = timezone.localdate()
    assert officer_client.post(address, {"left_on": today}).status_code == 302
    assert "déjà noté" in officer_client.post(address, {"left_on": today}).content.decode()
    page = officer_client.get(company.get_absolute_url()).content.decode()
    assert "1\N{NO-BREAK SPACE}contact parti" in page


def test_the_contact_of_another_company_is_not_found(company: Company, officer: User, officer_client: Client) -> None:
    contact = contact_of(company_named("Autre", officer), officer)
    address = reverse("companies:contact_departure", args=[company.pk, contact.pk])
    assert officer_client.get(address).status_code == 404


def test_an_exchange_to_come_or_with_a_stranger_is_refused(
    company: Company, officer: User, officer_client: Client
) -> None:
    address = reverse("companies:exchange_new", args=[company.pk])
    tomorrow = timezone.localdate() + timedelta(days=1)
    page = officer_client.post(address, {"kind": "call", "held_on": tomorrow}).content.decode()
    assert "une fois qu’il a eu lieu" in page
    other = contact_of(company_named("Autre", officer), officer)
    page = officer_client.post(address, {"kind": "call", "held_on": timezone.localdate(), "contact": other.pk})
    assert page.status_code == 422
    assert not CompanyExchange.objects.exists()


def test_an_exchange_sent_twice_is_noted_once(company: Company, officer_client: Client) -> None:
    address = reverse("companies:exchange_new", args=[company.pk])
    shown = officer_client.get(address)
    typed = {"kind": "call", "held_on": timezone.localdate(), "form_token": shown.context["form"]["form_token"].value()}
    assert f'value="{typed["form_token"]}"' in shown.content.decode()
    for _ in range(2):
        assert officer_client.post(address, typed).status_code == 302
    assert CompanyExchange.objects.count() == 1
    changed = officer_client.post(address, typed | {"summary": "Autre chose"})
    assert changed.status_code == 422
    assert CompanyExchange.objects.count() == 1
    again = changed.context["form"]["form_token"].value()
    assert officer_client.post(address, typed | {"summary": "Autre chose", "form_token": again}).status_code == 302
    assert CompanyExchange.objects.count() == 2


def test_a_partner_nobody_met_is_pointed_out(company: Company, officer: User, officer_client: Client) -> None:
    words = "Aucun échange noté depuis un an"
    declared(promised(TWELVE, actor=officer, company=company), officer)
    page = officer_client.get(company.get_absolute_url()).content.decode()
    assert words in page
    assert "Partenaire en sommeil" not in page
    officer_client.post(
        reverse("companies:exchange_new", args=[company.pk]),
        {"kind": "visit", "held_on": timezone.localdate(), "summary": "Visite de l’atelier"},
    )
    page = officer_client.get(company.get_absolute_url()).content.decode()
    assert words not in page
    assert "Visite de l’atelier" in page


def test_a_partner_that_just_began_is_left_in_peace(company: Company, officer: User, officer_client: Client) -> None:
    declared(promised(TWELVE, months_ago=1, actor=officer, company=company), officer)
    page = officer_client.get(company.get_absolute_url()).content.decode()
    assert "En vigueur" in page
    assert "Aucun échange noté depuis un an" not in page


def test_the_page_tells_everything(company: Company, officer: User, officer_client: Client) -> None:
    convention = convention_at("signed", officer, company, archive=True)
    contact_of(company, officer, email="ana@exemple.invalid")
    page = officer_client.get(company.get_absolute_url()).content.decode()
    for words in (
        convention.number,
        "Ana Exemple",
        "2 rue de l’Essai",
        "Accueil en stage",
        "12 stages par an",
        "Fiche créée",
    ):
        assert words in page


def test_the_list_costs_the_same_for_more_companies(
    company: Company, officer: User, officer_client: Client, same_query_count: Callable[..., int]
) -> None:
    same_query_count(lambda: officer_client.get(LIST), lambda: company_named("Encore une", officer))


def test_the_page_costs_the_same_for_a_fuller_company(
    company: Company, officer: User, officer_client: Client, same_query_count: Callable[..., int]
) -> None:
    def add() -> None:
        convention_at(
            "signed",
            officer,
            company,
            archive=True,
            object=f"Objet {Company.objects.count()} {company.conventions.count()}",
        )
        contact = contact_of(company, officer)
        note_exchange(
            CompanyExchange(company=company, contact=contact, held_on=timezone.localdate(), kind="call"), officer
        )

    add()
    assert same_query_count(lambda: officer_client.get(company.get_absolute_url()), add) < 18
