"""Give a contact access to the space of its company, and take it back."""

from contextlib import suppress
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.links import issuing
from e2c_portal.links.issuing import Holder
from e2c_portal.links.models import PersonalLink
from partnerships import space_emails
from partnerships.models import CompanyContact, ContactReplacement
from partnerships.permissions import PartnershipPermission
from partnerships.space_access import SPACE_LINK, links_of_contact, opens

MADE_ANEW = "Un nouvel accès a été ouvert."


@transaction.atomic
def grant_access(contact_id: int, actor: User) -> PersonalLink:
    """Send the link of the space to a contact, again if need be. A link that died is made anew.

    Raises NotAllowed, and Refused for somebody who left, who has no address, or within five minutes of the last message.
    """
    contact = _locked(contact_id, actor)
    link = open_access(contact, actor)
    space_emails.send_access(contact)
    record(
        actor, "space.granted", contact.company, f"Accès à l’espace envoyé à {contact.full_name}", contact=contact.pk
    )
    return link


@says_why
@transaction.atomic
def withdraw_access(contact_id: int, reason: str, actor: User) -> int:
    """Withdraw the links of a contact for good, with a reason. Returns how many were open.

    Raises NotAllowed, and Refused without a reason or when there is nothing to withdraw.
    """
    contact = _locked(contact_id, actor)
    if not reason.strip():
        raise Refused("Écrivez pourquoi vous retirez cet accès.", code="reason_required")
    count = close_access(contact, reason.strip(), actor)
    if not count:
        raise Refused(f"{contact.full_name} n’a aucun accès à retirer. Rechargez la page.", code="no_access")
    record(
        actor, "space.withdrawn", contact.company, f"Accès de {contact.full_name} retiré : {reason.strip()}",
        contact=contact.pk,
    )  # fmt: skip
    return count


def open_access(contact: CompanyContact, actor: User | None) -> PersonalLink:
    """Prepare the link of a contact who is locked, in the transaction under way. It ends with their last day there.

    Raises Refused for somebody who left or who has no address.
    """
    if contact.duplicate_of_id:
        raise Refused("Cette ligne est le double d’un autre contact : ouvrez l’accès de celui-ci.", code="double")
    if not contact.is_here_on(timezone.localdate()):
        raise Refused(f"{contact.full_name} a quitté l’entreprise : choisissez un autre contact.", code="left")
    if not contact.email:
        raise Refused(f"Ajoutez d’abord l’adresse électronique de {contact.full_name}.", code="no_address")
    for link in links_of_contact(contact):
        if not opens(link):
            issuing.revoke(link, MADE_ANEW, actor)
    limit = timezone.make_aware(datetime.combine(contact.left_on, time.min)) if contact.left_on else None
    return issuing.prepare(SPACE_LINK, contact, "", Holder(contact.full_name, contact.email), not_after=limit)


def close_access(contact: CompanyContact, reason: str, actor: User | None) -> int:
    """Withdraw every link of a contact, in the transaction under way. Returns how many were open."""
    links = links_of_contact(contact)
    for link in links:
        issuing.revoke(link, reason, actor)
    return len(links)


def hand_over(replacement: ContactReplacement) -> None:
    """Send the successor their own link; it may have left a moment ago, and once is enough."""
    open_access(replacement.successor, None)
    with suppress(Refused):
        space_emails.send_access(replacement.successor, replacement)


def _locked(contact_id: int, actor: User) -> CompanyContact:
    if not actor.has_perm(PartnershipPermission.GRANT_SPACE):
        raise NotAllowed("Seul un chargé de mission régional peut ouvrir ou fermer l’espace d’une entreprise.")
    rows = CompanyContact.objects.select_for_update(of=("self",)).select_related("company")
    return rows.get(pk=contact_id)
