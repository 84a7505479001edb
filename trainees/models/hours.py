"""The usual hours of a school, by day of the week: what a new timetable starts from."""

from django.db import models
from django.db.models import F, Q

from e2c_portal.kernel.checks import ChecksAtOnce
from schools.models import School


class SchoolHours(ChecksAtOnce, models.Model):
    """One day of the usual week of a school; a day without a row is off. Retention: kept (no personal data)."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Lundi"
        TUESDAY = 1, "Mardi"
        WEDNESDAY = 2, "Mercredi"
        THURSDAY = 3, "Jeudi"
        FRIDAY = 4, "Vendredi"
        SATURDAY = 5, "Samedi"

    school = models.ForeignKey(School, verbose_name="école", on_delete=models.CASCADE, related_name="usual_hours")
    weekday = models.PositiveSmallIntegerField("jour", choices=Weekday)
    starts_at = models.TimeField("de")
    ends_at = models.TimeField("à")
    break_starts_at = models.TimeField("pause de", null=True, blank=True)
    break_ends_at = models.TimeField("pause à", null=True, blank=True)

    class Meta:
        verbose_name = "horaire habituel d’une école"
        verbose_name_plural = "horaires habituels des écoles"
        ordering = ["school", "weekday"]
        constraints = [
            models.UniqueConstraint(fields=["school", "weekday"], name="school_hours_once_a_day"),
            models.CheckConstraint(condition=Q(weekday__range=(0, 5)), name="school_hours_never_on_sunday"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="school_hours_end_after_they_start",
                violation_error_message="La journée ne peut pas finir avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                condition=Q(break_starts_at=None, break_ends_at=None)
                | Q(break_starts_at__gt=F("starts_at"), break_ends_at__gt=F("break_starts_at"), break_ends_at__lt=F("ends_at")),
                name="school_hours_break_inside",
                violation_error_message="La pause se prend pendant la journée : elle a un début et une fin.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_weekday_display()}, {self.starts_at:%H:%M} – {self.ends_at:%H:%M}"
