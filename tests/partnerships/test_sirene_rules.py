"""What the database itself refuses of Sirene imports: each rule broken once."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from partnerships.models import Company, SireneImport, SireneImportLine
from tests.factories.identifiers import new_siren
from tests.factories.sirene import COMPANIES, applied, asked_for, company_cells, extract, read

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"status": "applied"}, "Passage interdit"),
        ({"status": "lost"}, "Passage interdit"),
        ({"scope": "everything"}, "figées"),
        ({"file_name": "autre.csv"}, "figées"),
        ({"file": ""}, "sirene_file_only_while_read"),
        ({"status": "ready"}, "sirene_file_only_while_read"),
        ({"status": "failed", "file": ""}, "sirene_failure_says_why"),
        ({"claimed_at": timezone.now()}, "sirene_claim_under_way"),
    ],
)
def test_the_database_refuses_what_cannot_be(change: dict[str, Any], rule: str, officer: User) -> None:
    asked = asked_for(extract([company_cells(new_siren())], COMPANIES), officer)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        SireneImport.objects.filter(pk=asked.pk).update(**change)


def test_the_database_wants_to_know_who_applies(company: Company, officer: User) -> None:
    asked = read(extract([company_cells(company.siren)], COMPANIES), officer)
    for change in ({"status": "applying"}, {"applied_by": officer}):
        with pytest.raises(IntegrityError, match="sirene_applied_by_somebody"), transaction.atomic():
            SireneImport.objects.filter(pk=asked.pk).update(**change)


def test_the_database_starts_an_import_with_its_reading(officer: User) -> None:
    with pytest.raises(IntegrityError, match="État initial"), transaction.atomic():
        SireneImport.objects.create(file_name="x.csv", status="ready", requested_by=officer)
    with pytest.raises(IntegrityError, match="sirene_import_scope_known"), transaction.atomic():
        SireneImport.objects.create(file_name="x.csv", file="x", scope="everything", requested_by=officer)


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"number": 2, "action": "update"}, "sirene_line_once"),
        ({"action": "delete"}, "sirene_action_known"),
        ({"action": "refused"}, "sirene_refusal_says_why"),
        ({"action": "unchanged", "outcome": "done"}, "sirene_outcome_of_what_is_applied"),
        ({"action": "update", "outcome": "refused"}, "sirene_not_done_says_why"),
    ],
)
def test_the_database_refuses_lines_that_cannot_be(
    facts: dict[str, Any], rule: str, company: Company, officer: User
) -> None:
    asked = read(extract([company_cells(company.siren)], COMPANIES), officer)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        SireneImportLine.objects.create(owner=asked, **{"number": 9} | facts)


def test_the_database_keeps_a_planned_line_as_it_was_read(company: Company, officer: User) -> None:
    asked = read(extract([company_cells(company.siren)], COMPANIES), officer)
    for change in ({"changes": {}}, {"action": "unchanged"}, {"reason": "autre"}):
        with pytest.raises(IntegrityError, match="figées"), transaction.atomic():
            asked.lines.update(**change)
    applied(asked, officer)
    with pytest.raises(IntegrityError, match="figées"), transaction.atomic():
        asked.lines.update(outcome="", told="")
