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
    if user.reads_the_network:
        return Scope(whole_network=True)
    day = on or timezone.localdate()
    current = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), user=user, starts_on__lte=day)
    return Scope(school_ids=frozenset(current.values_list("school_id", flat=True)))


def standing_of(user: Any) -> list[Any]:
    """Return, as plain values, all that the rights and the name of somebody come from today: what is shown to them stands on it.

    As `roles_by_school`, it is read again at each request: a right taken away shows at the next one.
    """
    roles = [(school_id, *sorted(names)) for school_id, names in sorted(roles_by_school(user).items())]
    return [user.pk, user.full_name, user.email, user.role, user.is_active, roles]


def roles_by_school(user: Any, on: date | None = None) -> dict[int, frozenset[str]]:
    """Return the roles this person has in each school on a date (today unless said).

    Read once for a user as loaded, that is once a request: a membership that ends closes the door at the next one.
    """
    if not user.is_authenticated or not user.is_active:
        return {}
    day = on or timezone.localdate()
    known: tuple[date, dict[int, frozenset[str]]] | None = getattr(user, "_roles_by_school", None)
    if known and known[0] == day:
        return known[1]
    current = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), user=user, starts_on__lte=day)
    found: dict[int, set[str]] = {}
    for school_id, role in current.values_list("school_id", "role"):
        found.setdefault(school_id, set()).add(role)
    roles = {school_id: frozenset(names) for school_id, names in found.items()}
    user._roles_by_school = (day, roles)
    return roles
