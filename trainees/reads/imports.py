"""The reads of imports of trainees: their list, their lines, their figures."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from schools.models import School
from schools.scope import Scope
from trainees.models import TraineeImport, TraineeImportLine
from trainees.permissions import TraineePermission
from trainees.reads.visible import own_schools

NOT_DONE = "not_done"


def schools_open_to_imports(user: Any, scope: Scope) -> list[School]:
    """Return the schools into which somebody may bring a spreadsheet."""
    return [school for school in own_schools(scope) if user.has_perm(TraineePermission.IMPORT_TRAINEES, school)]


def imports_visible_to(user: Any, scope: Scope) -> QuerySet[TraineeImport]:
    """Return the imports of the schools whose trainees somebody may import, latest first; nothing for others."""
    schools = [school.pk for school in schools_open_to_imports(user, scope)]
    return TraineeImport.objects.filter(school__in=schools).select_related(
        "school", "requested_by", "applied_by", "undone_by"
    )


def import_visible_to(user: Any, scope: Scope, public_id: UUID) -> TraineeImport | None:
    """Return an import, None when it does not exist or may not be read."""
    return imports_visible_to(user, scope).filter(public_id=public_id).first()


def lines_of(asked: TraineeImport, shown: str = "") -> QuerySet[TraineeImportLine]:
    """Return the lines with their trainees; `shown` is an action, an outcome, or NOT_DONE for all that was refused."""
    lines = asked.lines.select_related("trainee")
    if shown == NOT_DONE:
        return lines.filter(Q(action="refused") | Q(outcome="refused"))
    if shown in ("kept", "undone"):
        return lines.filter(outcome=shown)
    return lines.filter(action=shown) if shown else lines


def first_cells(asked: TraineeImport, lines: int = 3) -> list[list[str]]:
    """Return the cells of the first lines, to show what each column holds."""
    return list(asked.lines.order_by("number").values_list("cells", flat=True)[:lines])


def figures_of(asked: TraineeImport) -> dict[str, int]:
    """Count the lines by action and by outcome, those not checked yet as `waiting`. One query."""
    counts: dict[str, Any] = {str(name): Count("pk", filter=Q(action=name)) for name in TraineeImportLine.Action}
    counts |= {f"was_{name}": Count("pk", filter=Q(outcome=name)) for name in TraineeImportLine.Outcome}
    counts["waiting"] = Count("pk", filter=Q(action=""))
    counts[NOT_DONE] = Count("pk", filter=Q(action="refused") | Q(outcome="refused"))
    return asked.lines.aggregate(**counts)
