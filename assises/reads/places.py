"""Places: how many are left, and who is next on the list."""

from dataclasses import dataclass

from django.db.models import Count, F, QuerySet

from assises.life import registrations as life
from assises.models import Category, Edition, Registration, Session


@dataclass(frozen=True)
class Places:
    """What an edition may still give, for one category or altogether. `most` is None without limit."""

    most: int | None
    held: int
    waiting: int

    @property
    def left(self) -> int | None:
        """How many places nobody holds; None without limit. Never under zero: a quota may be lowered under what is held."""
        return None if self.most is None else max(self.most - self.held, 0)


def places_of(edition: Edition) -> dict[str, Places]:
    """Return the places of each category, and of the whole edition under "". Two queries."""
    quotas = dict(edition.quotas.values_list("category", "places"))
    tally = edition.registrations.filter(status__in=(*life.HOLDING_A_PLACE, life.WAITING))
    held, waiting = dict.fromkeys(Category.values, 0), dict.fromkeys(Category.values, 0)
    for category, status, number in tally.order_by().values_list("category", "status").annotate(n=Count("pk")):
        (waiting if status == life.WAITING else held)[category] += number
    found = {name: Places(quotas.get(name), held[name], waiting[name]) for name in Category.values}
    return found | {"": Places(edition.places, sum(held.values()), sum(waiting.values()))}


def has_room(places: dict[str, Places], category: str) -> bool:
    """Say whether a place is left for a category, within its quota and within the whole."""
    return all(kind.left is None or kind.left > 0 for kind in (places[category], places[""]))


def somebody_waits(places: dict[str, Places], category: str) -> bool:
    """Say whether a place given to this category now would pass before somebody who could have it.

    Somebody of the same category, always; of another one too, when the whole edition is limited.
    """
    if places[category].waiting:
        return True
    if places[""].left is None:
        return False
    return any(kind.waiting and (kind.left is None or kind.left > 0) for name, kind in places.items() if name)


def waiting_list(edition: Edition) -> QuerySet[Registration]:
    """Return who waits, in the order in which places are offered: priority, then how long they waited."""
    waiting = edition.registrations.filter(status=life.WAITING)
    return waiting.order_by(F("priority").desc(), "waiting_since", "pk")


def seats_of(edition: Edition) -> list[tuple[Session, int, int | None]]:
    """Return each session that takes registrations, with how many places are taken and how many are left (None: no limit)."""
    rows = edition.sessions.filter(takes_registrations=True).select_related("room")
    rows = rows.annotate(taken=Count("places_taken")).order_by("starts_at", "title", "pk")
    return [
        (row, row.taken, None if row.seats is None else max(row.seats - row.taken, 0))  # type: ignore[attr-defined]
        for row in rows
    ]
