"""The lists as files: rights first, then the rows on screen and no other, then the trace."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.exports.lists import ComputedRows, _lists, all_lists
from partnerships.models import Company
from partnerships.operations.companies import save_record
from tests.factories.identifiers import new_siren
from tests.factories.partnerships import company_named, convention_at, drafted

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
OF_THE_PAGES = (
    "actions", "assises", "ceremonies", "conventions", "engagements",
    "entreprises", "ecoles", "realisations-a-confirmer", "absences", "accidents",
    "accueils", "conventions-de-stage-a-signer", "etats-mensuels", "limites-legales", "attestations",
    "offres-de-stage", "signalements-tuteurs", "stages", "stagiaires", "suivis", "transferts", "visites",
    "couverture-referentiels", "evaluations-entreprise", "lignes-competences", "referentiels-competences",
)  # fmt: skip
# What companies write to the Région is not for schools.
OF_THE_REGION = (
    "demandes-entreprises",
    "doublons",
    "exploitation-controles",
    "exploitation-files",
    "exploitation-pannes",
)
# Of approaches the network reads figures alone, and takes no file.
OF_A_SCHOOL = ("demarches",)
# The list of one record, named in the address: its own tests read it.
OF_ONE_RECORD = (
    "ceremonie", "chiffres-competences", "etat-mensuel", "import-sirene", "inscriptions-assises", "realisations", "reponses-assises",
    "assises-attestations", "assises-avis", "assises-avis-mots", "assises-messages", "passages", "lignes-chiffre",
)  # fmt: skip
OF_THE_ADMIN = ("documents", "gestion-conventions", "gestion-entreprises", "gestion-ecoles")


def address(name: str, extension: str = "csv") -> str:
    return reverse("exports:export", args=[name, extension])


def rows_of(answer: HttpResponseBase) -> list[list[str]]:
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_every_list_is_there() -> None:
    assert {listing.name for listing in all_lists()} == {
        *OF_THE_PAGES, *OF_THE_REGION, *OF_THE_ADMIN, *OF_A_SCHOOL, *OF_ONE_RECORD,
    }  # fmt: skip


@pytest.mark.parametrize("name", OF_THE_PAGES + OF_THE_REGION + OF_THE_ADMIN + OF_A_SCHOOL + OF_ONE_RECORD)
def test_who_works_nowhere_finds_no_list(name: str, stranger: User, client_of: ClientOf) -> None:
    assert client_of(stranger).get(address(name)).status_code == 404
    assert not trail_of(stranger).exists()


@pytest.mark.parametrize("name", OF_THE_REGION + OF_THE_ADMIN)
def test_a_school_finds_no_list_of_the_region(name: str, coordinator: User, client_of: ClientOf) -> None:
    assert client_of(coordinator).get(address(name)).status_code == 404


def test_an_unknown_list_or_format_does_not_exist(officer_client: Client) -> None:
    assert officer_client.get(address("inconnue")).status_code == 404
    assert officer_client.get(address("entreprises", "pdf")).status_code == 404
    assert officer_client.post(address("entreprises")).status_code == 405


def test_a_filter_that_the_admin_refuses_gives_no_file(officer_client: Client) -> None:
    assert officer_client.get(address("documents"), {"status__inconnu": "x"}).status_code == 404


@pytest.mark.parametrize("extension", ["xlsx", "csv", "ods"])
@pytest.mark.parametrize("name", OF_THE_PAGES + OF_THE_REGION + OF_THE_ADMIN)
def test_every_list_leaves_in_every_format(name: str, extension: str, officer: User, officer_client: Client) -> None:
    drafted(officer)
    answer = officer_client.get(address(name, extension))
    assert answer.status_code == 200
    assert f'filename="{name}-' in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert len(b"".join(answer.streaming_content)) > 50  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", OF_A_SCHOOL)
def test_a_list_of_a_school_leaves_for_it_alone(
    name: str, coordinator: User, officer_client: Client, client_of: ClientOf
) -> None:
    assert officer_client.get(address(name)).status_code == 404
    assert client_of(coordinator).get(address(name)).status_code == 200


def test_the_rows_are_those_on_screen(officer: User, officer_client: Client) -> None:
    company_named("Café de l’Étang", officer)
    company_named("Autre", officer)
    titles, row = rows_of(officer_client.get(address("entreprises"), {"q": "etang", "page": "7"}))
    assert titles[:2] == ["Entreprise", "SIREN"]
    assert (row[0], row[4], row[6]) == ("Café de l’Étang", "1", "Montpellier")


def test_all_pages_leave_together(officer: User, officer_client: Client) -> None:
    for number in range(30):
        company_named(f"Entreprise {number:02d}", officer, head_office=False)
    assert len(rows_of(officer_client.get(address("entreprises")))) == 31


def test_the_admin_gives_its_own_filters(officer: User, officer_client: Client) -> None:
    draft = drafted(officer)
    signed = convention_at("signed", officer, archive=True)
    found = rows_of(officer_client.get(address("gestion-conventions"), {"situation": "draft"}))
    assert [row[0] for row in found[1:]] == [draft.number]
    found = rows_of(officer_client.get(address("conventions"), {"situation": "active"}))
    assert [row[0] for row in found[1:]] == [signed.number]


def test_an_export_leaves_a_trace_with_its_filters(officer: User, officer_client: Client) -> None:
    company_named("Étang", officer)
    officer_client.get(address("entreprises"), {"q": "etang", "page": "2"})
    entry = trail_of(officer).filter(action="export").get()
    assert entry.actor == officer
    assert entry.summary.startswith("Export CSV de « Entreprises » : 1")
    assert entry.detail == {"list": "entreprises", "format": "csv", "filters": {"q": ["etang"]}, "rows": 1}


def test_a_hostile_name_leaves_disarmed(officer: User, officer_client: Client) -> None:
    save_record(Company(legal_name="=cmd|' /C calc'!A0", siren=new_siren()), officer)
    assert rows_of(officer_client.get(address("entreprises")))[1][0] == "'=cmd|' /C calc'!A0"


@pytest.mark.parametrize("name", ["conventions", "entreprises", "gestion-conventions"])
def test_the_queries_do_not_grow_with_the_list(
    name: str, officer: User, officer_client: Client, same_query_count: Callable[..., int]
) -> None:
    drafted(officer)

    def get() -> HttpResponseBase:
        answer = officer_client.get(address(name))
        b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        return answer

    assert same_query_count(get, lambda: drafted(officer)) < 12


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("partnerships:conventions", "conventions"),
        ("companies:companies", "entreprises"),
        ("admin:partnerships_company_changelist", "gestion-entreprises"),
    ],
)
def test_the_list_leads_to_its_files_with_its_filters(
    page: str, name: str, officer: User, officer_client: Client
) -> None:
    drafted(officer)
    text = officer_client.get(reverse(page), {"q": "entreprise"}).content.decode()
    assert f'href="{address(name, "ods")}?q=entreprise"' in text


def test_every_list_leaves_a_trace(officer: User, officer_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Walk the register: whatever the list, its file leaves behind who took it, which one, how filtered, how many rows."""
    for listing in all_lists():
        if officer_client.get(address(listing.name), {"q": "x"}).status_code == 404:
            # The list of one record, or of a school: the same door, with no row behind it.
            bare = replace(listing, rows=lambda request: ComputedRows([]), more=None)
            monkeypatch.setitem(_lists, listing.name, bare)
            assert officer_client.get(address(listing.name), {"q": "x"}).status_code == 200, listing.name
        entry = trail_of(officer).filter(action="export").first()
        assert entry is not None
        told = (entry.actor, entry.detail["list"], entry.detail["filters"], entry.detail["format"])
        assert told == (officer, listing.name, {"q": ["x"]}, "csv")
        assert isinstance(entry.detail["rows"], int)
        assert entry.summary.startswith(f"Export CSV de « {listing.title} »")
    assert trail_of(officer).filter(action="export").count() == len(all_lists())
