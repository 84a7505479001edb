"""The link by which somebody of a company assesses trainees: whom it opens to, and which assessments it shows, theirs alone."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch
from django.utils import timezone

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document
from e2c_portal.documents.models import Status as DocumentStatus
from e2c_portal.links.models import PersonalLink
from partnerships.models import CompanyContact
from trainees.life import assessments as life
from trainees.models import CompanyAssessment
from trainees.models.assessments import ASSESSMENT_KIND

# The purpose of the link, and the types of the messages that carry it.
ASSESSMENTS_LINK = "trainees.assessments"
ASK_MAIL, REMIND_MAIL, HANDED_MAIL = (
    "trainees.assessment_asked",
    "trainees.assessment_reminder",
    "trainees.assessment_handed",
)
SAID = (life.SUBMITTED, life.RETURNED, life.VALIDATED, life.SUPERSEDED)
# What was sent stays readable by its author for a while; what is without object tells why.
SENT_SHOWN_FOR, CANCELLED_SHOWN_FOR = timedelta(days=180), timedelta(days=60)
SHOWN_AT_MOST = 200


def contact_of(subject: str) -> CompanyContact | None:
    """Return the contact that a link or a message names as "partnerships.companycontact:12", None for anything else."""
    label, _, number = subject.partition(":")
    if label != CompanyContact._meta.label_lower or not number.isdecimal():
        return None
    return CompanyContact.objects.select_related("company").filter(pk=int(number)).first()


def _recent() -> Q:
    now = timezone.now()
    return (
        Q(status=life.OPEN)
        | Q(status__in=SAID, submitted_at__gt=now - SENT_SHOWN_FOR)
        | Q(status=life.CANCELLED, decided_at__gt=now - CANCELLED_SHOWN_FOR)
    )


def of_contact(contact: CompanyContact) -> QuerySet[CompanyAssessment]:
    """Return what this contact is asked or said, nothing of anybody else."""
    return with_what_is_shown().filter(_mine(contact))


def _mine(contact: CompanyContact) -> Q:
    return Q(respondent=contact) | Q(told_by=contact, status__in=SAID)


def with_what_is_shown() -> QuerySet[CompanyAssessment]:
    """Return the assessments with what their pages name."""
    people = ("internship__trainee", "internship__establishment__company", "internship__trade", "school", "told_by")
    return CompanyAssessment.objects.select_related("internship__tutor", *people)


def handed_over_by(contact: CompanyContact) -> list[CompanyAssessment]:
    """Return what waits for somebody else than the tutor of the internship: who it is and its state, never its content."""
    elsewhere = Q(respondent=None) | ~Q(respondent=contact)
    rows = CompanyAssessment.objects.filter(elsewhere, status=life.OPEN, internship__tutor=contact)
    return list(rows.select_related("internship__trainee", "respondent")[:SHOWN_AT_MOST])


def opens(link: PersonalLink) -> bool:
    """Say whether a link that nobody withdrew still leads somewhere: they work there, same address, something to show."""
    contact = contact_of(link.subject)
    if contact is None or contact.duplicate_of_id or not contact.is_here_on(timezone.localdate()):
        return False
    if not contact.email or contact.email.lower() != link.email.lower():
        return False
    mine = CompanyAssessment.objects.filter(Q(respondent=contact) | Q(told_by=contact), _recent())
    return mine.exists() or bool(handed_over_by(contact))


def link_of(contact: CompanyContact) -> PersonalLink | None:
    """Return the link of this contact that nobody withdrew, None when there is none."""
    links = PersonalLink.objects.filter(
        purpose=ASSESSMENTS_LINK, subject=subject_of(contact), email__iexact=contact.email, revoked_at=None, replaced_by=None
    )  # fmt: skip
    return links.order_by("-prepared_at", "-pk").first()


@dataclass(frozen=True)
class OwnAssessments:
    """What the first page of a contact lists."""

    to_fill: list[CompanyAssessment]
    sent: list[CompanyAssessment]
    cancelled: list[CompanyAssessment]
    handed_over: list[CompanyAssessment]

    @property
    def only_one(self) -> CompanyAssessment | None:
        """The one that waits, when there is nothing else to read: it opens straight away."""
        alone = len(self.to_fill) == 1 and not (self.sent or self.cancelled or self.handed_over)
        return self.to_fill[0] if alone else None


def own_assessments(contact: CompanyContact) -> OwnAssessments:
    """Return what this contact is asked, and what they sent lately, the most urgent first. Two queries."""
    rows = list(of_contact(contact).filter(_recent()).order_by("due_on", "pk")[:SHOWN_AT_MOST])
    mine = contact.pk
    return OwnAssessments(
        [row for row in rows if row.status == life.OPEN and row.respondent_id == mine],
        sorted((row for row in rows if row.status in life.SENT and row.told_by_id == mine), key=_sent_at, reverse=True),
        [row for row in rows if row.status == life.CANCELLED and row.respondent_id == mine],
        handed_over_by(contact),
    )


def _sent_at(row: CompanyAssessment) -> float:
    return row.submitted_at.timestamp() if row.submitted_at else 0.0


def own_assessment(contact: CompanyContact, public_id: str) -> CompanyAssessment | None:
    """Return one assessment of this very contact, None for any other and for what is not an identifier.

    What the tutor of the internship handed over is found too, while it is open, so that its page says who has it: whoever
    reads it compares `respondent` first.
    """
    try:
        wanted = UUID(public_id)
    except ValueError:
        return None
    rows = with_what_is_shown().select_related("respondent").filter(public_id=wanted)
    handed = Q(internship__tutor=contact, status=life.OPEN)
    return rows.filter(handed | _mine(contact)).first()


def open_version_of(assessment: CompanyAssessment) -> CompanyAssessment | None:
    """Return the version of this internship that is being filled, None when nobody is."""
    return CompanyAssessment.objects.filter(internship=assessment.internship_id, status=life.OPEN).first()


def paper_of(assessment: CompanyAssessment) -> Document | None:
    """Return the sealed receipt of an assessment, None until it is made."""
    rows = Document.objects.filter(
        kind=ASSESSMENT_KIND, subject=subject_of(assessment), status=DocumentStatus.SEALED
    ).order_by("-sealed_at")
    return rows.first()


def page_of(assessment: CompanyAssessment) -> str:
    """Return the path of the page where the school reads an assessment."""
    try:
        return assessment.get_absolute_url()
    except NoReverseMatch:
        return assessment.internship.get_absolute_url()
