"""Partial diffusion at every exit: list, page, admin, search, exports, public answer. The contract alone names its party."""

import csv
import io
from collections.abc import Callable, Iterable

import pytest
from django.test import Client
from django.urls import reverse

from e2c_portal.accounts.models import User
from partnerships.diffusion import HIDDEN, hides_name, shown_address, shown_name
from partnerships.documents import content_of, public_facts
from partnerships.models import Company, Establishment, PartnershipConvention
from partnerships.operations.companies import save_record
from partnerships.operations.merging import merge_companies
from partnerships.operations.sealing import seal_convention
from tests.factories.ceremonies import ceremony_on
from tests.factories.deliveries import reported
from tests.factories.partnerships import company_named, convention_at
from tests.factories.sirene import BOTH, applied, company_cells, extract, place_cells, read

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
NAME, STREET = "Marie Dupré", "7 impasse des Lilas"


@pytest.fixture
def trader(officer: User) -> Company:
    """A sole trader in partial diffusion, partner of the Région: she gave her name and address for her convention."""
    company = company_named(NAME, officer)
    company.legal_category, company.diffusion_status = "1000", "P"
    save_record(company, officer)
    place = company.establishments.get()
    place.name, place.address, place.city, place.diffusion_status = f"{NAME} jardins", STREET, "Sète", "P"
    save_record(place, officer)
    return company


@pytest.fixture
def convention(trader: Company, officer: User) -> PartnershipConvention:
    return convention_at("signed", officer, trader, archive=True)


def hidden_in(text: str) -> bool:
    return not any(word in text for word in (NAME, STREET, "34000"))


def rows_of(answer: object) -> list[dict[str, str]]:
    content = b"".join(answer.streaming_content) if getattr(answer, "streaming", False) else answer.content  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize(
    ("status", "category", "hidden"),
    [("P", "1000", True), ("P", "", True), ("P", "5710", False), ("O", "1000", False), ("", "", False)],
)
def test_a_name_is_hidden_unless_it_is_known_as_a_legal_person(status: str, category: str, hidden: bool) -> None:
    company = Company(legal_name=NAME, siren="356000000", diffusion_status=status, legal_category=category)
    assert hides_name(company) is hidden
    assert (NAME in shown_name(company)) is not hidden
    assert shown_name(company, writer=True) == NAME


@pytest.mark.parametrize(("of_place", "of_company", "hidden"), [("P", "", True), ("O", "P", True), ("O", "O", False)])
def test_an_address_is_hidden_by_its_own_status_or_its_companys(of_place: str, of_company: str, hidden: bool) -> None:
    company = Company(diffusion_status=of_company)
    place = Establishment(
        company=company, address=STREET, postal_code="34200", city="Sète", diffusion_status=of_place
    )  # fmt: skip
    assert shown_address(place) == ("Sète, adresse en diffusion partielle" if hidden else f"{STREET}, 34200 Sète")
    assert shown_address(place, writer=True) == f"{STREET}, 34200 Sète"


def test_officers_read_it_under_a_notice(
    convention: PartnershipConvention, trader: Company, officer_client: Client
) -> None:
    page = officer_client.get(trader.get_absolute_url()).content.decode()
    assert NAME in page
    assert STREET in page
    assert "ne vous en servez pas pour prospecter" in page
    assert NAME in officer_client.get("/entreprises/").content.decode()
    assert NAME in officer_client.get("/conventions/").content.decode()


def test_schools_read_it_nowhere(
    convention: PartnershipConvention, trader: Company, coordinator: User, client_of: ClientOf
) -> None:
    client = client_of(coordinator)
    page = client.get(trader.get_absolute_url()).content.decode()
    assert hidden_in(page)
    assert "Sète, adresse en diffusion partielle" in page
    for address in ("/entreprises/", "/conventions/", "/conventions/engagements/"):
        assert hidden_in(client.get(address).content.decode())


def test_a_merge_does_not_tell_the_name_to_schools(
    trader: Company, officer: User, coordinator: User, client_of: ClientOf
) -> None:
    double = company_named(f"{NAME} Paysagiste", officer, siren="", head_office=False)
    merge_companies(double.pk, trader.pk, officer)
    client = client_of(coordinator)
    assert hidden_in(client.get(trader.get_absolute_url()).content.decode())
    assert hidden_in(client.get(double.get_absolute_url(), follow=True).content.decode())
    assert trader.get_absolute_url() not in client.get("/entreprises/", {"q": "paysagiste"}).content.decode()


@pytest.mark.parametrize("typed", ["Dupré", "lilas", STREET])
def test_no_search_finds_it_by_name_or_address_for_schools(
    typed: str, trader: Company, coordinator: User, client_of: ClientOf
) -> None:
    assert trader.get_absolute_url() not in client_of(coordinator).get("/entreprises/", {"q": typed}).content.decode()


