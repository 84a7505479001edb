"""The rules of partnerships.terms for the database: constraints, lists and filters read them. Tests compare both."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db.models import Case, DateField, F, Func, IntegerField, Q, SmallIntegerField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import GreaterThan, IsNull


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


class MonthsBetween(Func):
    """How many months change between two dates, whatever their days."""

    words = "((EXTRACT(YEAR FROM {later}) - EXTRACT(YEAR FROM {earlier})) * 12 + EXTRACT(MONTH FROM {later}) - EXTRACT(MONTH FROM {earlier}))::integer"
    output_field = IntegerField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        earlier, earlier_values = compiler.compile(self.source_expressions[0])
        later, later_values = compiler.compile(self.source_expressions[1])
        values = (*later_values, *earlier_values, *later_values, *earlier_values)
        return self.words.format(earlier=earlier, later=later), values


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


def period_end(day: date) -> Case:
    """Return the last day of the period in force on a day, early or not: the next date to watch.

    Before the first day it is the end of the first period; after the last one, the last day.
    """
    first = NextDay(ENDS_ON)
    months = RENEWAL_MONTHS
    rank = Func(
        MonthsBetween(first, Value(day, DateField())), months, template="(%(expressions)s)", arg_joiner=" / ",
        output_field=IntegerField(),
    )  # fmt: skip
    after = Func(rank, Value(1), template="(%(expressions)s)", arg_joiner=" + ", output_field=IntegerField())
    here, next_one = (MonthsAfter(first, _times(months, count)) for count in (rank, after))
    renewed = Case(When(_later(here, day), then=DayBefore(here)), default=DayBefore(next_one), output_field=DateField())
    return Case(
        When(TACIT & Q(_later(first, day)), then=least(F("ended_on"), ENDS_ON)),
        When(TACIT, then=least(F("ended_on"), AGREED_LAST_DAY, renewed)),
        default=LAST_DAY,
        output_field=DateField(),
    )


def _times(months: Combinable, count: Combinable) -> Func:
    return Func(months, count, template="(%(expressions)s)", arg_joiner=" * ", output_field=IntegerField())


def _later(one: Combinable, day: date) -> GreaterThan:
    return GreaterThan(one, Value(day, DateField()))
