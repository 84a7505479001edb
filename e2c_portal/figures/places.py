"""What figures are about: the whole network, a department, a school; and which of them somebody may ask for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from e2c_portal.figures.models import NETWORK
from schools.departments import department_name
from schools.models import School
from schools.queries import current_network
from schools.scope import Scope, scope_of


class Kind(StrEnum):
    NETWORK = "network"
    DEPARTMENT = "department"
    SCHOOL = "school"


@dataclass(frozen=True)
class Place:
    """One place. `code` names it in addresses and in the cells: « n », « d34 », « s12 ». `schools` is None for all of them."""

    kind: Kind
    code: str
    label: str
    schools: frozenset[int] | None = None

    def within(self, scope: Scope) -> bool:
        """Say whether somebody reaches every row of this place."""
        return scope.whole_network or (self.schools is not None and self.schools <= scope.school_ids)


def network() -> Place:
    """Return the whole network."""
    known = current_network()
    return Place(Kind.NETWORK, NETWORK, known.name if known else "Tout le réseau")


def department(number: str) -> Place:
    """Return a department, by its number (« 34 », « 2A »)."""
    schools = frozenset(School.objects.filter(department=number).values_list("pk", flat=True))
    return Place(Kind.DEPARTMENT, f"d{number}", department_name(number), schools)


def school(row: School) -> Place:
    """Return one school."""
    return Place(Kind.SCHOOL, f"s{row.pk}", row.name, frozenset([row.pk]))


def all_places() -> list[Place]:
    """Return the network, then its departments, then its schools. Two queries."""
    rows = list(School.objects.order_by("search", "pk"))
    numbers = sorted({row.department for row in rows if row.department})
    departments = [
        Place(
            Kind.DEPARTMENT, f"d{number}", department_name(number), frozenset(row.pk for row in rows if row.department == number)
        )
        for number in numbers
    ]  # fmt: skip
    return [network(), *departments, *(school(row) for row in rows)]


def places_for(viewer: Any) -> list[Place]:
    """Return the places whose figures somebody may read: all for a network role, else their own schools and then the network."""
    scope = scope_of(viewer)
    if scope.empty:
        return []
    places = all_places()
    if scope.whole_network:
        return places
    return [*(place for place in places if place.kind == Kind.SCHOOL and place.within(scope)), places[0]]