@pytest.mark.parametrize("path", ["/conventions/", "/conventions/engagements/", "/exports/conventions/csv/"])
def test_its_convention_is_found_by_number_and_siren_alone_by_schools(
    path: str, convention: PartnershipConvention, trader: Company, coordinator: User, client_of: ClientOf
) -> None:
    client = client_of(coordinator)

    def found(words: str) -> bool:
        answer = client.get(path, {"q": words})
        return convention.number in (answer.content if not answer.streaming else b"".join(answer)).decode()

    assert found(convention.number)
    assert found(trader.siren)
    assert not found("Dupré")
    assert not found("jardins")


def test_its_siren_and_siret_lead_to_it(trader: Company, coordinator: User, client_of: ClientOf) -> None:
    client = client_of(coordinator)
    for number in (trader.siren, trader.establishments.get().siret):
        assert trader.get_absolute_url() in client.get("/entreprises/", {"q": number}).content.decode()


def test_officers_search_by_name_and_nobody_by_address(trader: Company, officer_client: Client) -> None:
    assert trader.get_absolute_url() in officer_client.get("/entreprises/", {"q": "dupré"}).content.decode()
    assert trader.get_absolute_url() not in officer_client.get("/entreprises/", {"q": "lilas"}).content.decode()


def test_no_file_holds_it_whoever_takes_it(
    convention: PartnershipConvention, trader: Company, officer: User, officer_client: Client
) -> None:
    [row] = rows_of(officer_client.get("/exports/entreprises/csv/"))
    assert (row["Entreprise"], row["Adresse du siège"], row["Diffusion"]) == (HIDDEN, HIDDEN, HIDDEN)
    [told] = rows_of(officer_client.get("/exports/conventions/csv/"))
    assert (told["Entreprise"], told["Titre"]) == (HIDDEN, "Convention de partenariat avec [diffusion partielle]")
    reported(convention, officer)
    ceremony = ceremony_on(None, officer, convention_at("deliberated", officer, trader, object="Autre objet"))
    for path in (
        "/exports/gestion-entreprises/csv/", "/exports/gestion-conventions/csv/", "/exports/engagements/csv/",
        "/exports/realisations-a-confirmer/csv/", f"/exports/realisations/csv/?convention={convention.pk}&engagement=1",
        f"/exports/ceremonie/csv/?ceremonie={ceremony.pk}",
    ):  # fmt: skip
        rows = rows_of(officer_client.get(path))
        assert rows
        assert all(hidden_in(" ".join(row.values())) for row in rows)


def test_a_file_holds_the_address_of_others(company: Company, officer_client: Client) -> None:
    [row] = rows_of(officer_client.get("/exports/entreprises/csv/"))
    assert row["Adresse du siège"] == "2 rue de l’Essai, 34000 Montpellier"


def test_the_admin_tells_an_auditor_no_more(trader: Company, auditor: User, client_of: ClientOf) -> None:
    client = client_of(auditor)
    for address in (
        reverse("admin:partnerships_company_changelist"),
        reverse("admin:partnerships_company_change", args=[trader.pk]),
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert hidden_in(answer.content.decode())
    found = client.get(reverse("admin:partnerships_company_changelist"), {"q": "dupré"}).content.decode()
    assert f"/{trader.pk}/change/" not in found


def test_the_contract_names_its_party_and_the_public_answer_does_not(
    trader: Company, officer: User, seal_key: None
) -> None:
    convention = convention_at("approved", officer, trader)
    printed = content_of(convention)["company"]
    assert (printed["printed_name"], printed["address_lines"][0]) == (NAME, STREET)
    document = seal_convention(convention, officer)
    assert NAME in document.title
    assert hidden_in(" ".join(flat(public_facts(document))))
    assert dict(public_facts(document))["Entreprise"].startswith(HIDDEN)


def flat(facts: Iterable[tuple[str, str]]) -> Iterable[str]:
    for pair in facts:
        yield from pair


def test_an_import_marks_the_record_and_brings_nothing_personal(company: Company, officer: User) -> None:
    office = company.establishments.get()
    siret = office.siret
    cells = company_cells(company.siren, statutDiffusionUniteLegale="P", categorieJuridiqueUniteLegale="1000")
    cells |= place_cells(siret, statutDiffusionEtablissement="P", libelleVoieEtablissement="DU SECRET")
    asked = read(extract([cells], BOTH), officer, replaces_names=True)
    assert "SECRET" not in str(asked.lines.get().changes)
    assert "FABRIQUE" not in str(asked.lines.get().changes)
    applied(asked, officer)
    company.refresh_from_db()
    office.refresh_from_db()
    assert (company.diffusion_status, office.diffusion_status, office.address) == ("P", "P", "2 rue de l’Essai")
    assert hides_name(company)
