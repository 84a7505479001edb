"""The schedule of an internship, day by day: at school or in company, from when to when, with the break between."""

from datetime import datetime, timedelta

import pgtrigger
from django.db import models
from django.db.models import F, Q

from e2c_portal.kernel.checks import ChecksAtOnce
from trainees.models.internships import HELD, Internship

DAY_HELD = HELD.replace("OLD.id", "COALESCE(NEW.internship_id, OLD.internship_id)")
SETTLED = pgtrigger.Trigger(
    name="settled_once_to_sign",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func=f"IF {DAY_HELD} THEN RAISE EXCEPTION 'L’horaire est à la signature ou signé : il ne change plus que par un avenant.' "
    "USING ERRCODE = 'restrict_violation'; END IF; RETURN COALESCE(NEW, OLD);",
)
INSIDE = pgtrigger.Trigger(
    name="inside_its_internship",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    declare=[("i", "trainees_internship%ROWTYPE")],
    func="SELECT * INTO i FROM trainees_internship WHERE id = NEW.internship_id; "
    "IF NEW.day < i.starts_on OR NEW.day > i.ends_on THEN "
    "RAISE EXCEPTION 'Le % est hors du stage.', NEW.day USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)


def _lawful(operation: pgtrigger.Operation, name: str) -> pgtrigger.Trigger:
    """Check the working time of the weeks written by one statement (migration 0003, trainees_check_schedule).

    Once a statement, so that a timetable written at once costs one question. A part of a lawful timetable is lawful: it may be
    written line by line too.
    """
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="written"),
        func="PERFORM trainees_check_schedule(ARRAY(SELECT DISTINCT internship_id FROM written)); RETURN NULL;",
    )


class ScheduleDay(ChecksAtOnce, models.Model):
    """One day of the schedule. Retention: with its internship."""

    class Place(models.TextChoices):
        COMPANY = "company", "En entreprise"
        SCHOOL = "school", "À l’école"

    internship = models.ForeignKey(Internship, verbose_name="stage", on_delete=models.CASCADE, related_name="days")
    day = models.DateField("jour")
    place = models.CharField("lieu", max_length=10, choices=Place, default=Place.COMPANY)
    starts_at = models.TimeField("de")
    ends_at = models.TimeField("à")
    break_starts_at = models.TimeField("pause de", null=True, blank=True)
    break_ends_at = models.TimeField("pause à", null=True, blank=True)

    class Meta:
        verbose_name = "jour de l’horaire"
        verbose_name_plural = "jours de l’horaire"
        ordering = ["day", "starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["internship", "day", "place"], name="schedule_day_once_per_place"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="schedule_ends_after_it_starts",
                violation_error_message="La journée ne peut pas finir avant d’avoir commencé.",
            ),
            models.CheckConstraint(
                condition=Q(break_starts_at=None, break_ends_at=None)
                | Q(break_starts_at__gt=F("starts_at"), break_ends_at__gt=F("break_starts_at"), break_ends_at__lt=F("ends_at")),
                name="schedule_break_inside",
                violation_error_message="La pause se prend pendant la journée : elle a un début et une fin.",
            ),
            # L6343-4 of the labour code: trainees of vocational training rest on Sundays. No dated limit: no value to change.
            models.CheckConstraint(
                condition=~Q(day__week_day=1), name="schedule_never_on_sunday",
                violation_error_message="Le dimanche est un jour de repos (code du travail, art. L6343-4).",
            ),
        ]  # fmt: skip
        triggers = [
            SETTLED,
            INSIDE,
            _lawful(pgtrigger.Insert, "lawful_when_written"),
            _lawful(pgtrigger.Update, "lawful_when_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}, {self.starts_at:%H:%M} – {self.ends_at:%H:%M}"

    @property
    def duration(self) -> timedelta:
        """The time of effective presence: the break does not count."""
        start, end = datetime.combine(self.day, self.starts_at), datetime.combine(self.day, self.ends_at)
        if self.break_starts_at is None or self.break_ends_at is None:
            return end - start
        pause = datetime.combine(self.day, self.break_ends_at) - datetime.combine(self.day, self.break_starts_at)
        return end - start - pause

    @property
    def minutes(self) -> int:
        return int(self.duration.total_seconds() // 60)
