"""The pages of Sirene imports: who may, what is refused beside the file, what the plan shows, query counts."""

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from e2c_portal.accounts.models import User
from partnerships.models import Company, SireneImport
from tests.factories.identifiers import new_siren, siret_of
from tests.factories.partnerships import company_named
from tests.factories.sirene import COMPANIES, PLACES, applied, asked_for, company_cells, extract, place_cells, read

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
HOME = "/entreprises/sirene/"


def posted(content: bytes, **fields: str) -> dict[str, object]:
    return {"file": SimpleUploadedFile("etablissements.csv", content), "scope": "known"} | fields


def test_only_officers_come_in(
    company: Company, officer: User, auditor: User, coordinator: User, client_of: ClientOf
) -> None:
    asked = read(extract([company_cells(company.siren)], COMPANIES), officer)
    for person in (auditor, coordinator):
        client = client_of(person)
        assert client.get(HOME).status_code == client.post(HOME, posted(b"siren\n")).status_code == 403
        for suffix, method in (("", client.get), ("avancement/", client.get), ("appliquer/", client.post)):
            assert method(asked.get_absolute_url() + suffix).status_code == 404
    assert HOME not in client_of(coordinator).get("/entreprises/").content.decode()
    assert SireneImport.objects.get().status == "ready"


def test_a_deposit_leads_to_its_plan(company: Company, officer_client: Client) -> None:
    assert HOME in officer_client.get("/entreprises/").content.decode()
    content = extract([company_cells(company.siren)], COMPANIES)
    answer = officer_client.post(HOME, posted(content, scope="places", replaces_names="on"))
    asked = SireneImport.objects.get()
    assert answer.headers["Location"] == asked.get_absolute_url()
    assert (asked.scope, asked.replaces_names, asked.file_name) == ("places", True, "etablissements.csv")
    page = officer_client.get(asked.get_absolute_url()).content.decode()
    assert "En lecture" in page
    assert f'hx-get="{asked.get_absolute_url()}avancement/?vu=reading-0-0"' in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"nom;ville\nX;Y\n", "n’est pas un extrait Sirene"),
        (b"PK\x03\x04", "ZIP est abîmée"),
        (b"", "Ce fichier est vide"),
    ],
)
def test_a_wrong_file_is_refused_and_the_choices_stay(content: bytes, words: str, officer_client: Client) -> None:
    answer = officer_client.post(HOME, posted(content, scope="all"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert re.search(r'<input[^>]*value="all"[^>]*checked', page)
    assert not SireneImport.objects.exists()


def test_a_file_over_the_limit_says_what_to_do(officer_client: Client, settings: object) -> None:
    settings.UPLOAD_LIMIT_BYTES = 2000  # type: ignore[attr-defined]
    content = extract([company_cells(new_siren()) for _ in range(40)], COMPANIES)
    answer = officer_client.post(HOME, posted(content))
    assert answer.status_code == 422
    assert "Mettez le CSV dans un ZIP" in answer.content.decode()


def test_the_plan_shows_old_and_new_and_its_filters(company: Company, officer: User, officer_client: Client) -> None:
    office = company.establishments.get()
    rows = [company_cells(company.siren) | place_cells(office.siret), {"siren": "123456789", "siret": "1"}]
    asked = read(extract(rows), officer)
    page = officer_client.get(asked.get_absolute_url()).content.decode()
    for words in (
        "À vérifier",
        "<del>",
        "2 rue de l’Essai",
        "12 B avenue DE LA GARE",
        "20 à 49 salariés",
        "Appliquer 1",
    ):
        assert words in page
    refused = officer_client.get(asked.get_absolute_url(), {"voir": "refused"}).content.decode()
    assert "SIREN non valable (123456789)" in refused
    assert "12 B avenue" not in refused
    assert "12 B avenue" in officer_client.get(asked.get_absolute_url(), {"voir": "n’importe quoi"}).content.decode()


def test_the_lines_leave_as_a_file_with_the_filter_on_screen(
    company: Company, officer: User, officer_client: Client, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    office = company.establishments.get()
    rows = [company_cells(company.siren) | place_cells(office.siret), {"siren": "123456789", "siret": "1"}]
    asked = read(extract(rows), officer)
    address = f"/exports/import-sirene/csv/?import={asked.public_id}"
    assert address in officer_client.get(asked.get_absolute_url()).content.decode()
    page = officer_client.get(asked.get_absolute_url(), {"voir": "refused"}).content.decode()
    assert f"{address}&amp;voir=refused" in page

    def lines(path: str) -> list[str]:
        return b"".join(officer_client.get(path)).decode("utf-8-sig").splitlines()

    assert len(lines(address)) == 3
    assert "2 rue de l’Essai → 12 B avenue DE LA GARE" in lines(address)[1]
    [_, refused] = lines(f"{address}&voir=refused")
    assert "SIREN non valable" in refused
    assert officer_client.get("/exports/import-sirene/csv/?import=x").status_code == 404
    assert client_of(coordinator).get(address).status_code == 404


def test_applying_twice_is_refused_in_words(company: Company, officer: User, officer_client: Client) -> None:
    asked = read(extract([company_cells(company.siren)], COMPANIES), officer)
    address = asked.get_absolute_url() + "appliquer/"
    assert officer_client.get(address).status_code == 405
    for words in ("En application", "déjà appliqué ou en cours"):
        assert words in officer_client.post(address, follow=True).content.decode()


def test_the_progress_is_silent_until_it_moves(company: Company, officer: User, officer_client: Client) -> None:
    asked = asked_for(extract([company_cells(company.siren)], COMPANIES), officer)
    address = asked.get_absolute_url() + "avancement/"
    htmx = {"HX-Request": "true"}
    assert officer_client.get(address).headers["Location"] == asked.get_absolute_url()
    assert officer_client.get(address, {"vu": "reading-0-0"}, headers=htmx).status_code == 204
    assert "En lecture" in officer_client.get(address, {"vu": "?"}, headers=htmx).content.decode()


def test_an_applied_import_tells_what_was_not_done(company: Company, officer: User, officer_client: Client) -> None:
    asked = read(extract([place_cells(company.establishments.get().siret)], PLACES), officer)
    company.establishments.update(address="3 place Neuve")
    applied(asked, officer)
    page = officer_client.get(asked.get_absolute_url(), {"voir": "not_applied"}).content.decode()
    assert "Non appliquée" in page
    assert "La fiche a changé depuis la lecture" in page


def test_the_pages_cost_the_same_for_more(
    company: Company, officer: User, officer_client: Client, same_query_count: Callable[..., int]
) -> None:
    def fuller(count: int) -> SireneImport:
        siren = company_named("Autre", officer).siren
        rows = [place_cells(siret_of(siren, rank)) for rank in range(2, count + 2)]
        return read(extract(rows, PLACES), officer, scope="places")

    pages = iter([fuller(1), fuller(3)])
    current = [next(pages)]

    def add() -> None:
        current[0] = next(pages, current[0])

    assert same_query_count(lambda: officer_client.get(current[0].get_absolute_url()), add) < 10
    same_query_count(lambda: officer_client.get(HOME), lambda: fuller(1))
