"""The link by which the tutor of an internship sees who comes and reports to the school: whom it opens to, and where it stands."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel.workflow import State
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.queries import state_of as link_state
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.queries import mails_of, next_step
from e2c_portal.mailing.queries import state_of as message_state
from trainees.models import Internship, TutorReport

TUTOR_LINK = "trainees.tutor"
# The message that carries the link.
TUTOR_MAIL = "trainees.tutor_link"
# An accident is sometimes reported some days after the last one.
KEPT_AFTER = timedelta(days=7)
GOING = ("accepted", "signed", "broken")
NONE = State("Pas de lien", "Aucun lien n’a été envoyé au tuteur.", "neutral")


def internship_of(subject: str) -> Internship | None:
    """Return the internship that a link or a message names, None when it is something else."""
    label, _, number = subject.partition(":")
    if label != Internship._meta.label_lower or not number.isdecimal():
        return None
    rows = Internship.objects.select_related(
        "trainee", "school", "tutor", "referent", "pathway__referent", "establishment__company"
    )
    return rows.filter(pk=int(number)).first()


def ends_at(internship: Internship) -> datetime:
    """Return the moment after which the link of an internship never opens again."""
    return timezone.make_aware(datetime.combine(internship.last_day + KEPT_AFTER + timedelta(days=1), time()))


def is_tutor_of(internship: Internship) -> bool:
    """Say whether the tutor of an internship may still act by their link: the stay holds, they work there, it is not too late."""
    tutor, now = internship.tutor, timezone.now()
    if tutor is None or internship.status not in GOING or now >= ends_at(internship):
        return False
    return bool(tutor.email) and tutor.is_here_on(timezone.localdate())


def version_of(link: PersonalLink) -> str | None:
    """Return the version of what the link opens: its tutor. None when there is nothing left to open."""
    internship = internship_of(link.subject)
    if internship is None or internship.tutor is None or not is_tutor_of(internship):
        return None
    return str(internship.tutor_id) if internship.tutor.email.lower() == link.email.lower() else None


def opens(link: PersonalLink) -> bool:
    """Say whether a link that nobody withdrew still leads somewhere."""
    return version_of(link) == link.version


def links_of(internship: Internship) -> QuerySet[PersonalLink]:
    """Return the links of the tutors of an internship that nobody withdrew, latest first."""
    links = PersonalLink.objects.filter(
        purpose=TUTOR_LINK, subject=subject_of(internship), revoked_at=None, replaced_by=None
    )
    return links.order_by("-prepared_at", "-pk")


@dataclass(frozen=True)
class TutorAccess:
    """Where the link of a tutor stands: its state, the last message, what may be done."""

    link: PersonalLink | None
    message: Mail | None
    may_send: bool

    @property
    def state(self) -> State:
        return link_state(self.link) if self.link else NONE

    @property
    def may_withdraw(self) -> bool:
        return self.link is not None

    @property
    def message_state(self) -> State | None:
        return message_state(self.message) if self.message else None

    @property
    def message_next(self) -> str:
        return next_step(self.message) if self.message else ""


def tutor_access(internship: Internship) -> TutorAccess:
    """Return where the link of the tutor of an internship stands. Two queries."""
    link = next((row for row in links_of(internship) if opens(row)), None)
    message = mails_of(internship).filter(kind=TUTOR_MAIL).order_by("-pk").first()
    return TutorAccess(link, message, is_tutor_of(internship))


def reports_of(internship: Internship) -> list[TutorReport]:
    """Return what was reported of an internship, the latest first."""
    return list(internship.reports.select_related("contact").order_by("-reported_at")[:30])
