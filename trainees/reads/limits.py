"""The legal limits as everybody who works in the network reads them: their values, days and sources."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q, QuerySet

from trainees.law.limits import DESCRIBED, Limit
from trainees.models import LegalParameter


@dataclass(frozen=True)
class LimitOnPage:
    """One limit: the row in force on the day of reading, those before it, those to come."""

    label: str
    current: LegalParameter | None
    former: list[LegalParameter]
    coming: list[LegalParameter]


def limits_to_read(today: date) -> list[LimitOnPage]:
    """Return every limit that the portal knows, in the order of the code, with all its rows. One query."""
    rows = LegalParameter.objects.order_by("key", "-starts_on")
    by_key = {key: list(found) for key, found in groupby(rows, key=lambda row: row.key)}
    return [_on_page(key, by_key.get(key.value, []), today) for key in Limit]


def _on_page(key: Limit, rows: list[LegalParameter], today: date) -> LimitOnPage:
    current = next(
        (row for row in rows if row.starts_on <= today and (row.ends_on is None or row.ends_on >= today)), None
    )
    former = [row for row in rows if row is not current and row.starts_on <= today]
    return LimitOnPage(DESCRIBED[key].label, current, former, [row for row in rows if row.starts_on > today])


def limit_rows() -> QuerySet[LegalParameter]:
    """Return every row of every limit, for the list of the admin and the export."""
    return LegalParameter.objects.order_by("key", "-starts_on")


def rows_around(key: str, day: date) -> tuple[LegalParameter | None, LegalParameter | None]:
    """Return the row of a limit in force on a day, and the next one to come."""
    rows = LegalParameter.objects.filter(key=key)
    current = rows.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day).first()
    return current, rows.filter(starts_on__gt=day).order_by("starts_on").first()
