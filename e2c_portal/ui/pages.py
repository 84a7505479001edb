"""Pages of lists that may be very long: counted up to a limit, so that a page costs the same among 170,000 rows."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

COUNTED_UP_TO = 1000
First = Callable[[int], QuerySet[Any]]


class ShortPaginator(Paginator):
    """Count no further than `up_to` (COUNTED_UP_TO unless said): beyond, people search or export, they do not turn pages.

    `in_order` counts along the order of the list, where an index holds that order among rows that mostly match: the first rows are
    found, and a page is read among them. `first` gives, for a number, rows among which are that many of the first ones, in order:
    for a list whose order no index holds, it spares sorting all of it. `known` is how many rows there are, where that is known.
    `counted` are the same rows in no order, written so that as many as are counted are found the soonest.
    """

    def __init__(
        self, rows: Any, per_page: int, *, up_to: int | None = None, in_order: bool = False, first: First | None = None,
        known: int | None = None, counted: QuerySet[Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(rows, per_page)
        self.up_to, self.in_order, self.first, self.known = up_to or COUNTED_UP_TO, in_order, first, known
        self.counted = counted

    def page(self, number: int | str) -> Page:
        """Return a page. Raises InvalidPage when there is none of that number."""
        number = self.validate_number(number)
        bottom, top = (number - 1) * self.per_page, min(number * self.per_page, self.count)
        return self._get_page(self._rows(bottom, top), number, self)

    def _rows(self, bottom: int, top: int) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        if self.in_order:
            return rows.filter(pk__in=self._keys[bottom:top])
        return (self.first(top) if self.first else rows)[bottom:top]

    @cached_property
    def _keys(self) -> list[Any]:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return list(rows.values_list("pk", flat=True)[: self.up_to + 1])

    @cached_property
    def _found(self) -> int:
        if self.known is not None:
            return self.known
        if self.in_order:
            return len(self._keys)
        rows: QuerySet[Any] = self.object_list if self.counted is None else self.counted  # type: ignore[assignment]
        return rows.order_by().values("pk")[: self.up_to + 1].count()

    @property
    def count(self) -> int:  # type: ignore[override]
        return min(self._found, self.up_to)

    @property
    def has_more(self) -> bool:
        """Say whether more rows match than the pages show."""
        return self._found > self.up_to
