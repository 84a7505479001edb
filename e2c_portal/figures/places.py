"""What figures are about: the whole network, a department, a school; and which of them somebody may ask for."""

from collections.abc import Collection, Iterable
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
    return _department(number, School.objects.filter(department=number).values_list("pk", flat=True))


def school(row: School) -> Place:
    """Return one school."""
    return _school(row.pk, row.name)


def all_places() -> list[Place]:
    """Return the network, then its departments, then its schools. Two queries."""
    rows = _schools()
    by_department: dict[str, set[int]] = {}
    for pk, _, number in rows:
        if number:
            by_department.setdefault(number, set()).add(pk)
    departments = [_department(number, schools) for number, schools in sorted(by_department.items())]
    return [network(), *departments, *(_school(pk, name) for pk, name, _ in rows)]


def places_for(viewer: Any) -> list[Place]:
    """Return the places whose figures somebody may read: all for a network role, else their own schools and then the network."""
    scope = scope_of(viewer)
    if scope.empty:
        return []
    if scope.whole_network:
        return all_places()
    own = _schools(scope.school_ids)
    return [*(_school(pk, name) for pk, name, _ in own), network()]


def _schools(among: Collection[int] | None = None) -> list[tuple[int, str, str]]:
    """Return the schools in the order of their names, as plain values: a page of figures reads all of them."""
    rows = School.objects.order_by("search", "pk")
    return list((rows if among is None else rows.filter(pk__in=among)).values_list("pk", "name", "department"))


def _school(pk: int, name: str) -> Place:
    return Place(Kind.SCHOOL, f"s{pk}", name, frozenset([pk]))


def _department(number: str, schools: Iterable[int]) -> Place:
    return Place(Kind.DEPARTMENT, f"d{number}", department_name(number), frozenset(schools))
