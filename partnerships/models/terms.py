"""The rules of partnerships.terms for the database: constraints, lists and filters read them. Tests compare both."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db.models import Case, DateField, F, Field, Func, Q, SmallIntegerField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import IsNull


class DateRange(Func):
    """`daterange(from, to, bounds)`."""

    function = "daterange"
    output_field = DateRangeField()


class MonthsAfter(Func):
    """The date some months later, or the last day of that month: the arithmetic of partnerships.calendar."""

    template = "(%(expressions)s))::date"
    arg_joiner = " + make_interval(months => "
    output_field = DateField()


class NextDay(Func):
    """The day after."""

    template = "(%(expressions)s + 1)"
    output_field = DateField()


class DayBefore(Func):
    """The day before."""

    template = "(%(expressions)s - 1)"
    output_field = DateField()


def least(*days: Combinable) -> Func:
    """Return the earliest of dates; PostgreSQL passes over those that are not known."""
    return Func(*days, function="LEAST", output_field=DateField())


# What is agreed now: the convention's own columns, unless a signed amendment changed them. The renewal changes as a whole.
# The casts give a type to what is not known, where a form is checked before anything is written.
ENDS_ON = Cast(Coalesce("amended_ends_on", "ends_on"), DateField())
NOTICE_MONTHS = Cast(Coalesce("amended_notice_months", "notice_months"), SmallIntegerField())
RENEWAL_MONTHS = Cast(
    Case(When(amended_renewal__isnull=False, then=F("amended_renewal_months")), default=F("renewal_months")),
    SmallIntegerField(),
)
RENEWAL_LIMIT = Cast(
    Case(When(amended_renewal__isnull=False, then=F("amended_renewal_limit")), default=F("renewal_limit")),
    SmallIntegerField(),
)
TACIT = Q(amended_renewal="tacit", amended_renewal_months__isnull=False) | Q(
    amended_renewal=None, renewal="tacit", renewal_months__isnull=False
)
ENDLESS = Q(amended_renewal="tacit", amended_renewal_limit=None) | Q(
    amended_renewal=None, renewal="tacit", renewal_limit=None
)

AGREED_LAST_DAY = Case(
    When(TACIT & ENDLESS, then=Value(None, DateField())),
    When(TACIT, then=DayBefore(MonthsAfter(NextDay(ENDS_ON), RENEWAL_MONTHS * RENEWAL_LIMIT))),
    default=ENDS_ON,
    output_field=DateField(),
)
LAST_DAY = least(F("ended_on"), AGREED_LAST_DAY)
# Days that no other convention of the company may take for the same object. An endless one takes them all; an early end
# before the first day takes one, where PostgreSQL would refuse the range. Empty while a date is not known.
DAYS_TAKEN = Case(
    When(Q(starts_on=None) | Q(IsNull(ENDS_ON, True)), then=Value(None, DateRangeField())),
    default=DateRange(
        "starts_on",
        Case(
            When(TACIT & ENDLESS & Q(ended_on=None), then=Value(None, DateField())),
            default=Func(F("starts_on"), LAST_DAY, function="GREATEST", output_field=DateField()),
            output_field=DateField(),
        ),
        Value("[]"),
    ),
    output_field=DateRangeField(),
)


class OfARow(Func):
    """A rule that the database holds in a function of its own, asked of a whole row on a day: `rule(row, day)` (migration 0014).

    Django writes a call instead of the rule, and PostgreSQL puts the rule in its place (ADR 0038).
    """

    def __init__(self, rule: str, day: date, *, output_field: Field) -> None:  # type: ignore[type-arg]
        # The key tells which row: under whatever alias the query reads its table.
        super().__init__(F("pk"), Value(day, DateField()), function=rule, output_field=output_field)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        key: Any = self.source_expressions[0]
        asked, values = compiler.compile(self.source_expressions[1])
        return f"{self.extra['function']}({compiler.quote_name_unless_alias(key.alias)}, {asked})", tuple(values)


def period_end(day: date) -> OfARow:
    """Return the last day of the period in force on a day, early or not: the next date to watch.

    Before the first day it is the end of the first period; after the last one, the last day.
    """
    return OfARow("e2c_convention_period_end", day, output_field=DateField())
