"""Conventions that are never written: the database judges their values, so that every combination can be tried."""

from typing import Any

from django.db import connection
from django.db.models.expressions import BaseExpression

from partnerships.models import PartnershipConvention

COLUMNS = {
    "status": "varchar", "starts_on": "date", "ends_on": "date", "ended_on": "date", "renewal": "varchar",
    "renewal_months": "smallint", "renewal_limit": "smallint", "notice_months": "smallint", "amended_ends_on": "date",
    "amended_renewal": "varchar", "amended_renewal_months": "smallint", "amended_renewal_limit": "smallint",
    "amended_notice_months": "smallint",
}  # fmt: skip
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
    row = ", ".join(f"%s::{kind} AS {name}" for name, kind in COLUMNS.items())
    before, after = sql.rsplit(f"FROM {TABLE}", 1)
    count = before.count("%s")
    given = [getattr(convention, name) for name in COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{before} FROM (SELECT {row}, 1 AS id) AS {TABLE} {after}", (*values[:count], *given, *values[count:])
        )
        return cursor.fetchone()[0]
