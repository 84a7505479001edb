"""Invite people, remind them, send again, and reach them otherwise when a message comes back."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import Refused
from e2c_portal.links import issuing
from e2c_portal.links.queries import links_of
from e2c_portal.mailing.addresses import checked_email, checked_phone
from e2c_portal.signing import chain, messages
from e2c_portal.signing.models import Envelope, Method, Signatory, SignatoryStatus
from e2c_portal.signing.operations.locking import is_their_turn, locked_signatory, refuse_unless_expected
from e2c_portal.signing.signatory_links import SIGN_LINK

if TYPE_CHECKING:
    # Who acts stands on a floor above: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User

CHANGED = "L’adresse de cette personne a changé : un nouveau lien lui a été envoyé."


def invite_next(envelope: Envelope) -> None:
    """Invite everybody whose turn has come, in the transaction under way; the envelope is locked."""
    for signatory in envelope.signatories.filter(status=SignatoryStatus.WAITING).order_by("rank", "pk"):
        signatory.envelope = envelope
        if is_their_turn(signatory):
            invite(signatory, timezone.now())


def invite(signatory: Signatory, now: datetime) -> None:
    """Mark a signatory as invited and send the invitation by the ways they have; the row is locked."""
    signatory.status, signatory.invited_at = SignatoryStatus.INVITED, now
    signatory.save(update_fields=["status", "invited_at"])
    sent = messages.send_invitation(signatory) if signatory.signs_by_link else []
    chain.append(signatory.envelope, "signatory.invited", {"to": signatory.pk, "by": sent})


@transaction.atomic
def resend(signatory_id: int, actor: "User | None" = None) -> Signatory:
    """Send the link again: the new message carries a new one, and retires the others once it has left.

    Raises Refused before the cool-down of the message is over, or when this person may not sign now by link.
    """
    signatory = locked_signatory(signatory_id)
    refuse_unless_expected(signatory, timezone.now())
    _refuse_unless_by_link(signatory)
    sent = messages.send_invitation(signatory)
    chain.append(
        signatory.envelope, "signatory.link_sent_again", {"to": signatory.pk, "by": sent, "asked_by": _id(actor)}
    )
    return signatory


@transaction.atomic
def remind(signatory_id: int, actor: "User | None" = None) -> Signatory:
    """Remind somebody that their signature is awaited. Raises Refused within a day of the last reminder."""
    signatory = locked_signatory(signatory_id)
    refuse_unless_expected(signatory, timezone.now())
    _refuse_unless_by_link(signatory)
    sent = messages.send_reminder(signatory)
    chain.append(signatory.envelope, "signatory.reminded", {"to": signatory.pk, "by": sent, "asked_by": _id(actor)})
    return signatory


@transaction.atomic
def change_reach(signatory_id: int, actor: "User", *, method: Method, email: str = "", phone: str = "") -> Signatory:
    """Reach the same person otherwise: another address, another number, or another method. Links already sent die.

    Raises Refused when nothing reaches them by link, or when they have signed.
    """
    signatory = locked_signatory(signatory_id)
    refuse_unless_expected(signatory, timezone.now())
    if method == Method.MANDATE and not signatory.on_behalf_of:
        raise Refused("Pour un mandat, joignez le mandat.", code="mandate_first")
    if method == Method.ELECTRONIC and signatory.on_behalf_of:
        method = Method.MANDATE
    email = checked_email(email) if email.strip() else ""
    phone = checked_phone(phone) if phone.strip() else ""
    if method in (Method.ELECTRONIC, Method.MANDATE) and not email and not phone:
        raise Refused("Indiquez une adresse électronique ou un mobile.", code="no_address")
    if (method, email, phone) == (signatory.method, signatory.email, signatory.phone):
        return signatory
    before = chain.reach_facts(signatory)
    for link in links_of(signatory, purpose=SIGN_LINK).filter(revoked_at=None):
        issuing.revoke(link, CHANGED, actor)
    signatory.method, signatory.email, signatory.phone = method, email, phone
    signatory.save(update_fields=["method", "email", "phone"])
    record(
        actor, "signatory.reach_changed", signatory.envelope, f"Moyen de signature changé pour {signatory.full_name}"
    )
    sent = messages.send_invitation(signatory) if signatory.signs_by_link else []
    facts = {"to": signatory.pk, "before": before, "after": chain.reach_facts(signatory), "by": sent}
    chain.append(signatory.envelope, "signatory.reach_changed", {**facts, "asked_by": _id(actor)})
    return signatory


def _refuse_unless_by_link(signatory: Signatory) -> None:
    if not signatory.signs_by_link:
        raise Refused(
            f"{signatory.full_name} ne signe pas par lien ({signatory.get_method_display().lower()}).", code="no_link"
        )
    if signatory.status != SignatoryStatus.INVITED:
        raise Refused("Cette personne n’est pas encore invitée.", code="not_invited")


def _id(actor: "User | None") -> int | None:
    return actor.pk if actor else None
