"""Who sends young people to the schools: one list for the network."""

from django.db.models import Q, QuerySet

from trainees.models import Prescriber, Referral, Trainee


def prescribers_listed() -> QuerySet[Prescriber]:
    """Return every prescriber, by name."""
    return Prescriber.objects.order_by("name", "city", "pk")


def prescribers_open(*, besides: int | None = None) -> QuerySet[Prescriber]:
    """Return the prescribers that may be chosen today, and the one already chosen."""
    return prescribers_listed().filter(Q(closed_on=None) | Q(pk=besides or 0))


def referral_of(trainee: Trainee, pk: int) -> Referral | None:
    """Return one referral of a trainee."""
    return trainee.referrals.select_related("prescriber").filter(pk=pk).first()
