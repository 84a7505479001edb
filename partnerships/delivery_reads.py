"""Every read of declared deliveries: those of a promise, those that wait, their proofs."""

from uuid import UUID

from django.db.models import QuerySet

from partnerships.models import CommitmentDelivery, PartnershipConvention
from partnerships.models.deliveries import REPORTED
from partnerships.queries import conventions_visible_to
from schools.scope import Scope


def deliveries_visible_to(scope: Scope) -> QuerySet[CommitmentDelivery]:
    """Return the declared deliveries that may be read: those of the conventions that may."""
    if scope.empty:
        return CommitmentDelivery.objects.none()
    rows = CommitmentDelivery.objects.filter(convention__in=conventions_visible_to(scope).values("pk"))
    return _told(rows)


def deliveries_of(convention: PartnershipConvention, key: int) -> QuerySet[CommitmentDelivery]:
    """Return the declared deliveries of one promise, latest first, whatever became of them."""
    return _told(convention.deliveries.filter(key=key))


def deliveries_to_confirm(scope: Scope) -> QuerySet[CommitmentDelivery]:
    """Return what companies reported and nobody decided yet, the oldest first."""
    return deliveries_visible_to(scope).filter(status=REPORTED).order_by("declared_at", "pk")


def delivery_on_page(scope: Scope, convention_id: int, key: int, public_id: UUID) -> CommitmentDelivery | None:
    """Return one delivery of a promise, None when it does not exist or may not be read."""
    return deliveries_visible_to(scope).filter(convention=convention_id, key=key, public_id=public_id).first()


def owned_files(keys: list[str]) -> set[str]:
    """Return those of the keys that are proofs of deliveries: the storage is shared with documents."""
    return set(CommitmentDelivery.objects.filter(proof__in=keys).values_list("proof", flat=True))


def _told(rows: QuerySet[CommitmentDelivery]) -> QuerySet[CommitmentDelivery]:
    return rows.select_related(
        "convention__company", "declared_by", "reported_by_contact", "decided_by", "cancelled_by"
    )
