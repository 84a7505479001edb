"""The lists that may be exported: apps register theirs in AppConfig.ready, so that this floor learns no business word."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row")


@dataclass(frozen=True)
class ComputedRows(Generic[Row]):
    """Rows that are worked out and not read as they are: they answer what an export asks of a query."""

    rows: Sequence[Row]

    def count(self) -> int:
        return len(self.rows)

    def iterator(self, chunk_size: int = 0) -> Iterator[Row]:
        return iter(self.rows)


Rows = QuerySet | ComputedRows


@dataclass(frozen=True)
class Column:
    """One column: its French title, what it reads in a row, and its width in characters where a format has widths.

    `value` returns text, a number, a date, a moment, a boolean or None.
    """

    title: str
    value: Callable[[Any], Any]
    width: int = 20


@dataclass(frozen=True)
class Listing:
    """One list. `rows` answers what this person has on screen, filters included, or None when they may not read it.

    `model` is set for a list of the admin alone: its page finds its export by it. `more` answers the columns that come after
    the others for what is asked: the questions of an edition, which its organisers write themselves. `personal` is left out, with a False that is written, for
    a list where nobody can be read: taking the others away asks again who is there (asking.py).
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Callable[[HttpRequest], Rows | None]
    model: type[Model] | None = None
    more: Callable[[HttpRequest], Sequence[Column]] | None = None
    personal: bool = True

    def columns_for(self, request: HttpRequest) -> Sequence[Column]:
        """Return every column of the list as it is asked for. Only once `rows` let this person read it."""
        return [*self.columns, *(self.more(request) if self.more else ())]


_lists: dict[str, Listing] = {}


def register(listing: Listing) -> None:
    """Add a list. Raises ValueError when its name is taken or when two of its columns have the same title."""
    known = _lists.get(listing.name)
    # The same list may come again, with new functions, when Django sets its apps up anew.
    if known and (known.title, known.model) != (listing.title, listing.model):
        raise ValueError(f"list {listing.name!r} is registered twice")
    titles = [column.title for column in listing.columns]
    if len(titles) != len(set(titles)):
        raise ValueError(f"list {listing.name!r} has two columns of the same title")
    _lists[listing.name] = listing


def listing_named(name: str) -> Listing | None:
    """Return the list of that name, None when no app registered it."""
    return _lists.get(name)


def admin_listing_of(model: type[Model]) -> Listing | None:
    """Return the export of a model's list in the admin, None when it has none."""
    return next((listing for listing in _lists.values() if listing.model is model), None)


def all_lists() -> list[Listing]:
    """Return every list, by name."""
    return [_lists[name] for name in sorted(_lists)]
