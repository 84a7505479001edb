"""The door: when it opens, what is checked there, who is known there, and what was counted."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from assises.life import registrations as life
from assises.life.editions import CANCELLED
from assises.models import Category, Checkpoint, DoorPost, Edition, Registration, Scan, Session
from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel.search import fold
from e2c_portal.links.models import PersonalLink

DOOR_LINK = "assises.door"
# The message that carries the link.
DOOR_MAIL = "assises.door_link"
EVE = timedelta(days=1)
# A phone that kept scans during a cut, found in a pocket afterwards, may still send them.
KEPT_AFTER = timedelta(days=3)
SHORTEST_SEARCH, MOST_FOUND = 3, 10
# Sixteen hexadecimal digits of a SHA-256 are enough to know a ticket again, and no one can make it back from them.
MARK_LENGTH = 16
# A category said of one person.
CATEGORY_OF_ONE = {
    Category.TRAINEE.value: "Stagiaire", Category.STAFF.value: "Équipe d’école", Category.COMPANY.value: "Entreprise",
    Category.INSTITUTION.value: "Institution", Category.PRESS.value: "Presse",
}  # fmt: skip


def opens_on(edition: Edition) -> date:
    """Return the first day on which the door of an edition may be tried: the eve."""
    return edition.held_on - EVE


def ends_at(edition: Edition) -> datetime:
    """Return the moment after which no phone of a door may send anything."""
    return timezone.make_aware(datetime.combine(edition.held_on + KEPT_AFTER + timedelta(days=1), time()))


def is_too_early(edition: Edition) -> bool:
    """Say whether the door cannot be tried yet."""
    return timezone.localdate() < opens_on(edition)


def may_be_held(post: DoorPost) -> bool:
    """Say whether a post may still be held by its link: nobody closed it, the edition takes place, it is not too late."""
    edition = post.edition
    return post.closed_at is None and edition.status != CANCELLED and timezone.now() < ends_at(edition)


def post_of(subject: str) -> DoorPost | None:
    """Return the post that a link or a message names, None when it is something else."""
    label, _, number = subject.partition(":")
    if label != DoorPost._meta.label_lower or not number.isdecimal():
        return None
    return DoorPost.objects.select_related("edition").filter(pk=int(number)).first()


def link_opens(link: PersonalLink) -> bool:
    """Say whether a link that nobody withdrew still leads to its post."""
    post = post_of(link.subject)
    return post is not None and may_be_held(post) and post.holder_email.lower() == link.email.lower()


def link_of(post: DoorPost) -> PersonalLink | None:
    """Return the link of a post that nobody withdrew, None when there is none."""
    links = PersonalLink.objects.filter(
        purpose=DOOR_LINK, subject=subject_of(post), revoked_at=None, replaced_by=None, email__iexact=post.holder_email
    )
    return links.order_by("-pk").first()


def posts_of(edition: Edition) -> QuerySet[DoorPost]:
    """Return the posts of an edition, those that are open first."""
    return edition.door_posts.order_by("closed_at", "name", "pk")


def links_of_posts(posts: Iterable[DoorPost]) -> dict[int, PersonalLink]:
    """Return the link of each post that has one, by post. One query."""
    known = {subject_of(post): post.pk for post in posts}
    links = PersonalLink.objects.filter(
        purpose=DOOR_LINK, subject__in=list(known), revoked_at=None, replaced_by=None
    ).order_by("pk")
    return {known[link.subject]: link for link in links}


def checkpoints_of(edition: Edition) -> QuerySet[Checkpoint]:
    """Return what is counted at the door of an edition, in the order of the day."""
    return edition.checkpoints.select_related("session").order_by("opens_at", "closes_at", "name", "pk")


def checkpoint_now(checkpoints: Iterable[Checkpoint], moment: datetime) -> Checkpoint | None:
    """Return the checkpoint that a phone shows first at a moment: the half-day under way, else the next one, else the last."""
    rows, clock = list(checkpoints), timezone.localtime(moment).time()
    half_days = [row for row in rows if row.kind == Checkpoint.Kind.HALF_DAY] or rows
    under_way = [row for row in half_days if row.opens_at <= clock <= row.closes_at]
    to_come = [row for row in half_days if row.opens_at > clock]
    return next(iter([*under_way, *to_come]), half_days[-1] if half_days else None)


def unscanned(checkpoints: QuerySet[Checkpoint]) -> QuerySet[Checkpoint]:
    """Keep the checkpoints where nothing was ever scanned."""
    return checkpoints.filter(scans=None)


def sessions_to_check(edition: Edition) -> QuerySet[Session]:
    """Return the sessions with registration that have no checkpoint yet."""
    return edition.sessions.filter(takes_registrations=True, checkpoints=None).order_by("starts_at", "pk")


def is_expected(checkpoint: Checkpoint) -> Q:
    """Return the condition that says who is expected there: everybody confirmed, or those who chose the session."""
    confirmed = Q(status=life.CONFIRMED)
    session = checkpoint.session
    return confirmed & Q(session_places__session=session) if session and session.takes_registrations else confirmed


def expected_at(checkpoint: Checkpoint) -> QuerySet[Registration]:
    """Return who is expected at a checkpoint, by name."""
    people = Registration.objects.filter(is_expected(checkpoint), edition=checkpoint.edition_id)
    return people.select_related("school").order_by("search", "pk")


def tally_of(checkpoint: Checkpoint) -> tuple[int, int]:
    """Return how many people were counted at a checkpoint and how many are expected there. Two queries."""
    counted = checkpoint.scans.filter(outcome=Scan.Outcome.OK, voided_at=None).count()
    return counted, expected_at(checkpoint).order_by().count()


def counted_by_checkpoint(edition: Edition) -> dict[int, int]:
    """Return how many people were counted at each checkpoint where somebody was. One query."""
    rows = edition.scans.filter(outcome=Scan.Outcome.OK, voided_at=None).order_by()
    return dict(rows.values_list("checkpoint").annotate(n=Count("pk")))


def marks_of_tickets(edition: Edition) -> list[str]:
    """Return what a phone knows valid tickets by during a cut: the beginning of their SHA-256, and no name."""
    confirmed = edition.registrations.filter(status=life.CONFIRMED).order_by("ticket_sha256")
    return [sha256[:MARK_LENGTH] for sha256 in confirmed.values_list("ticket_sha256", flat=True)]


def fingerprint_of(words: Iterable[str]) -> str:
    """Return the SHA-256 of words, in their order."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def people_named(edition: Edition, typed: str) -> list[Registration]:
    """Return the first people of an edition whose name holds every word typed; nobody under three letters."""
    words = fold(typed).split()
    if sum(len(word) for word in words) < SHORTEST_SEARCH:
        return []
    people = edition.registrations.filter(purged_at=None).select_related("school", "company")
    for word in words:
        people = people.filter(search__contains=word)
    return list(people.order_by("search", "pk")[:MOST_FOUND])


def whose(registration: Registration) -> str:
    """Return the school or the organisation somebody comes from, "" when none is said."""
    return str(registration.school) if registration.school else registration.organisation
