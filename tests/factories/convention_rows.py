"""Conventions that are never written: the database judges their values, so that every combination can be tried."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models.expressions import BaseExpression
from psycopg.types.json import Jsonb

from partnerships.models import PartnershipConvention

COLUMNS = (
    "status", "starts_on", "ends_on", "ended_on", "renewal", "renewal_months", "renewal_limit", "notice_months",
    "amended_ends_on", "amended_renewal", "amended_renewal_months", "amended_renewal_limit", "amended_notice_months",
)  # fmt: skip
TABLE = '"partnerships_partnershipconvention"'


def set_renewal(convention: PartnershipConvention, renewal: tuple, amended: tuple | None) -> None:
    """Give a convention in memory a renewal (mode, months, limit) and, or None, the one that amendments made of it."""
    convention.renewal, convention.renewal_months, convention.renewal_limit = renewal
    convention.amended_renewal, convention.amended_renewal_months, convention.amended_renewal_limit = (
        amended or (None,) * 3
    )


def judged_by_the_database(convention: PartnershipConvention, expression: BaseExpression) -> Any:
    """Return the expression's answer on a row that has these values, without the rules that would forbid some of them."""
    query = PartnershipConvention.objects.order_by().annotate(answer=expression).values("answer").query
    sql, values = query.sql_with_params()
    before, after = sql.rsplit(f"FROM {TABLE}", 1)
    count = before.count("%s")
    # A row of the table's own type: the rules that the database holds in functions are asked of whole rows.
    row = f"jsonb_populate_record(NULL::{TABLE}, %s) AS {TABLE}"
    with connection.cursor() as cursor:
        cursor.execute(f"{before} FROM {row} {after}", (*values[:count], Jsonb(_values(convention)), *values[count:]))
        return cursor.fetchone()[0]


def judged_together(conventions: Iterable[PartnershipConvention], rule: str, day: date) -> list[Any]:
    """Return what one of the database's own rules (migration 0014) answers on a day to each of these rows, in order."""
    row = f"jsonb_populate_record(NULL::{TABLE}, written)"
    asked = (
        f"SELECT {rule}({row}, %s) FROM jsonb_array_elements(%s) WITH ORDINALITY AS rows(written, rank) ORDER BY rank"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, (day, Jsonb([_values(convention) for convention in conventions])))
        return [answer for (answer,) in cursor.fetchall()]


def _values(convention: PartnershipConvention) -> dict[str, Any]:
    given = {name: getattr(convention, name) for name in COLUMNS}
    dates = {name: value.isoformat() for name, value in given.items() if isinstance(value, date)}
    return {"id": convention.pk or 1} | given | dates
