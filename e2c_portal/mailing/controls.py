"""What staff may do with a message: try again, give up. Each leaves a trace."""

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.mailing.models import Mail, Message, Status
from e2c_portal.mailing.permissions import MailingPermission
from e2c_portal.mailing.requesting import ask_to_send, close
from e2c_portal.mailing.sending import TOO_LATE, follow_group

if TYPE_CHECKING:
    # Who acts stands two floors up: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User

RETRIABLE = (Status.FAILED, Status.BOUNCED)
CANCELLABLE = (Status.QUEUED, Status.GROUPED, Status.FAILED)


@transaction.atomic
def retry(message: Message, actor: "User") -> Message:
    """Send again a message that failed or came back. Raises NotAllowed, and Refused in any other state."""
    _require(actor)
    held = type(message)._default_manager.select_for_update().get(pk=message.pk)
    if held.status not in RETRIABLE:
        raise Refused(
            "Seul un message en échec ou revenu peut être relancé. Rechargez la page pour voir son état actuel."
        )
    if isinstance(held, Mail) and held.grouped_in_id:
        raise Refused("Ce message fait partie d’un message du jour : relancez celui-ci.")
    if held.is_too_late(timezone.now()):
        raise Refused(TOO_LATE)
    held.due_at = held.trying_since = timezone.now()
    held.attempts, held.failure, held.told_status, held.finished_at = 0, "", "", None
    held.status = Status.QUEUED
    _save(held)
    if isinstance(held, Mail):
        changes = {"status": Status.GROUPED, "finished_at": None, "failure": ""}
        follow_group(held.pk, changes, statuses=RETRIABLE)
    record(actor, "message.retried", held, "Envoi relancé")
    ask_to_send(held)
    return held


@transaction.atomic
def cancel(message: Message, actor: "User", reason: str) -> Message:
    """Give up a message that has not left. Raises NotAllowed, and Refused once it is leaving or gone, or without a reason."""
    _require(actor)
    if not reason.strip():
        raise Refused("L’annulation d’un message demande un motif : écrivez-le.", code="reason_required")
    held = type(message)._default_manager.select_for_update().get(pk=message.pk)
    if held.status not in CANCELLABLE:
        raise Refused("Ce message est parti ou part en ce moment : il ne peut plus être annulé.")
    close(held, Status.CANCELLED, reason.strip())
    if isinstance(held, Mail):
        changes = {"status": Status.CANCELLED, "failure": reason.strip(), "finished_at": held.finished_at}
        follow_group(held.pk, changes)
    record(actor, "message.cancelled", held, f"Message annulé : {reason.strip()}")
    return held


def _save(message: Message) -> None:
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError as error:
        if "waits_once" not in str(error):
            raise
        raise Refused("Un message identique attend déjà son départ pour cette personne.") from None


def _require(actor: "User") -> None:
    if not actor.has_perm(MailingPermission.RESEND):  # type: ignore[attr-defined]
        raise NotAllowed("Seul un chargé de mission régional peut relancer ou annuler un message.")
