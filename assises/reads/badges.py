"""Badges and sheets of paper: for whom, and which were made."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from assises.life import registrations as life
from assises.models import BadgeSheet, Edition, Registration, RegistrationMove
from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document, Status
from schools.models import School

BADGES, ATTENDANCE_SHEET = "assises.badges", "assises.sheet"
SHOWN = 40


@dataclass(frozen=True)
class BadgeChoice:
    """For whom badges are printed: everybody confirmed, but for what is set here."""

    category: str = ""
    school: School | None = None
    since: date | None = None


def to_badge(edition: Edition, choice: BadgeChoice) -> QuerySet[Registration]:
    """Return the confirmed people that a choice keeps, by name. `since` is the day on which the place was confirmed."""
    people = edition.registrations.filter(status=life.CONFIRMED, purged_at=None)
    if choice.category:
        people = people.filter(category=choice.category)
    if choice.school:
        people = people.filter(school=choice.school)
    if choice.since:
        confirmed = RegistrationMove.objects.filter(
            registration=OuterRef("pk"), target=life.CONFIRMED, at__date__gte=choice.since
        )
        people = people.filter(Exists(confirmed))
    return people.select_related("school").order_by("search", "pk")


def confirmed_person(edition: Edition, registration_id: int) -> Registration | None:
    """Return somebody confirmed to this edition, None when it is nobody."""
    return to_badge(edition, BadgeChoice()).filter(pk=registration_id).first()


def sheets_made(edition: Edition) -> list[tuple[BadgeSheet, Document | None]]:
    """Return the last sheets of badges that were asked for, each with its document. Two queries."""
    rows = list(BadgeSheet.objects.filter(edition=edition).select_related("requested_by").order_by("-pk")[:SHOWN])
    documents = Document.objects.filter(kind=BADGES, subject__in=[subject_of(row) for row in rows]).defer("context")
    known = {document.subject: document for document in documents.exclude(status=Status.ABANDONED).order_by("pk")}
    return [(row, known.get(subject_of(row))) for row in rows]


def papers_of(checkpoints: list) -> dict[int, Document]:
    """Return the last attendance sheet of each checkpoint that has one. One query."""
    known = {subject_of(row): row.pk for row in checkpoints}
    documents = Document.objects.filter(kind=ATTENDANCE_SHEET, subject__in=list(known)).defer("context")
    return {known[paper.subject]: paper for paper in documents.exclude(status=Status.ABANDONED).order_by("pk")}


def schools_of(edition: Edition) -> QuerySet[School]:
    """Return the schools from which somebody is registered."""
    return School.objects.filter(pk__in=edition.registrations.order_by().values("school")).order_by("name")
