"""The usual week of a school, said once: presences count by it, and a new internship starts from it."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from schools.models import School
from trainees.law.timetable import Slot

_SAYS_ITS_DAYS = (
    "IF (SELECT w.minutes FROM trainees_schoolweek w WHERE w.id = {week}) IS DISTINCT FROM "
    "(SELECT sum(extract(epoch FROM d.ends_at - d.starts_at - COALESCE(d.break_ends_at - d.break_starts_at, interval '0')) "
    "/ 60)::integer FROM trainees_schoolweekday d WHERE d.week_id = {week}) THEN "
    "RAISE EXCEPTION 'Une semaine de l’école s’écrit avec tous ses jours : un changement commence un autre jour.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NULL;"
)


def _says_its_days(week: str) -> pgtrigger.Trigger:
    """Refuse, at commit, a week whose days do not make its minutes: no day is ever added to a week already said."""
    return pgtrigger.Trigger(
        name="says_its_days",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func=_SAYS_ITS_DAYS.format(week=week),
    )


class SchoolWeek(ChecksAtOnce, models.Model):
    """The usual week of a school from a day on, with its days. `minutes` is their sum, breaks left out.

    Retention: kept (no personal data of trainees). Written once: a change begins on another day, and what was noted before keeps
    its hours. A school that never said is read as law.timetable.USUAL_WEEK.
    """

    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="weeks")
    starts_on = models.DateField("à partir du")
    minutes = models.PositiveSmallIntegerField("minutes par semaine", editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="noté par", on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "semaine de l’école"
        verbose_name_plural = "semaines de l’école"
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "starts_on"], name="school_week_once",
                violation_error_message="Une semaine est déjà notée à partir de ce jour : choisissez un autre jour.",
            ),
            # The dated limits of working time begin in 2000: a week is judged by those of its first days.
            models.CheckConstraint(
                condition=Q(starts_on__range=(date(2000, 1, 1), date(2099, 12, 31))), name="school_week_of_this_century",
                violation_error_message="Choisissez une date entre 2000 et 2099.",
            ),
        ]  # fmt: skip
        triggers = [triggers.immutable(), _says_its_days("NEW.id")]

    def __str__(self) -> str:
        return f"Semaine à partir du {self.starts_on:%d/%m/%Y}"

    @cached_property
    def hours(self) -> Mapping[int, Slot]:
        """The hours of each day of the week that has some, 0 is Monday."""
        return {day.weekday: day.slot for day in self.days.all()}


class SchoolWeekDay(ChecksAtOnce, models.Model):
    """The hours of one day of a week; a day without a row is off. Written once, with its week. Retention: with its week."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Lundi"
        TUESDAY = 1, "Mardi"
        WEDNESDAY = 2, "Mercredi"
        THURSDAY = 3, "Jeudi"
        FRIDAY = 4, "Vendredi"
        SATURDAY = 5, "Samedi"

    week = models.ForeignKey(SchoolWeek, verbose_name="semaine", on_delete=models.PROTECT, related_name="days")
    weekday = models.PositiveSmallIntegerField("jour", choices=Weekday)
    starts_at = models.TimeField("de")
    ends_at = models.TimeField("à")
    break_starts_at = models.TimeField("pause de", null=True, blank=True)
    break_ends_at = models.TimeField("pause à", null=True, blank=True)

    class Meta:
        verbose_name = "jour de la semaine de l’école"
        verbose_name_plural = "jours de la semaine de l’école"
        ordering = ["week", "weekday"]
        constraints = [
            models.UniqueConstraint(fields=["week", "weekday"], name="school_week_day_once"),
            models.CheckConstraint(
                condition=Q(weekday__range=(0, 5)), name="school_week_never_on_sunday",
                violation_error_message="La semaine d’une école va du lundi au samedi : choisissez un de ces jours.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="school_week_day_ends_after_it_starts",
                violation_error_message="La journée ne peut pas finir avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                condition=Q(break_starts_at=None, break_ends_at=None)
                | Q(break_starts_at__gt=F("starts_at"), break_ends_at__gt=F("break_starts_at"), break_ends_at__lt=F("ends_at")),
                name="school_week_day_break_inside",
                violation_error_message="La pause se prend pendant la journée : elle a un début et une fin.",
            ),
        ]  # fmt: skip
        triggers = [triggers.immutable(), _says_its_days("NEW.week_id")]

    def __str__(self) -> str:
        pause = f", pause {self.break_starts_at:%H:%M} – {self.break_ends_at:%H:%M}" if self.break_starts_at else ""
        return f"{self.get_weekday_display()}, {self.starts_at:%H:%M} – {self.ends_at:%H:%M}{pause}"

    @property
    def slot(self) -> Slot:
        """The hours as the timetables read them."""
        return Slot(self.starts_at, self.ends_at, self.break_starts_at, self.break_ends_at)
