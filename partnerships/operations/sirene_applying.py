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
from partnerships.operations.sirene_turns import end, held, turn
from partnerships.queries import surviving
from partnerships.sirene_planning import NO, YES, as_text, from_text
from partnerships.sirene_queries import figures_of

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
        for line_id in waiting:
            with held(import_id, claim) as asked:
                _apply_line(asked, line_id)
            if monotonic() > until:
                return False
    with held(import_id, claim) as asked:
        asked.figures = figures_of(asked)
        end(asked, Status.APPLIED)
    return True


def _waiting(import_id: int) -> list[int]:
    lines = SireneImportLine.objects.filter(owner=import_id, outcome="", action__in=SireneImportLine.TO_APPLY)
    return list(lines.order_by("number").values_list("pk", flat=True)[:LINES_AT_ONCE])


def _apply_line(asked: SireneImport, line_id: int) -> None:
    """Apply one line, or write why not; the import is held, so that no other worker has the same line."""
    line = SireneImportLine.objects.select_related("company", "place").get(pk=line_id)
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
        return REFUSED_BY_THE_DATABASE
    logger.error("sirene line %s failed", line.pk, exc_info=error)
    return UNEXPECTED


def _written(line: SireneImportLine, asked: SireneImport) -> tuple[Company, Establishment | None]:
    """Write the company, then its place, and leave one trace on the company. Raises Refused, ValidationError."""
    company, changes = _company(line), _of(line, "place")
    is_new = company._state.adding
    labels = _change(company, _of(line, "company"))
    place = _place(line, company) if changes else line.place
    if place is not None and changes:
        added = place._state.adding
        if changes.get("is_head_office", [NO, NO])[1] == YES:
            _demote_others(company, place)
        named = [f"établissement « {place.name or changes['name'][1]} »" + (" ajouté" if added else "")]
        told = _change(place, changes)
        labels += named + ([] if added else told) if told else []
    if labels:
        summary = "Fiche créée d’après Sirene" if is_new else "D’après Sirene : " + ", ".join(labels)
        facts = {"import": asked.pk, "line": line.number, "file": asked.file_name}
        record(asked.applied_by, "company.sirene_applied", company, summary, **facts)
    return company, place


def _demote_others(company: Company, place: Establishment) -> None:
    """A company has one head office: the file names another one."""
    others = Establishment.objects.filter(company=company, is_head_office=True, closed_on=None)
    others.exclude(pk=place.pk).update(is_head_office=False)


def _company(line: SireneImportLine) -> Company:
    """Return the company of a line, locked: the record that lives on, or a new one when the line creates it."""
    if line.company_id:
        known = surviving(Company.objects.get(pk=line.company_id))
        return Company.objects.select_for_update().get(pk=known.pk)
    living = Company.objects.select_for_update().filter(siren=line.siren, merged_into=None).first()
    if living:
        return living
    if "company.siren" not in line.changes:
        raise Refused(COMPANY_GONE)
    return Company()


def _place(line: SireneImportLine, company: Company) -> Establishment:
    if line.place_id:
        return Establishment.objects.select_for_update().select_related("company").get(pk=line.place_id)
    if Establishment.objects.filter(siret=line.siret).exists():
        raise Refused(ALREADY_THERE)
    return Establishment(company=company)


def _of(line: SireneImportLine, kind: str) -> dict[str, list[str]]:
    """Return the changes of the company or of the place, by column."""
    return {name.partition(".")[2]: pair for name, pair in line.changes.items() if name.startswith(f"{kind}.")}


def _change(row: Company | Establishment, changes: dict[str, list[str]]) -> list[str]:
    """Write what changes and return its French names. Raises Refused when somebody wrote something else meanwhile."""
    labels = []
    for column, (before, after) in changes.items():
        field: Any = row._meta.get_field(column)
        label, now = str(field.verbose_name), as_text(getattr(row, column))
        if now == after:
            continue
        if now != before and not row._state.adding:
            raise Refused(CHANGED_MEANWHILE.format(label=label, value=now or "rien"))
        setattr(row, column, from_text(column, after))
        labels.append(label)
    if labels:
        row.full_clean()
        row.save()
    return labels
