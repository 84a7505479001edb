"""Prepare the door: its posts with their links, and what is counted there."""

from datetime import time, timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from assises.emails import door as mails
from assises.models import Checkpoint, DoorPost, Edition, Session
from assises.operations.editions import OVERTAKEN
from assises.permissions import AssisesPermission
from assises.reads.door import DOOR_LINK, checkpoints_of, ends_at, may_be_held, sessions_to_check
from e2c_portal.accounts.models import User
from e2c_portal.audit.records import save_over_what_was_seen, save_with_trace
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.submissions import Sending, once
from e2c_portal.links import issuing
from e2c_portal.links.issuing import Holder
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.queries import links_of

CLOSED_REASON = "La porte a été fermée."
MADE_ANEW = "Un nouveau lien a été préparé."
NOON = time(13)
MORNING, AFTERNOON = "Matin", "Après-midi"
# People arrive before it begins.
BEFORE_THE_DAY, BEFORE_A_SESSION = timedelta(hours=1), timedelta(minutes=15)


def require_keeping(actor: User) -> None:
    """Raise NotAllowed unless this person keeps the door."""
    if not actor.has_perm(AssisesPermission.KEEP_DOOR):
        raise NotAllowed("Seules les personnes de la Région tiennent la porte.")


@transaction.atomic
def add_post(post: DoorPost, actor: User, *, sending: Sending | None = None) -> DoorPost:
    """Add a post at a door. Its link is sent apart. Raises NotAllowed, ValidationError by field."""
    require_keeping(actor)
    return once(sending, actor, DoorPost, lambda: save_with_trace(post, actor))


@transaction.atomic
def change_post(post: DoorPost, seen: int | None, actor: User) -> DoorPost:
    """Change who holds a post. A link sent to another address is withdrawn. Raises NotAllowed, Overtaken, ValidationError."""
    require_keeping(actor)
    save_over_what_was_seen(post, seen, lambda: save_with_trace(post, actor), overtaken=OVERTAKEN)
    links = links_of(post, purpose=DOOR_LINK).filter(revoked_at=None)
    for link in links.exclude(email__iexact=post.holder_email):
        issuing.revoke(link, MADE_ANEW, actor)
    return post


@transaction.atomic
def close_post(post_id: int, actor: User) -> DoorPost:
    """Close a post for good: its link opens nothing any more. Closing twice changes nothing. Raises NotAllowed."""
    require_keeping(actor)
    post = _held(post_id)
    if post.closed_at is None:
        post.closed_at = timezone.now()
        post.save(update_fields=["closed_at"])
        issuing.revoke_all(post, CLOSED_REASON, actor, purpose=DOOR_LINK)
        record(actor, "door_post.closed", post.edition, f"Porte fermée : {post}", post=post.pk)
    return post


@transaction.atomic
def reopen_post(post_id: int, actor: User) -> DoorPost:
    """Open again a post that was closed: its former links stay withdrawn, another one is to be given. Raises NotAllowed."""
    require_keeping(actor)
    post = _held(post_id)
    if post.closed_at is not None:
        post.closed_at = None
        post.save(update_fields=["closed_at"])
        record(actor, "door_post.reopened", post.edition, f"Porte rouverte : {post}", post=post.pk)
    return post


@transaction.atomic
def send_post_link(post_id: int, actor: User) -> PersonalLink:
    """Send the link of a post to whoever holds it, again if need be.

    Raises NotAllowed, Refused without an address, for a closed post, after the days of the door, or within five minutes of
    the last message.
    """
    post = _open(post_id, actor)
    link = _prepared(post)
    mails.send_door_link(post)
    record(actor, "door_link.sent", post.edition, f"Lien de la porte « {post} » envoyé", post=post.pk)
    return link


@transaction.atomic
def show_post_link(post_id: int, actor: User) -> str:
    """Return the address of a fresh link, to be read once by the phone that stays at the door: never stored, never logged.

    The links of earlier messages stop opening. Raises NotAllowed, Refused as `send_post_link`.
    """
    post = _open(post_id, actor)
    address = issuing.rotate(_prepared(post))
    record(actor, "door_link.shown", post.edition, f"Lien de la porte « {post} » montré à l’écran", post=post.pk)
    return address


