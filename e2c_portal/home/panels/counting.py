"""Count what waits, no further than people need, and say in words since when or until when."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Value
from django.utils import timezone

from e2c_portal.home.panels.page import Task, Urgency
from e2c_portal.kernel.french import NO_BREAK, counted

# Beyond, nobody reads a number: they open the list.
COUNTED_UP_TO = 100
Wait = Callable[[Any, date, bool], str]


def number_of(count: int, one: str, many: str) -> str:
    """Return « 3 stages », « plus de 100 stages »."""
    return (
        f"plus de{NO_BREAK}{counted(COUNTED_UP_TO, one, many)}" if count > COUNTED_UP_TO else counted(count, one, many)
    )


def first_values(rows: QuerySet[Any, Any], name: str, most: int = COUNTED_UP_TO + 1) -> list[Any]:
    """Return the earliest values of a column of these rows, one more than is counted. One query, bounded."""
    bare = rows.prefetch_related(None).select_related(None).order_by(name, "pk")
    return list(bare.values_list(name, flat=True)[:most])


def first_values_of(parts: Mapping[str, QuerySet[Any, Any]], name: str) -> dict[str, list[Any]]:
    """Return what first_values does for several sets of rows of one table, by their keys. One query, however many there are."""
    one, *others = [
        rows.prefetch_related(None).select_related(None).order_by(name, "pk").values_list(Value(str(key)), name)[: COUNTED_UP_TO + 1]
        for key, rows in parts.items()
    ]  # fmt: skip
    found: dict[str, list[Any]] = {key: [] for key in parts}
    for key, value in one.union(*others, all=True):
        found[key].append(value)
    # Rows put side by side come in no order that is promised.
    return {key: sorted(values) for key, values in found.items()}


def task(
    rows: QuerySet[Any, Any], name: str, words: tuple[str, str], url: str, urgency: Urgency, *, wait: Wait | None = None
) -> list[Task]:
    """Return the line of what waits, nothing when nothing does. `name` is the column that says which row presses most."""
    return line(first_values(rows, name), words, url, urgency, wait=wait)


def line(
    found: Sequence[Any], words: tuple[str, str], url: str, urgency: Urgency, *, wait: Wait | None = None
) -> list[Task]:
    """Return the line of what was found already, the most pressing first; nothing when nothing was."""
    if not found:
        return []
    told = wait(found[0], timezone.localdate(), len(found) > 1) if wait else ""
    return [Task(number_of(len(found), *words), url, urgency, told)]


def _day(value: date | datetime) -> date:
    return timezone.localdate(value) if isinstance(value, datetime) else value


def late(value: Any, today: date, several: bool = False) -> str:
    """Return « en retard de 3 jours », « jusqu’à 3 jours de retard »."""
    days = (today - _day(value)).days
    if days <= 0:
        return "aujourd’hui"
    words = counted(days, "jour", "jours")
    return f"jusqu’à {words} de retard" if several else f"en retard de {words}"


def waiting(value: Any, today: date, several: bool = False) -> str:
    """Return « depuis 3 jours », « jusqu’à 3 jours d’attente »."""
    days = (today - _day(value)).days
    if days <= 0:
        return "depuis aujourd’hui"
    words = counted(days, "jour", "jours")
    return f"jusqu’à {words} d’attente" if several else f"depuis {words}"


def ahead(value: Any, today: date, several: bool = False) -> str:
    """Return « demain », « dans 3 jours », « au plus tôt dans 3 jours »."""
    days = (_day(value) - today).days
    told = "demain" if days == 1 else f"dans {counted(days, 'jour', 'jours')}"
    told = "aujourd’hui" if days <= 0 else told
    return f"au plus tôt {told}" if several else told
