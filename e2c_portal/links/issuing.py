"""Prepare links, give them a token at the moment of sending, withdraw them.

The life of a token: `prepare` writes the link without any; the message leaves, and at that very moment `rotate` makes the
token whose hash alone is stored; once the message is accepted, `delivered` retires the tokens of earlier messages. So a
mail server that is down never leaves somebody without a link that works, and a database dump holds none.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Model, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from e2c_portal.audit.trail import record, subject_of
from e2c_portal.kernel.errors import Refused
from e2c_portal.links import tokens
from e2c_portal.links.models import LinkToken, PersonalLink
from e2c_portal.links.purposes import purpose_named
from e2c_portal.links.standing import refuse_withdrawn

if TYPE_CHECKING:
    # Who acts stands two floors up: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User

NOT_ANY_MORE = "La date limite de ce lien est passée : il ne peut plus être envoyé."


@dataclass(frozen=True)
class Holder:
    """Who receives the link: how they are named, and the only places it may ever be sent to."""

    label: str
    email: str = ""
    phone: str = ""


@transaction.atomic
def prepare(
    purpose: str, subject: Model, version: str, holder: Holder, *, not_after: datetime | None = None
) -> PersonalLink:
    """Return the link of this holder to this version, written without any token; the one already there is given back.

    A link of the same holder to another version is marked as replaced by this one. `not_after` bounds the life of every
    token and follows the last call. Raises PortalError for an unknown purpose, Refused when the holder has neither
    e-mail nor phone.
    """
    purpose_named(purpose)
    if not holder.email and not holder.phone:
        raise Refused(f"Indiquez une adresse électronique ou un téléphone pour {holder.label}.", code="no_address")
    return prepare_for(purpose, subject_of(subject), version, holder, not_after)


def prepare_for(
    purpose: str, subject: str, version: str, holder: Holder, not_after: datetime | None = None
) -> PersonalLink:
    """Do what `prepare` does, for a record given by its name "app.model:id", in the transaction under way."""
    alive = PersonalLink.objects.filter(
        purpose=purpose, subject=subject, email__iexact=holder.email, phone=holder.phone,
        revoked_at=None, replaced_by=None,
    )  # fmt: skip
    link = alive.filter(version=version).first()
    if link is None:
        link = _create(
            PersonalLink(purpose=purpose, subject=subject, version=version, not_after=not_after), holder, alive
        )
    elif link.not_after != not_after:
        link.not_after = not_after
        link.save(update_fields=["not_after"])
    alive.exclude(pk=link.pk).update(replaced_by=link)
    return link


def _create(link: PersonalLink, holder: Holder, alive: QuerySet[PersonalLink]) -> PersonalLink:
    link.holder_label, link.email, link.phone = holder.label, holder.email, holder.phone
    try:
        with transaction.atomic():
            link.save(force_insert=True)
    except IntegrityError as error:
        if "link_one_alive_per_holder" not in str(error):
            raise
        # Two requests at the same instant: the first one's link serves both.
        return alive.get(version=link.version)
    record(None, "link.prepared", link, f"Lien préparé pour {holder.label}", link_subject=link.subject)
    return link


@transaction.atomic
def rotate(link: PersonalLink, *, delivery: str = "") -> str:
    """Make a fresh token and return the full address to write in the message, which must not be stored nor logged.

    Call it at the very moment a message leaves. `delivery` names that message: earlier tokens then live on until
    `delivered(delivery)` is called; without it they are retired at once. Raises ClosedLink when the link is withdrawn,
    Refused when its limit is passed.
    """
    held = PersonalLink.objects.select_for_update().get(pk=link.pk)
    refuse_withdrawn(held)
    now = timezone.now()
    expires_at = now + purpose_named(held.purpose).lifetime
    if held.not_after:
        expires_at = min(expires_at, held.not_after)
    if expires_at <= now:
        raise Refused(NOT_ANY_MORE, code="link_limit_passed")
    if not delivery:
        held.tokens.filter(retired_at=None).update(retired_at=now)
    token = tokens.new_token()
    LinkToken.objects.create(
        link=held, sha256=tokens.sha256_of(token), delivery=delivery, issued_at=now, expires_at=expires_at
    )
    held.issued_at, held.expires_at = now, expires_at
    held.save(update_fields=["issued_at", "expires_at"])
    return tokens.url_of(token)


@transaction.atomic
def delivered(delivery: str) -> int:
    """Retire the older tokens of the links that this message carried, now that it left. Returns how many.

    The tokens of the same message stay: it may have been tried twice, and either copy may be the one that arrived.
    """
    retired = 0
    for token in LinkToken.objects.filter(delivery=delivery, retired_at=None).order_by("pk"):
        older = LinkToken.objects.filter(link=token.link_id, retired_at=None, issued_at__lt=token.issued_at)
        retired += older.exclude(delivery=delivery).update(retired_at=timezone.now())
    return retired


@transaction.atomic
def revoke(link: PersonalLink, reason: str, actor: "User | None" = None) -> PersonalLink:
    """Withdraw a link for good, whatever message carries it; doing it twice changes nothing. Raises Refused without a reason."""
    if not reason.strip():
        raise Refused("Le retrait d’un lien demande un motif : écrivez-le.", code="reason_required")
    held = PersonalLink.objects.select_for_update().get(pk=link.pk)
    if held.revoked_at is None:
        held.revoked_at, held.revoked_reason = timezone.now(), reason.strip()
        held.save(update_fields=["revoked_at", "revoked_reason"])
        record(actor, "link.revoked", held, f"Lien retiré : {reason.strip()}", link_subject=held.subject)
    return held


@transaction.atomic
def revoke_all(subject: Model, reason: str, actor: "User | None" = None, *, purpose: str = "") -> int:
    """Withdraw every link to a record, or those of one purpose. Returns how many were withdrawn."""
    links = PersonalLink.objects.filter(subject=subject_of(subject), revoked_at=None)
    if purpose:
        links = links.filter(purpose=purpose)
    return sum(1 for link in links.order_by("pk") if revoke(link, reason, actor).revoked_at)


def note_opened(link_id: int, now: datetime) -> None:
    """Count one opening by a browser. A mail scanner may be the one who opens: it proves nothing by itself."""
    PersonalLink.objects.filter(pk=link_id).update(
        first_opened_at=Coalesce(F("first_opened_at"), Value(now)),
        last_opened_at=Greatest(F("last_opened_at"), Value(now)),
        open_count=F("open_count") + 1,
        renewals=0,
    )
