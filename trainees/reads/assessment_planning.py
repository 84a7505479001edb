"""What the clock finds to do about assessments: to open, to ask, to recall, to give up. Ids only; each act looks again."""

from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q

from schools.models import School
from trainees.life import assessments as life
from trainees.life import internships as internship_life
from trainees.models import CompanyAssessment, Internship

# The tutor has the last days to look at the work with the grid in hand.
OPENED_BEFORE_END = timedelta(days=5)
# What ended longer ago was assessed otherwise, before the portal did it: nothing is asked by itself.
LOOKED_BACK = timedelta(days=30)
LEFT_TO_ANSWER = timedelta(days=7)
REMINDED_AFTER = (timedelta(days=7), timedelta(days=14))
SCHOOL_TOLD_AFTER = timedelta(days=21)
TO_ASSESS = (internship_life.ACCEPTED, internship_life.SIGNED, internship_life.BROKEN)
NO_LONGER = (internship_life.CANCELLED, internship_life.NOT_STARTED)


def internships_to_open(today: date) -> list[int]:
    """Return the internships that end within five days, or ended within a month, and have no assessment yet. One query a school."""
    found: list[int] = []
    none = ~Exists(CompanyAssessment.objects.filter(internship=OuterRef("pk")))
    for school_id in School.objects.order_by("pk").values_list("pk", flat=True):
        rows = Internship.objects.filter(
            none, school=school_id, last_day__range=(today - LOOKED_BACK, today + OPENED_BEFORE_END),
            starts_on__lte=today, status__in=TO_ASSESS,
        )  # fmt: skip
        found += rows.order_by("pk").values_list("pk", flat=True)
    return found


def assessments_to_ask() -> list[tuple[int, int]]:
    """Return what the clock opened and nobody was asked for yet, as (assessment, contact), those of one person together."""
    rows = CompanyAssessment.objects.filter(status=life.OPEN, asked_at=None, respondent__isnull=False)
    return list(rows.order_by("respondent", "due_on", "pk").values_list("pk", "respondent_id"))


def assessments_without_anybody(today: date) -> list[int]:
    """Return the open assessments that can be asked of nobody and that the school has not been told of."""
    unreachable = Q(respondent=None) | Q(respondent__email="") | Q(respondent__left_on__lte=today)
    rows = CompanyAssessment.objects.filter(unreachable, status=life.OPEN, asked_at=None, reminders=0)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _not_a_correction() -> Q:
    """Leave out the corrections that a tutor began by themselves: what they sent stands meanwhile, nobody waits for more."""
    sent = CompanyAssessment.objects.filter(internship=OuterRef("internship"), status__in=life.SENT)
    return ~Q(question="") | Q(~Exists(sent))


def assessments_to_remind(today: date) -> list[tuple[int, int]]:
    """Return what is late and owed a reminder, as (assessment, contact), those of one person together."""
    late = Q(reminders=0, due_on__lte=today - REMINDED_AFTER[0]) | Q(reminders=1, due_on__lte=today - REMINDED_AFTER[1])
    rows = CompanyAssessment.objects.filter(late, status=life.OPEN, asked_at__isnull=False, respondent__isnull=False)
    return list(
        rows.filter(_not_a_correction()).order_by("respondent", "due_on", "pk").values_list("pk", "respondent_id")
    )


def is_owed_a_reminder(row: CompanyAssessment, today: date) -> bool:
    """Say, of a row that is locked, whether its next reminder is due."""
    if row.status != life.OPEN or row.asked_at is None or row.reminders >= len(REMINDED_AFTER):
        return False
    return row.due_on <= today - REMINDED_AFTER[row.reminders]


def assessments_given_up(today: date) -> list[int]:
    """Return what two reminders changed nothing to, and that the school has not been told of."""
    rows = CompanyAssessment.objects.filter(status=life.OPEN, reminders=len(REMINDED_AFTER))
    return list(rows.filter(due_on__lte=today - SCHOOL_TOLD_AFTER).order_by("pk").values_list("pk", flat=True))


def assessments_without_object() -> list[int]:
    """Return the open assessments of internships that were cancelled or never began, or whose version before was validated."""
    validated = Exists(CompanyAssessment.objects.filter(internship=OuterRef("internship"), status=life.VALIDATED))
    rows = CompanyAssessment.objects.filter(validated | Q(internship__status__in=NO_LONGER), status=life.OPEN)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def assessments_whose_end_moved(today: date) -> list[int]:
    """Return the first versions, never recalled, of internships that were prolonged, or broken off well before the day asked."""
    rows = CompanyAssessment.objects.filter(status=life.OPEN, version=1, reminders=0)
    prolonged = Q(due_on__lt=F("internship__last_day"), internship__status__in=TO_ASSESS)
    broken = Q(due_on__gt=today + LEFT_TO_ANSWER, internship__status=internship_life.BROKEN)
    return list(rows.filter(prolonged | broken).order_by("pk").values_list("pk", flat=True))
