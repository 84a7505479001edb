"""The legal limits as dated rows, each with its source: what changes is data, never code."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from e2c_portal.kernel import triggers
from e2c_portal.kernel.french import number
from trainees.law.limits import DESCRIBED, Limit
from trainees.models.nir import without_nir


class DateRange(Func):
    """`daterange(first, last, '[]')`: both days included, no end when `last` is null."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self, first: Any, last: Any, **extra: Any) -> None:
        super().__init__(first, last, Value("[]"), **extra)


class LegalParameter(models.Model):
    """The value of one limit from a day to another. The day of the fact decides which row applies. Retention: kept."""

    key = models.CharField("limite", max_length=40, choices=[(key.value, DESCRIBED[key].label) for key in Limit])
    value = models.DecimalField("valeur", max_digits=7, decimal_places=2)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)
    source = models.CharField("source", max_length=250)

    class Meta:
        verbose_name = "limite légale"
        verbose_name_plural = "limites légales"
        ordering = ["key", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="parameter_ends_after_it_starts",
                violation_error_message="La limite ne peut pas finir avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0), name="parameter_not_negative",
                violation_error_message="Une limite n’est pas négative.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""), name="parameter_has_a_source",
                violation_error_message="Écrivez d’où vient cette limite : la loi, le décret, et l’article.",
            ),
            without_nir("parameter_without_nir", "source"),
            ExclusionConstraint(
                name="parameter_one_at_a_time",
                expressions=[
                    ("key", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Une autre valeur de cette limite court à ces dates : mettez-lui d’abord une fin.",
            ),
        ]  # fmt: skip
        # What was in force judged facts: it is followed by another row, never rewritten.
        triggers = [
            triggers.never_deleted(),
            triggers.frozen_columns(
                # The day of the people, not the one of the server: a session of PostgreSQL counts in UTC.
                "key",
                "value",
                "starts_on",
                "source",
                when_sql="OLD.starts_on <= (now() AT TIME ZONE 'Europe/Paris')::date",
            ),  # fmt: skip
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()} : {self.value.normalize():f} {self.unit}"

    @property
    def printed(self) -> str:
        """The value as it is read, with its unit: « 35 heures », « 1 jour », « 22 h »."""
        unit = "h" if self.unit == "heure" else self.unit
        if self.value < 2 and unit != "mois":
            unit = unit.removesuffix("s")
        return f"{number(self.value.normalize())} {unit}"

    @property
    def unit(self) -> str:
        return DESCRIBED[Limit(self.key)].unit


def limits_on(day: date) -> dict[str, Decimal]:
    """Return every limit that holds on a day, by key. One query."""
    rows = LegalParameter.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)
    return dict(rows.values_list("key", "value"))


def limit_on(key: str, day: date) -> Decimal:
    """Return one limit on a day. Raises LegalParameter.DoesNotExist when no row covers that day."""
    return rule_on(key, day).value


def rule_on(key: str, day: date) -> LegalParameter:
    """Return the row of a limit that holds on a day. Raises LegalParameter.DoesNotExist when none covers it."""
    return LegalParameter.objects.get(Q(ends_on=None) | Q(ends_on__gte=day), key=key, starts_on__lte=day)
