"""What a published report does not tell: a number of people from one to four, and what would let it be worked out.

The totals add up: the schools of a department make the department, the departments make the network. A place that is hidden in
one count of a figure is hidden in all of them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from e2c_portal.figures.core import Figure
from e2c_portal.figures.hiding import hidden_among, small
from e2c_portal.figures.indicators import Kind
from e2c_portal.figures.places import Kind as PlaceKind
from e2c_portal.figures.places import Place


@dataclass(frozen=True)
class Branch:
    """A department with its schools; without a number, those of which no department is known."""

    department: Place | None
    schools: tuple[Place, ...]


def tree_of(places: Sequence[Place]) -> list[Branch]:
    """Return the schools under their departments."""
    schools = [place for place in places if place.kind == PlaceKind.SCHOOL]
    branches = [
        Branch(place, tuple(one for one in schools if one.schools and place.schools and one.schools <= place.schools))
        for place in places if place.kind == PlaceKind.DEPARTMENT
    ]  # fmt: skip
    placed = {one.code for branch in branches for one in branch.schools}
    others = tuple(one for one in schools if one.code not in placed)
    return [*branches, *([Branch(None, others)] if others else [])]


def counts_of(figure: Figure) -> list[int]:
    """Return every number of people that a figure tells or lets work out: its part, what is left of it, who is not known."""
    if not figure.indicator.of_people or figure.unknown:
        return []
    part, whole = figure.numerator or 0, figure.denominator or 0
    if figure.indicator.kind == Kind.COUNT:
        return [part]
    if figure.indicator.kind == Kind.MEAN or figure.indicator.key == "temps-entreprise":
        return [whole]
    unknown = [] if figure.base is None else [figure.base - whole]
    return [part, whole - part, *unknown]


def is_small(figure: Figure) -> bool:
    """Say whether a figure alone tells of fewer than five people."""
    return any(small(count) for count in counts_of(figure))


def hidden_places(
    tree: Sequence[Branch], figures: Mapping[str, Figure], hidden_already: Collection[str] = ()
) -> set[str]:  # fmt: skip
    """Return the codes of the places whose figure is not told, so that none can be worked out from the totals.

    Where a department is hidden, here or by the public figures (`hidden_already`), so are its schools: they would add up to it.
    """
    counts = {code: counts_of(figure) for code, figure in figures.items()}
    widest = max((len(one) for one in counts.values()), default=0)
    hidden: set[str] = set(hidden_already)
    for branch in tree:
        if branch.department and branch.department.code in hidden_already:
            hidden |= {one.code for one in branch.schools}
    for rank in range(widest):
        of_schools = [[_at(counts, one.code, rank) for one in branch.schools] for branch in tree]
        away = hidden_among([sum(line) for line in of_schools])
        for number, (branch, line) in enumerate(zip(tree, of_schools, strict=True)):
            ranks = set(range(len(line))) if number in away else hidden_among(line)
            hidden |= {branch.schools[one].code for one in ranks}
            hidden |= {branch.department.code} if number in away and branch.department else set()
    return hidden


def _at(counts: Mapping[str, Sequence[int]], code: str, rank: int) -> int:
    found = counts.get(code, ())
    return found[rank] if rank < len(found) else 0
