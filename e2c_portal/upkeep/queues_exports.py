"""The list of what waits or failed, as a file."""

from django.db.models import QuerySet
from django.http import HttpRequest

from e2c_portal.exports.lists import Column, Listing
from e2c_portal.upkeep.permissions import UpkeepPermission
from e2c_portal.upkeep.queues import SORTS, Line
from e2c_portal.upkeep.queues_forms import WorkFilter

BY_MODEL = {"taskfailure": "travaux", "job": "travaux", "document": "documents", "mail": "courriels", "sms": "sms"}


def line_of(row: object) -> Line:
    """Return a row as the page prints it."""
    return SORTS[BY_MODEL[row._meta.model_name]].line(row)  # type: ignore[attr-defined]


def _rows(request: HttpRequest) -> QuerySet | None:
    if not request.user.has_perm(UpkeepPermission.VIEW_WORK):  # type: ignore[union-attr]
        return None
    asked = WorkFilter(request.GET)
    return asked.sort.rows(asked.state, asked.words)


COLUMNS = (
    Column("Quoi", lambda row: line_of(row).title, 44),
    Column("Détail", lambda row: line_of(row).detail, 34),
    Column("État", lambda row: line_of(row).state.label, 16),
    Column("Pourquoi, que faire", lambda row: line_of(row).reason, 60),
    Column("Depuis", lambda row: line_of(row).since, 18),
    Column("Essais", lambda row: line_of(row).attempts, 8),
)
WORK = Listing("exploitation-files", "Travaux, documents et messages à suivre", COLUMNS, _rows)
