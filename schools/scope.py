"""Who may see what: every read of an app starts from somebody's scope."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from schools.models import Membership


@dataclass(frozen=True)
class Scope:
    """The rows one person may reach: the whole network, or some schools, or nothing."""

    whole_network: bool = False
    school_ids: frozenset[int] = frozenset()

    @property
    def empty(self) -> bool:
        return not self.whole_network and not self.school_ids

    def covers(self, school_id: int) -> bool:
        return self.whole_network or school_id in self.school_ids


def scope_of(user: Any, on: date | None = None) -> Scope:
    """Return what this person may see on a date (today unless said). Nobody signed in, nothing seen.

    Read again at each request: a membership that ends closes the door at once.
    """
    if not user.is_authenticated or not user.is_active:
        return Scope()
    if user.role:
        return Scope(whole_network=True)
    day = on or timezone.localdate()
    current = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), user=user, starts_on__lte=day)
    return Scope(school_ids=frozenset(current.values_list("school_id", flat=True)))
