"""Write and read the trail of a record."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet

from e2c_portal.audit.models import Entry

if TYPE_CHECKING:
    # Who acts stands two floors up: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User


def subject_of(record: Model) -> str:
    """Return the lasting name of a record: "partnerships.partnershipconvention:12"."""
    return f"{record._meta.label_lower}:{record.pk}"


@dataclass(frozen=True)
class Act:
    """What was done to one record, when several are written together."""

    subject: Model
    summary: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


def record(actor: "User | None", action: str, subject: Model, summary: str = "", **detail: Any) -> Entry:
    """Write one act in the current transaction. `summary` is French and holds no secret."""
    return Entry.objects.create(actor=actor, action=action, subject=subject_of(subject), summary=summary, detail=detail)


def record_each(actor: "User | None", action: str, acts: Iterable[Act]) -> list[Entry]:
    """Write the same act on several records in one question, as `record` does on one."""
    return Entry.objects.bulk_create(
        Entry(actor=actor, action=action, subject=subject_of(act.subject), summary=act.summary, detail=act.detail)
        for act in acts
    )


def trail_of(subject: Model) -> QuerySet[Entry]:
    """Return the acts on a record, latest first."""
    return Entry.objects.filter(subject=subject_of(subject)).select_related("actor")


def trails_of(subjects: Iterable[Model]) -> QuerySet[Entry]:
    """Return the acts on several records together, latest first, in one query."""
    names = [subject_of(subject) for subject in subjects]
    return Entry.objects.filter(subject__in=names).select_related("actor")