def _prepared(post: DoorPost) -> PersonalLink:
    holder = Holder(post.holder_name or str(post), post.holder_email)
    return issuing.prepare(DOOR_LINK, post, "1", holder, not_after=ends_at(post.edition))


def _open(post_id: int, actor: User) -> DoorPost:
    require_keeping(actor)
    post = _held(post_id)
    if not post.holder_email:
        raise Refused(
            "Indiquez d’abord l’adresse électronique de la personne qui tient cette porte.", code="no_address"
        )
    if not may_be_held(post):
        raise Refused(
            "Cette porte est fermée, ou la journée est passée : aucun lien ne peut être donné.", code="closed_post"
        )
    return post


def _held(post_id: int) -> DoorPost:
    return DoorPost.objects.select_for_update(of=("self",)).select_related("edition").get(pk=post_id)


@transaction.atomic
def make_usual_checkpoints(edition_id: int, actor: User) -> list[Checkpoint]:
    """Add what is usually counted and is not there yet: the half-days, and each session with registration.

    Pressing twice adds nothing. Raises NotAllowed.
    """
    require_keeping(actor)
    edition = Edition.objects.select_for_update(no_key=True).get(pk=edition_id)
    known = set(checkpoints_of(edition).values_list("name", flat=True))
    wanted = [row for row in _half_days(edition) if row.name not in known]
    wanted += [_of_session(edition, session, known) for session in sessions_to_check(edition)]
    for checkpoint in wanted:
        save_with_trace(checkpoint, actor)
    if wanted:
        told = ", ".join(row.name for row in wanted)
        record(actor, "checkpoint.added", edition, f"Contrôles ajoutés : {told}")
    return wanted


def _half_days(edition: Edition) -> list[Checkpoint]:
    starts, ends = edition.starts_at or time(9), edition.ends_at or time(18)
    kind = Checkpoint.Kind.HALF_DAY
    found = []
    if starts < NOON:
        opens, closes = _earlier(starts, BEFORE_THE_DAY), min(NOON, ends)
        found.append(Checkpoint(edition=edition, kind=kind, name=MORNING, opens_at=opens, closes_at=closes))
    if ends > NOON:
        opens = NOON if starts < NOON else _earlier(starts, BEFORE_THE_DAY)
        found.append(Checkpoint(edition=edition, kind=kind, name=AFTERNOON, opens_at=opens, closes_at=ends))
    return found


def _of_session(edition: Edition, session: Session, known: set[str]) -> Checkpoint:
    # Two sessions of the same title are told apart by their hour.
    name = session.title[:110]
    if name in known:
        name = f"{name} ({session.starts_at:%H:%M})"
    known.add(name)
    return Checkpoint(
        edition=edition, kind=Checkpoint.Kind.SESSION, name=name, session=session,
        opens_at=_earlier(session.starts_at, BEFORE_A_SESSION), closes_at=session.ends_at,
    )  # fmt: skip


def _earlier(clock: time, by: timedelta) -> time:
    """Return a time of day brought forward, never before midnight."""
    minutes = max(clock.hour * 60 + clock.minute - int(by.total_seconds()) // 60, 0)
    return time(minutes // 60, minutes % 60)


@transaction.atomic
def change_checkpoint(checkpoint: Checkpoint, seen: int | None, actor: User) -> Checkpoint:
    """Change the name or the hours of a checkpoint. What was counted stays. Raises NotAllowed, Overtaken, ValidationError."""
    require_keeping(actor)
    save_over_what_was_seen(checkpoint, seen, lambda: save_with_trace(checkpoint, actor), overtaken=OVERTAKEN)
    return checkpoint


@transaction.atomic
def remove_checkpoint(checkpoint_id: int, actor: User) -> None:
    """Remove a checkpoint where nothing was scanned. Raises NotAllowed, Refused once something was."""
    require_keeping(actor)
    checkpoint = Checkpoint.objects.select_related("edition").get(pk=checkpoint_id)
    edition, told = checkpoint.edition, str(checkpoint)
    try:
        checkpoint.delete()
    except ProtectedError as error:
        raise Refused(f"Des passages sont comptés à « {told} » : ce contrôle reste.", code="scanned") from error
    record(actor, "checkpoint.removed", edition, f"Contrôle retiré : {told}")
