"""Pages of lists that may be very long: counted up to a limit, so that a page costs the same among 170,000 rows."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

COUNTED_UP_TO = 1000


class ShortPaginator(Paginator):
    """Count no further than COUNTED_UP_TO: beyond, people search or export, they do not turn pages."""

    @cached_property
    def _found(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[: COUNTED_UP_TO + 1].count()

    @property
    def count(self) -> int:  # type: ignore[override]
        return min(self._found, COUNTED_UP_TO)

    @property
    def has_more(self) -> bool:
        """Say whether more rows match than the pages show."""
        return self._found > COUNTED_UP_TO
