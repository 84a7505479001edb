"""What a trainee sees of themselves by a personal link: their internships and papers, nothing of anybody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document
from e2c_portal.documents.models import Status as DocumentStatus
from e2c_portal.kernel.workflow import State
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.queries import state_of as link_state
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.queries import next_step
from e2c_portal.mailing.queries import state_of as message_state
from trainees.life import internships as internship_life
from trainees.life import pathways as pathway_life
from trainees.models import Internship, InternshipAgreement, Pathway, ScheduleDay, Trainee
from trainees.models.agreements import AGREEMENT_KIND, AMENDMENT_KIND
from trainees.reads.certificates import own_sealed

# The purpose of the link, and the type of the message that carries it.
TRAINEE_SPACE = "trainees.space"
NO_LINK = State("Pas de lien", "Aucun lien ne lui a été envoyé.", "neutral")
# Follow-ups go on for a year after the exit: the link still opens then, and not after.
OPEN_AFTER_EXIT = timedelta(days=366)
SHOWN = (*internship_life.TAKING_DAYS, internship_life.NOT_STARTED)


def trainee_of(subject: str) -> Trainee | None:
    """Return the trainee that a link names as "trainees.trainee:12", None when it is something else."""
    label, _, number = subject.partition(":")
    if label != Trainee._meta.label_lower or not number.isdecimal():
        return None
    return Trainee.objects.select_related("school").filter(pk=int(number)).first()


def opens(link: PersonalLink) -> bool:
    """Say whether a link that nobody withdrew still leads somewhere: same address, and a pathway not over for a year."""
    trainee = trainee_of(link.subject)
    return trainee is not None and trainee.email.lower() == link.email.lower() and has_recent_pathway(trainee)


def has_recent_pathway(trainee: Trainee) -> bool:
    """Say whether this person is in a pathway, or left one less than a year ago."""
    recent = Q(status__in=pathway_life.OPEN) | Q(ended_on__gte=timezone.localdate() - OPEN_AFTER_EXIT)
    return Pathway.objects.filter(recent, trainee=trainee).exists()


def link_of(trainee: Trainee) -> PersonalLink | None:
    """Return the link of this trainee that nobody withdrew, None when there is none."""
    links = PersonalLink.objects.filter(
        purpose=TRAINEE_SPACE, subject=subject_of(trainee), revoked_at=None, replaced_by=None
    )
    return links.order_by("-prepared_at", "-pk").first()


def own_internships(trainee: Trainee) -> QuerySet[Internship]:
    """Return the internships a trainee reads of themselves, with their days, the last to begin first."""
    rows = trainee.internships.filter(status__in=SHOWN)
    days = Prefetch("days", ScheduleDay.objects.order_by("day", "starts_at"))
    people = ("establishment__company", "tutor", "referent", "trade", "school", "trainee")
    return rows.select_related(*people).prefetch_related(days).order_by("-starts_on", "-pk")


def current_pathway(trainee: Trainee) -> Pathway | None:
    """Return the last pathway of a trainee, with their referent."""
    return trainee.pathways.select_related("referent", "site", "school").order_by("-entered_on").first()


def own_papers(internships: Iterable[Internship]) -> dict[int, list[Document]]:
    """Return the sealed agreements and amendments of these internships, by internship. Two queries."""
    agreements = InternshipAgreement.objects.filter(internship__in=[row.pk for row in internships])
    owners: dict[str, int] = {}
    for agreement in agreements.prefetch_related("amendments"):
        owners[subject_of(agreement)] = agreement.internship_id
        owners |= {subject_of(row): agreement.internship_id for row in agreement.amendments.all()}
    sealed = Document.objects.filter(
        kind__in=[AGREEMENT_KIND, AMENDMENT_KIND], subject__in=list(owners), status=DocumentStatus.SEALED
    ).exclude(successors__status=DocumentStatus.SEALED)
    papers: dict[int, list[Document]] = {}
    for document in sealed.defer("context").order_by("sealed_at", "pk"):
        papers.setdefault(owners[document.subject], []).append(document)
    return papers


def own_paper(trainee: Trainee, public_id: UUID) -> Document | None:
    """Return a sealed paper of this very trainee, None for any other: an agreement, an amendment, an attestation."""
    papers = [*own_papers(own_internships(trainee)).values(), own_sealed(trainee).values()]
    return next((paper for rows in papers for paper in rows if paper.public_id == public_id), None)


@dataclass(frozen=True)
class SpaceAccess:
    """Where the link of a trainee stands: the link, and the last message that carried it."""

    link: PersonalLink | None
    message: Mail | None

    @property
    def state(self) -> State:
        return link_state(self.link) if self.link else NO_LINK

    @property
    def message_state(self) -> State | None:
        return message_state(self.message) if self.message else None

    @property
    def message_next(self) -> str:
        return next_step(self.message) if self.message else ""


def access_of(trainee: Trainee) -> SpaceAccess:
    """Return where the link of a trainee stands. Two queries."""
    mails = Mail.objects.filter(kind=TRAINEE_SPACE, subject=subject_of(trainee)).defer("context")
    return SpaceAccess(link_of(trainee), mails.order_by("-requested_at", "-pk").first())
