"""The legal limits over a stretch of days, in one query: what the rules engine asks day by day."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from django.db.models import Q

from trainees.models import LegalParameter


def limits_between(first: date, last: date) -> Callable[[date], Mapping[str, Decimal]]:
    """Return a function that gives every limit that holds on a day between the two, by key. One query."""
    rows = list(LegalParameter.objects.filter(Q(ends_on=None) | Q(ends_on__gte=first), starts_on__lte=last))

    @cache
    def on(day: date) -> Mapping[str, Decimal]:
        return {
            row.key: row.value for row in rows if row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)
        }

    return on
