"""The worker's application of a plan: one line, one transaction. What changed since the reading is not overwritten."""

import logging
from time import monotonic
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import PortalError, Refused
from partnerships.models import Company, Establishment, SireneImport, SireneImportLine
from partnerships.operations.sirene_turns import end, held, still_held, turn
from partnerships.queries import surviving
from partnerships.sirene_planning import NO, YES, as_text, from_text
from partnerships.sirene_queries import figures_of, ordered_changes

logger = logging.getLogger(__name__)
Status, Action, Outcome = SireneImport.Status, SireneImportLine.Action, SireneImportLine.Outcome

LINES_AT_ONCE = 100
CHANGED_MEANWHILE = (
    "La fiche a changé depuis la lecture : {label} vaut maintenant « {value} ». Déposez de nouveau le fichier."
)
COMPANY_GONE = "L’entreprise de cette ligne n’a pas été créée : voyez la ligne qui la crée."
ALREADY_THERE = "Cet établissement a été ajouté entre-temps."
REFUSED_BY_THE_DATABASE = (
    "Une règle de la base refuse cette ligne : vérifiez la fiche, puis déposez de nouveau le fichier."
)
UNEXPECTED = "Une erreur imprévue a empêché d’appliquer cette ligne. L’exploitant la trouvera dans les journaux."


def apply_extract(import_id: int) -> bool:
    """Apply for one turn. Returns whether all is applied by this call."""
    return turn(import_id, Status.APPLYING, _apply)


def _apply(import_id: int, claim: UUID, until: float) -> bool:
    while waiting := _waiting(import_id):
        for line in waiting:
            with still_held(import_id, claim) as asked:
                _apply_line(asked, line)
            if monotonic() > until:
                return False
    with held(import_id, claim) as asked:
        asked.figures = figures_of(asked)
        end(asked, Status.APPLIED)
    return True


def _waiting(import_id: int) -> list[SireneImportLine]:
    """Return the next lines to apply: whoever holds the claim is alone to write them."""
    lines = SireneImportLine.objects.filter(owner=import_id, outcome="", action__in=SireneImportLine.TO_APPLY)
    return list(lines.select_related("place").order_by("number")[:LINES_AT_ONCE])


def _apply_line(asked: SireneImport, line: SireneImportLine) -> None:
    """Apply one line, or write why not; the import is held, so that no other worker has the same line."""
    try:
        with transaction.atomic():
            line.company, line.place = _written(line, asked)
        line.outcome = Outcome.DONE
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        line.outcome, line.told = Outcome.REFUSED, _reason(error, line)[:300]
    line.save(update_fields=["outcome", "told", "company", "place"])


def _reason(error: Exception, line: SireneImportLine) -> str:
    if isinstance(error, PortalError):
        return error.message
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, IntegrityError):
        return _reason_of_database(error)
    logger.error("sirene line %s failed", line.pk, exc_info=error)
    return UNEXPECTED


def _reason_of_database(error: IntegrityError) -> str:
    """Return the sentence of the constraint that refused, or that of a trigger of ours, which speaks French."""
    told: Any = getattr(error.__cause__, "diag", None)
    name = getattr(told, "constraint_name", None)
    if told is not None and not name:
        return told.message_primary or REFUSED_BY_THE_DATABASE
    ours = [*Company._meta.constraints, *Establishment._meta.constraints]
    sentences = [str(rule.violation_error_message) for rule in ours if rule.name == name]
    return next(iter(sentences), REFUSED_BY_THE_DATABASE)


def _written(line: SireneImportLine, asked: SireneImport) -> tuple[Company, Establishment | None]:
    """Write the company, then its place, and leave one trace on the company. Raises Refused, ValidationError."""
    company = _company(line)
    is_new = company._state.adding
    labels = ", ".join(_change(company, line, "company"))
    told = ["fiche créée" if is_new else labels]
    place = line.place
    if any(ordered_changes(line, "place")):
        place = _place(line, company)
        told.append(_place_written(place, line))
    if any(told):
        facts = {"import": asked.pk, "line": line.number, "file": asked.file_name}
        record(
            asked.applied_by,
            "company.sirene_applied",
            company,
            "D’après Sirene : " + " ; ".join(filter(None, told)),
            **facts,
        )
    return company, place


def _place_written(place: Establishment, line: SireneImportLine) -> str:
    """Write a place and return what is told of it; a company has one head office, and the file may name another one."""
    added = place._state.adding
    if line.changes.get("place.is_head_office", [NO, NO])[1] == YES:
        others = Establishment.objects.filter(company=place.company_id, is_head_office=True, closed_on=None)
        others.exclude(pk=place.pk).update(is_head_office=False)
    labels = _change(place, line, "place")
    if not labels:
        return ""
    return f"établissement « {place.name} » ajouté" if added else f"« {place.name} » : {', '.join(labels)}"


def _company(line: SireneImportLine) -> Company:
    """Return the company of a line, locked: the record that lives on, or a new one when the line creates it."""
    if line.company_id:
        company = Company.objects.select_for_update().get(pk=line.company_id)
        while company.merged_into_id:
            company = Company.objects.select_for_update().get(pk=surviving(company).pk)
        return company
    living = Company.objects.select_for_update().filter(siren=line.siren, merged_into=None).first()
    if living:
        return living
    if "company.siren" not in line.changes:
        raise Refused(COMPANY_GONE)
    return Company()


def _place(line: SireneImportLine, company: Company) -> Establishment:
    if line.place_id:
        return Establishment.objects.select_for_update().get(pk=line.place_id)
    if Establishment.objects.filter(siret=line.siret).exists():
        raise Refused(ALREADY_THERE)
    return Establishment(company=company)


def _change(row: Company | Establishment, line: SireneImportLine, kind: str) -> list[str]:
    """Write what changes and return its French names. Raises Refused when somebody wrote something else meanwhile."""
    labels, columns = [], []
    for field, before, after in ordered_changes(line, kind):
        label, now = str(field.verbose_name), as_text(getattr(row, field.name))
        if now == after:
            continue
        if now != before and not row._state.adding:
            raise Refused(CHANGED_MEANWHILE.format(label=label, value=now or "rien"))
        setattr(row, field.name, from_text(field.name, after))
        labels.append(label)
        columns.append(field.name)
    if labels:
        # The constraints are left to the database: asked one by one beforehand, they would cost ten queries a line.
        row.clean_fields(exclude={"company", "merged_into"})
        row.save(update_fields=None if row._state.adding else columns)
    return labels
