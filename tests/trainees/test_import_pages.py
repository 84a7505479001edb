"""The pages of imports: who comes in, what is said beside the file, the report and its filters, the query counts."""

import io
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.network import member_of
from tests.factories.spreadsheets import applied, brought, checked, csv_file, messy_rows, prescriber, xlsx
from tests.factories.trainees import limits, site_of
from trainees.models import Trainee, TraineeImport
from trainees.reads.import_columns import FIELDS

pytestmark = pytest.mark.django_db
HOME = "/stagiaires/imports/"
TITLES = ["Nom", "Prénom", "Né le"]
ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def ready_school(school: School) -> None:
    limits()
    site_of(school)
    prescriber()


@pytest.fixture
def client(coordinator: User, client_of: ClientOf) -> Client:
    return client_of(coordinator)


def posted(content: ContentFile) -> dict[str, object]:
    return {"file": SimpleUploadedFile(content.name or "", content.read())}


def test_only_those_who_lead_a_school_come_in(
    school: School, officer: User, auditor: User, client_of: ClientOf
) -> None:
    referent = member_of(school, officer, role="referent")
    for person in (referent, officer, auditor):
        client = client_of(person)
        assert (
            client.get(HOME).status_code
            == client.post(HOME, posted(csv_file([["A", "B", "1"]], TITLES))).status_code
            == 403
        )
        assert client.get(f"{HOME}modele/").status_code == 403
    assert not TraineeImport.objects.exists()


def test_another_school_neither_sees_nor_guesses(
    school: School, other_school: School, coordinator: User, officer: User, client_of: ClientOf
) -> None:
    asked = applied(checked(xlsx(messy_rows(8)), school, coordinator), coordinator)
    client = client_of(member_of(other_school, officer))
    for suffix in ("", "colonnes/", "avancement/", "refus/"):
        assert client.get(f"{HOME}{asked.public_id}/{suffix}").status_code == 404
    for suffix in ("colonnes/", "importer/", "annuler/"):
        assert client.post(f"{HOME}{asked.public_id}/{suffix}").status_code == 404
    assert asked.file_name not in client.get(HOME).content.decode()
    asked.refresh_from_db()
    assert asked.status == "applied"


def test_from_the_file_to_the_report(client: Client) -> None:
    answer = client.post(HOME, posted(csv_file([["Pons", "Léa", "12 mars 2006"]], TITLES, encoding="cp1252")))
    asked = TraineeImport.objects.get()
    address = asked.get_absolute_url()
    assert answer.headers["Location"] == f"{address}colonnes/"
    assert client.get(address).headers["Location"] == f"{address}colonnes/"
    page = client.get(f"{address}colonnes/").content.decode()
    assert "Par exemple : 12 mars 2006" in page
    assert '<option value="birth_date" selected>' in page
    refused = client.post(f"{address}colonnes/", {"column_0": "last_name", "trial_weeks": "6"})
    assert refused.status_code == 422
    assert "Choisissez la colonne « Prénom »." in refused.content.decode().replace("\u00a0", " ")
    chosen = {"column_0": "last_name", "column_1": "first_name", "column_2": "birth_date", "trial_weeks": "5"}
    assert client.post(f"{address}colonnes/", chosen).headers["Location"] == address
    page = client.get(address).content.decode()
    assert "En vérification" in page
    assert f'hx-get="{address}avancement/?vu=checking-0"' in page
    asked.refresh_from_db()
    assert (asked.trial_weeks, asked.records_arrivals) == (5, False)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (csv_file([["Pons", "Léa", "2 06 03 34 172 123 45"]], TITLES), "Rien de ce fichier n’a été conservé"),
        (ContentFile(b"\xd0\xcf\x11\xe0", name="vieux.xls"), "ancien classeur Excel"),
        (ContentFile(b"", name="vide.csv"), "Ce fichier est vide"),
    ],
)
def test_a_wrong_file_is_refused_beside_the_field(content: ContentFile, words: str, client: Client) -> None:
    content.seek(0)
    answer = client.post(HOME, posted(content))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not TraineeImport.objects.exists()


def test_the_report_says_everything_and_gives_the_refused_lines(
    school: School, coordinator: User, client: Client
) -> None:
    asked = checked(xlsx(messy_rows(20)), school, coordinator)
    page = client.get(asked.get_absolute_url()).content.decode()
    for words in ("À relire", "Importer 17", "31/02/2006", "Corriger les colonnes", "du 01/09/2026 au 31/03/2027"):
        assert words in page.replace("\u00a0", " ")
    only = client.get(asked.get_absolute_url(), {"voir": "not_done"}).content.decode()
    assert "n’est pas une date" in only
    assert "du 01/09/2026" not in only
    content = b"".join(client.get(f"{asked.get_absolute_url()}refus/"))
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert rows[0][:4] == ("Ligne du fichier", "Motif du refus", "Date naiss.", "NOM")
    assert rows[1][0] == 7
    assert "31/02/2006" in rows[1][1]
    again = brought(ContentFile(content, name="refus.xlsx"), school, coordinator)
    assert "0" not in again.mapping, "our own columns are left aside"
    assert again.mapping["2"] == "birth_date"


def test_the_template_comes_back_as_it_is(client: Client, school: School, coordinator: User) -> None:
    content = b"".join(client.get(f"{HOME}modele/"))
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Stagiaires", "Notice"]
    asked = brought(ContentFile(content, name="modele.xlsx"), school, coordinator)
    assert list(asked.mapping.values()) == [field.name for field in FIELDS]


def test_applying_and_undoing_by_the_pages(school: School, coordinator: User, client: Client) -> None:
    asked = checked(xlsx(messy_rows(4)), school, coordinator)
    assert client.get(f"{asked.get_absolute_url()}importer/").status_code == 405
    for words in ("En cours d’import", "déjà fait ou en cours"):
        assert words in client.post(f"{asked.get_absolute_url()}importer/", follow=True).content.decode()
    done = applied(checked(xlsx(messy_rows(8)[4:]), school, coordinator), coordinator)
    assert "Annuler l’import" in client.get(done.get_absolute_url()).content.decode()
    assert "En cours d’annulation" in client.post(f"{done.get_absolute_url()}annuler/", follow=True).content.decode()
    assert Trainee.objects.exists(), "the worker has not passed"


def test_the_progress_is_silent_until_it_moves(school: School, coordinator: User, client: Client) -> None:
    asked = checked(xlsx(messy_rows(4)), school, coordinator)
    client.post(f"{asked.get_absolute_url()}importer/")
    address, htmx = f"{asked.get_absolute_url()}avancement/", {"HX-Request": "true"}
    assert client.get(address).headers["Location"] == asked.get_absolute_url()
    assert client.get(address, {"vu": "applying-0"}, headers=htmx).status_code == 204
    assert "0 sur 4" in client.get(address, {"vu": "?"}, headers=htmx).content.decode()


def test_the_pages_cost_the_same_for_more(
    school: School, coordinator: User, client: Client, same_query_count: Callable[..., int]
) -> None:
    pages = iter([applied(checked(xlsx(messy_rows(count)), school, coordinator), coordinator) for count in (1, 3)])
    current = [next(pages)]

    def add() -> None:
        current[0] = next(pages, current[0])

    assert same_query_count(lambda: client.get(current[0].get_absolute_url()), add) < 15
    assert same_query_count(lambda: client.get(HOME), lambda: brought(xlsx(messy_rows(1)), school, coordinator)) < 13
