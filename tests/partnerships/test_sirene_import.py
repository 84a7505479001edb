"""Sirene imports: the plan tells what would change, applying changes that and no more, twice is once."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.documents import storage
from e2c_portal.documents.sweeping import _owners
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.models import Job
from partnerships.models import Company, Establishment, SireneImport, SireneImportLine
from partnerships.operations import sirene_reading, sirene_turns
from partnerships.operations.companies import save_record
from partnerships.operations.merging import merge_companies
from partnerships.operations.sirene import request_application
from partnerships.operations.sirene_applying import apply_extract
from partnerships.operations.sirene_reading import read_extract
from partnerships.operations.sirene_retention import purge
from tests.factories.identifiers import new_siren, siret_of
from tests.factories.partnerships import company_named
from tests.factories.sirene import (
    COMPANIES,
    PLACES,
    applied,
    asked_for,
    company_cells,
    extract,
    place_cells,
    read,
)

pytestmark = pytest.mark.django_db


def both(siret: str, **cells: str) -> dict[str, str]:
    return company_cells(siret[:9]) | place_cells(siret) | cells


def office_of(company: Company) -> Establishment:
    return company.establishments.get(is_head_office=True, closed_on=None)


def only_line(asked: SireneImport) -> SireneImportLine:
    assert asked.status != SireneImport.Status.FAILED, asked.failure
    return asked.lines.get()


def test_only_an_officer_imports(auditor: User, coordinator: User) -> None:
    for person in (auditor, coordinator):
        with pytest.raises(NotAllowed):
            read(extract([], PLACES), person)


def test_a_known_company_is_completed_and_its_own_words_stay(company: Company, officer: User) -> None:
    office = office_of(company)
    asked = read(extract([both(office.siret)]), officer)
    line = only_line(asked)
    assert (line.action, line.company, line.place) == ("update", company, office)
    assert line.reason == "Nom à l’Insee : FABRIQUE NOUVELLE. Le nom déjà saisi est gardé."
    assert line.changes == {
        "company.legal_category": ["", "5710"],
        "company.legal_form": ["", "Société par actions simplifiée (SAS)"],
        "company.diffusion_status": ["", "O"],
        "place.address": ["2 rue de l’Essai", "12 B avenue DE LA GARE"],
        "place.commune_code": ["", "34172"],
        "place.headcount_range": ["", "12"],
        "place.diffusion_status": ["", "O"],
        "place.naf_code": ["", "43.21A"],
        "place.naf_version": ["", "rév. 2"],
    }
    assert office_of(company).address == "2 rue de l’Essai", "nothing changes before it is applied"
    asked = applied(asked, officer)
    company.refresh_from_db()
    office.refresh_from_db()
    assert (asked.status, asked.figures["done"], asked.figures["not_applied"]) == ("applied", 1, 0)
    assert (company.legal_name, company.legal_category) == ("Fabrique d’Oc (exemple)", "5710")
    assert (office.address, office.naf_code, office.headcount_range) == ("12 B avenue DE LA GARE", "43.21A", "12")
    told = (
        "D’après Sirene : forme juridique, catégorie juridique, diffusion ; « Siège » : adresse, code de la commune, "
    )
    assert trail_of(company)[0].summary.startswith(told)
    assert trail_of(company)[0].actor == officer


def test_a_second_time_nothing_changes(company: Company, officer: User) -> None:
    content = extract([both(office_of(company).siret)])
    applied(read(content, officer), officer)
    asked = read(content, officer)
    assert (only_line(asked).action, only_line(asked).changes) == ("unchanged", {})
    with pytest.raises(Refused, match="Rien à appliquer"):
        request_application(asked.pk, officer)


def test_names_are_replaced_only_when_asked(company: Company, officer: User) -> None:
    asked = read(extract([both(office_of(company).siret)]), officer, replaces_names=True)
    assert only_line(asked).changes["company.legal_name"] == ["Fabrique d’Oc (exemple)", "FABRIQUE NOUVELLE"]


@pytest.mark.parametrize("typed", ["12 b AVENUE de la gare", "12 B, avenue de la Gare"])
def test_the_same_words_written_otherwise_are_no_change(typed: str, company: Company, officer: User) -> None:
    office = office_of(company)
    office.address = typed
    save_record(office, officer)
    asked = read(extract([place_cells(office.siret)], PLACES), officer)
    assert "place.address" not in only_line(asked).changes


def test_unknown_companies_are_counted_and_not_kept(company: Company, officer: User) -> None:
    rows = [both(siret_of(new_siren())) for _ in range(3)] + [
        both(siret_of(company.siren, 2), etablissementSiege="false")
    ]
    asked = read(extract(rows), officer)
    # The fourth line is another place of a known company: it tells of the company, the place is left.
    assert (asked.left_aside, asked.lines_read) == (3, 4)
    assert only_line(asked).place is None
    assert not [name for name in only_line(asked).changes if name.startswith("place.")]


def test_places_of_known_companies_are_added_when_asked(company: Company, officer: User) -> None:
    siret = siret_of(company.siren, 2)
    shut = place_cells(siret_of(company.siren, 3), etatAdministratifEtablissement="F", etablissementSiege="false")
    rows = [place_cells(siret, etablissementSiege="false"), shut, place_cells(siret_of(new_siren()))]
    asked = read(extract(rows, PLACES), officer, scope="places")
    assert (only_line(asked).action, asked.left_aside) == ("create", 2)
    applied(asked, officer)
    place = company.establishments.get(siret=siret)
    assert (place.name, place.is_head_office) == ("Établissement de MONTPELLIER", False)


def test_an_unknown_company_is_created_with_its_places_when_asked(officer: User) -> None:
    siren = new_siren()
    rows = [both(siret_of(siren, 1)), both(siret_of(siren, 2), etablissementSiege="false")]
    asked = applied(read(extract(rows), officer, scope="all"), officer)
    company = Company.objects.get()
    assert (company.legal_name, company.siren, company.establishments.count()) == ("FABRIQUE NOUVELLE", siren, 2)
    assert office_of(company).name == "Siège"
    assert asked.figures["create"] == asked.figures["done"] == 2


def test_a_company_without_a_name_is_not_created(officer: User) -> None:
    asked = read(extract([place_cells(siret_of(new_siren()))], PLACES), officer, scope="all")
    assert (only_line(asked).action, asked.figures["refused"]) == ("refused", 1)
    assert "colonnes de l’unité légale" in only_line(asked).reason


def test_a_company_known_by_its_siren_alone_receives_its_head_office(officer: User) -> None:
    company = company_named("Sans siège", officer, head_office=False)
    siret = siret_of(company.siren)
    applied(read(extract([place_cells(siret)], PLACES), officer), officer)
    assert office_of(company).siret == siret


def test_a_head_office_typed_without_its_siret_is_found(company: Company, officer: User) -> None:
    office = office_of(company)
    siret, office.siret = office.siret, ""
    save_record(office, officer)
    asked = read(extract([place_cells(siret)], PLACES), officer)
    assert (only_line(asked).place, only_line(asked).changes["place.siret"]) == (office, ["", siret])
    applied(asked, officer)
    assert office_of(company).siret == siret


@pytest.mark.parametrize(("told", "closed_on"), [("2024-03-31", date(2024, 3, 31)), ("", None)])
def test_a_closed_place_is_closed_here(told: str, closed_on: date | None, company: Company, officer: User) -> None:
    office = office_of(company)
    asked = read(
        extract([place_cells(office.siret, etatAdministratifEtablissement="F", dateDebut=told)], PLACES), officer
    )
    line = only_line(asked)
    assert line.action == "close"
    assert ("ne dit pas quel jour" in line.reason) is (closed_on is None)
    assert "place.address" not in line.changes, "Insee's last address of a closed place teaches nothing"
    applied(asked, officer)
    office.refresh_from_db()
    assert office.closed_on == (closed_on or timezone.localdate())


def test_a_head_office_that_moves_leaves_one_head_office(company: Company, officer: User) -> None:
    moved = siret_of(company.siren, 2)
    applied(read(extract([place_cells(moved)], PLACES), officer, scope="places"), officer)
    assert office_of(company).siret == moved


def test_the_same_place_twice_in_a_file_counts_once(company: Company, officer: User) -> None:
    siret = office_of(company).siret
    asked = read(extract([place_cells(siret), place_cells(siret)], PLACES), officer)
    assert [line.action for line in asked.lines.all()] == ["update", "refused"]
    assert "déjà à la ligne 2" in asked.lines.last().reason


def test_a_merged_record_is_never_touched(company: Company, officer: User) -> None:
    double = company_named("Double", officer, siren="", head_office=False)
    siren, company.siren = company.siren, ""
    Establishment.objects.filter(company=company).update(siret="")
    save_record(company, officer)
    double.siren = siren
    save_record(double, officer)
    merge_companies(double.pk, company.pk, officer)
    asked = applied(read(extract([company_cells(siren)], COMPANIES), officer), officer)
    assert only_line(asked).company == company
    double.refresh_from_db()
    company.refresh_from_db()
    assert (double.legal_category, company.legal_category) == ("", "5710")


def test_a_siren_that_the_surviving_record_no_longer_bears_is_refused(company: Company, officer: User) -> None:
    kept = company_named("Fiche gardée", officer, siren="", head_office=False)
    Establishment.objects.filter(company=company).update(siret="")
    merge_companies(company.pk, kept.pk, officer)
    kept.refresh_from_db()
    kept.siren = new_siren()
    save_record(kept, officer)
    asked = read(extract([company_cells(company.siren)], COMPANIES), officer)
    assert only_line(asked).reason == (
        "Ce SIREN est celui d’une fiche réunie à « Fiche gardée », qui en porte un autre : vérifiez-la."
    )


def test_a_merge_between_reading_and_applying_is_followed(company: Company, officer: User) -> None:
    asked = read(extract([company_cells(company.siren)], COMPANIES), officer)
    kept = company_named("Fiche gardée", officer, siren="", head_office=False)
    merge_companies(company.pk, kept.pk, officer)
    asked = applied(asked, officer)
    kept.refresh_from_db()
    assert (only_line(asked).company, kept.legal_category) == (kept, "5710")


def test_what_changed_meanwhile_is_not_overwritten(company: Company, officer: User) -> None:
    office = office_of(company)
    asked = read(extract([both(office.siret)]), officer)
    office.address = "3 place Neuve"
    save_record(office, officer)
    asked = applied(asked, officer)
    line = only_line(asked)
    assert (line.outcome, asked.figures["not_applied"]) == ("refused", 1)
    assert line.told == (
        "La fiche a changé depuis la lecture : adresse vaut maintenant « 3 place Neuve ». Déposez de nouveau le fichier."
    )
    company.refresh_from_db()
    assert company.legal_category == "", "a line is applied whole or not at all"


def test_a_wrong_number_costs_its_line_alone(company: Company, officer: User) -> None:
    rows = [place_cells(office_of(company).siret), {"siren": "123456789", "siret": "12345678900011"}]
    asked = read(extract(rows, PLACES), officer)
    assert [(line.number, line.action) for line in asked.lines.all()] == [(2, "update"), (3, "refused")]


def test_a_file_spoiled_by_a_spreadsheet_is_given_up(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sirene_reading, "MOST_REFUSED", 3)
    asked = read(extract([{"siren": "3,56E+08", "siret": "3,56E+13"}] * 5, PLACES), officer)
    assert (asked.status, asked.lines.count()) == ("failed", 0)
    assert "tableur" in asked.failure


def test_what_is_no_extract_leaves_no_trace(officer: User) -> None:
    with pytest.raises(Refused):
        asked_for(b"nom;ville\nX;Y\n", officer)
    assert not SireneImport.objects.exists()
    assert not Job.objects.exists()


def test_the_file_goes_once_it_is_read(
    company: Company, officer: User, django_capture_on_commit_callbacks: Any
) -> None:
    asked = asked_for(extract([company_cells(company.siren)], COMPANIES), officer)
    key = asked.file
    assert _owners["sirene"]([key, "autre"]) == {key}
    with django_capture_on_commit_callbacks(execute=True):
        read_extract(asked.pk)
    assert not storage.document_storage().exists(key)
    asked.refresh_from_db()
    assert (asked.status, asked.file, asked.percent_read) == ("ready", "", 100)


def test_a_reading_of_many_turns_takes_up_where_it_stopped(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sirene_turns, "TURN_SECONDS", -1)
    monkeypatch.setattr(sirene_reading, "LINES_AT_ONCE", 2)
    companies = [company_named(f"Entreprise {rank}", officer, head_office=False) for rank in range(5)]
    asked = asked_for(extract([company_cells(company.siren) for company in companies], COMPANIES), officer)
    turns = 0
    while not read_extract(asked.pk):
        turns += 1
        asked.refresh_from_db()
        assert (asked.claim, asked.lines_read) == (None, min(2 * turns, 5))
    asked.refresh_from_db()
    assert (turns, asked.status, asked.lines.count()) == (3, "ready", 5)
    assert Job.objects.filter(task="partnerships.read_sirene", published_at=None).count() == 1


def test_a_dead_worker_is_replaced_and_writes_no_more(company: Company, officer: User) -> None:
    asked = asked_for(extract([company_cells(company.siren)], COMPANIES), officer)
    claim = sirene_turns.take(asked.pk, "reading")
    assert claim is not None
    assert not read_extract(asked.pk), "somebody holds it"
    assert sirene_turns.sweep() == 0
    past = timezone.now() - timedelta(minutes=5)
    SireneImport.objects.filter(pk=asked.pk).update(claimed_at=past, queued_at=past)
    assert sirene_turns.sweep() == 1
    assert read_extract(asked.pk)
    with pytest.raises(sirene_turns.ClaimLost), sirene_turns.held(asked.pk, claim):
        pytest.fail("the first worker came back")


def test_a_file_that_kills_its_workers_is_given_up(officer: User) -> None:
    asked = asked_for(extract([company_cells(new_siren())], COMPANIES), officer)
    past = timezone.now() - timedelta(minutes=5)
    SireneImport.objects.filter(pk=asked.pk).update(queued_at=past, attempts=5)
    assert sirene_turns.sweep() == 1
    asked.refresh_from_db()
    assert (asked.status, "plusieurs fois" in asked.failure, asked.file) == ("failed", True, "")


def test_applying_in_many_turns_does_each_line_once(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    companies = [company_named(f"Entreprise {rank}", officer, head_office=False) for rank in range(3)]
    asked = read(extract([company_cells(company.siren) for company in companies], COMPANIES), officer)
    monkeypatch.setattr(sirene_turns, "TURN_SECONDS", -1)
    request_application(asked.pk, officer)
    turns = 0
    while not apply_extract(asked.pk):
        turns += 1
    assert turns == 3
    for company in companies:
        assert [entry.action for entry in trail_of(company)].count("company.sirene_applied") == 1


def test_a_plan_is_applied_once(company: Company, officer: User, second_officer: User) -> None:
    asked = read(extract([company_cells(company.siren)], COMPANIES), officer)
    request_application(asked.pk, officer)
    with pytest.raises(Refused, match="déjà appliqué"):
        request_application(asked.pk, second_officer)
    assert Job.objects.filter(task="partnerships.apply_sirene").count() == 1


def test_lines_go_after_ninety_days_and_the_head_stays(company: Company, officer: User) -> None:
    asked = read(extract([company_cells(company.siren)], COMPANIES), officer)
    other = asked_for(extract([company_cells(new_siren())], COMPANIES), officer)
    assert purge() == 0
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert purge() == 1
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (asked.status, other.status, asked.figures["update"]) == ("expired", "reading", 1)
    with pytest.raises(Refused, match="déposez de nouveau"):
        request_application(asked.pk, officer)
