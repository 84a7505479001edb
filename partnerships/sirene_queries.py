"""The reads of Sirene imports: their list, their lines, their figures."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from partnerships.models import Company, Establishment, SireneImport, SireneImportLine
from partnerships.permissions import PartnershipPermission

NOT_APPLIED = "not_applied"
RECORDS: dict[str, type[Company] | type[Establishment]] = {"company": Company, "place": Establishment}


def imports_visible_to(user: Any) -> QuerySet[SireneImport]:
    """Return the imports, latest first, for those who may make one; nothing for others."""
    if not user.has_perm(PartnershipPermission.IMPORT_SIRENE):
        return SireneImport.objects.none()
    return SireneImport.objects.select_related("requested_by", "applied_by")


def import_visible_to(user: Any, public_id: UUID) -> SireneImport | None:
    """Return an import, None when it does not exist or may not be read."""
    return imports_visible_to(user).filter(public_id=public_id).first()


def lines_of(asked: SireneImport, shown: str = "") -> QuerySet[SireneImportLine]:
    """Return the lines of an import with their records; `shown` is an action, or NOT_APPLIED for those that failed."""
    lines = asked.lines.select_related("company", "place")
    if shown == NOT_APPLIED:
        return lines.filter(outcome=SireneImportLine.Outcome.REFUSED)
    return lines.filter(action=shown) if shown else lines


def figures_of(asked: SireneImport) -> dict[str, int]:
    """Count the lines by action, and those applied and not applied. One query."""
    outcome, action = SireneImportLine.Outcome, SireneImportLine.Action
    counts: dict[str, Any] = {str(name): Count("pk", filter=Q(action=name)) for name in action}
    counts["done"] = Count("pk", filter=Q(outcome=outcome.DONE))
    counts[NOT_APPLIED] = Count("pk", filter=Q(outcome=outcome.REFUSED))
    return asked.lines.aggregate(**counts)


def ordered_changes(line: SireneImportLine, kind: str = "") -> Iterable[tuple[Any, str, str]]:
    """Yield what a line changes as (field, before, after), in the order of the models; `kind` is "company", "place" or both."""
    for prefix, model in RECORDS.items():
        for field in model._meta.concrete_fields if kind in ("", prefix) else ():
            if pair := line.changes.get(f"{prefix}.{field.name}"):
                yield field, pair[0], pair[1]


def told_changes(line: SireneImportLine) -> list[tuple[str, str, str]]:
    """Return what a line changes in words: name of the column, before, after."""
    told = []
    for field, before, after in ordered_changes(line):
        words = dict(field.choices or [])
        told.append((str(field.verbose_name), str(words.get(before, before)), str(words.get(after, after))))
    return told
