"""Who may follow trainees in a school, and who leads it."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from e2c_portal.accounts.models import User
from schools.models import Membership, School
from trainees.permissions import LEADS, TEACHES


def referents_of(school_id: int, day: date | None = None) -> QuerySet[User]:
    """Return who may be the referent of a pathway of this school on a day (today unless said), by name."""
    return _holding(TEACHES, school_id, day)


def leaders_of(school: School, day: date | None = None) -> QuerySet[User]:
    """Return who leads a school on a day: those who are written to about its transfers."""
    return _holding(LEADS, school.pk, day)


def _holding(roles: tuple[str, ...], school_id: int, day: date | None) -> QuerySet[User]:
    on = day or timezone.localdate()
    held = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), school=school_id, starts_on__lte=on, role__in=roles
    )
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("full_name", "pk")
