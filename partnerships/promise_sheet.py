"""All that the page of one promise tells: where it stands, span by span, and the rows behind its figures."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from e2c_portal.kernel.french import number
from partnerships.agreement import REMOVE
from partnerships.calendar import DAY
from partnerships.consolidation import promises_changed
from partnerships.delivery_reads import deliveries_of
from partnerships.models import CommitmentDelivery, ConventionAmendment, PartnershipConvention
from partnerships.models.deliveries import COUNTED
from partnerships.progress import PromiseProgress, progress_of


@dataclass(frozen=True)
class DeliveryLine:
    """A declared delivery as the page shows it. `outside` says that the convention had ended by its day: it counts no more."""

    delivery: CommitmentDelivery
    outside: bool

    @property
    def counts(self) -> bool:
        """Say whether it stands in the figures of its promise."""
        return self.delivery.status == COUNTED and not self.outside


@dataclass(frozen=True)
class PromiseSheet:
    """One promise as its page tells it. `removed_by` is the amendment that took it away, None while it is promised."""

    progress: PromiseProgress
    lines: list[DeliveryLine]
    removed_by: ConventionAmendment | None

    @property
    def open(self) -> bool:
        """Say whether something may still be declared: the promise has begun."""
        return bool(self.progress.spans)

    @property
    def facts(self) -> list[tuple[str, Any]]:
        """Return what is promised and done, as terms and values."""
        facts: list[tuple[str, Any]] = [("Promis", self.progress.promised)]
        if self.progress.target is not None:
            facts.append(("Se compte", self.progress.rhythm_label))
        if len(self.progress.spans) > 1:
            facts.append(("Réalisé depuis le début", number(self.progress.total)))
        return facts


def promise_sheet(convention: PartnershipConvention, key: int, day: date | None = None) -> PromiseSheet | None:
    """Return the promise of that number as it stands, or as it stood before an amendment removed it; None if there is none."""
    day = day or timezone.localdate()
    prefetch_related_objects([convention], "commitments", "amendments__changes")
    removed_by = promises_changed(convention, REMOVE).get(key)
    if removed_by and removed_by.effective_on and removed_by.effective_on <= day:
        read_on = removed_by.effective_on - DAY
    else:
        removed_by, read_on = None, day
    found = {promise.key: promise for promise in progress_of([convention], read_on)[convention.pk]}
    if key not in found:
        return None
    spans = found[key].spans
    lines = [
        DeliveryLine(row, not any(span.span.holds(row.delivered_on) for span in spans))
        for row in deliveries_of(convention, key)
    ]
    return PromiseSheet(found[key], lines, removed_by)
