"""The reads of Sirene imports: their list, their lines, their figures."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from partnerships.models import Company, Establishment, SireneImport, SireneImportLine
from partnerships.permissions import PartnershipPermission

NOT_APPLIED = "not_applied"
COLUMNS = {"company": Company, "place": Establishment}


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


def told_changes(line: SireneImportLine) -> Iterable[tuple[str, str, str]]:
    """Yield what a line changes: French name of the column, before, after, in words."""
    for name, (before, after) in line.changes.items():
        kind, _, column = name.partition(".")
        field = COLUMNS[kind]._meta.get_field(column)
        words = dict(field.choices or [])  # type: ignore[union-attr]
        yield str(field.verbose_name), str(words.get(before, before)), str(words.get(after, after))  # type: ignore[union-attr]
