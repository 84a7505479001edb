"""Name somebody in one's place: the new contact, the departure, both links and those who must know, in one step."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import day_in_letters
from partnerships import space_emails
from partnerships.calendar import add_months
from partnerships.models import Company, CompanyContact, ContactReplacement
from partnerships.operations.space import close_access, hand_over
from partnerships.space_access import contacts_here, living_link

# Whoever is named later than this is named then.
MONTHS_AHEAD = 12


@dataclass(frozen=True)
class Successor:
    """Who is named, as typed; `leaves` says whether the former contact leaves the company that day."""

    full_name: str
    email: str
    effective_on: date
    job_title: str = ""
    phone: str = ""
    leaves: bool = False


@transaction.atomic
def name_replacement(contact_id: int, successor: Successor, form_key: uuid.UUID) -> ContactReplacement:
    """Let a contact name who takes their place. The same form sent twice names once; a known address is that contact.

    The successor receives their own link now; the former's opens no more from the day said on, at once if it is today.
    Raises Refused for somebody who has no access any more, ValidationError with French messages by field.
    """
    former = _locked(contact_id)
    if present := ContactReplacement.objects.filter(form_key=form_key, former=former).first():
        return present
    _check(former, successor)
    replacement = ContactReplacement.objects.create(
        former=former, successor=_contact_named(former.company, successor), effective_on=successor.effective_on,
        leaves=successor.leaves, form_key=form_key,
    )  # fmt: skip
    _end(former, replacement)
    hand_over(replacement)
    space_emails.tell_of_replacement(replacement)
    summary = f"{former.full_name} a désigné {replacement.successor.full_name} à sa place, à partir du"
    facts = {"former": former.pk, "successor": replacement.successor_id}
    record(None, "contact.replaced", former.company, f"{summary} {day_in_letters(successor.effective_on)}", **facts)
    return replacement


def _locked(contact_id: int) -> CompanyContact:
    """Lock the company, then the contact: two contacts who name the same person wait for each other, and a merge for both."""
    company_id = CompanyContact.objects.values_list("company", flat=True).get(pk=contact_id)
    Company.objects.select_for_update().get(pk=company_id)
    rows = CompanyContact.objects.select_for_update(of=("self",)).select_related("company")
    return rows.get(pk=contact_id)


def _check(former: CompanyContact, successor: Successor) -> None:
    if living_link(former) is None:
        raise Refused("Votre accès a pris fin : une autre personne vous remplace déjà.", code="no_access")
    today = timezone.localdate()
    faults: dict[str, str] = {}
    if not successor.email.strip():
        faults["email"] = "Indiquez son adresse électronique : son lien lui est envoyé là."
    if successor.email.strip().lower() == former.email.lower():
        faults["email"] = "C’est votre propre adresse : indiquez celle de la personne qui vous remplace."
    if successor.effective_on < today:
        faults["effective_on"] = "Choisissez aujourd’hui ou un jour à venir."
    elif successor.effective_on > add_months(today, MONTHS_AHEAD):
        faults["effective_on"] = "Choisissez un jour dans les douze mois qui viennent."
    if faults:
        raise ValidationError(faults)


def _contact_named(company: Company, successor: Successor) -> CompanyContact:
    known = contacts_here(company).filter(email__iexact=successor.email.strip()).first()
    if known is not None:
        return known
    contact = CompanyContact(
        company=company, full_name=successor.full_name.strip(), job_title=successor.job_title.strip(),
        email=successor.email.strip(), phone=successor.phone.strip(),
    )  # fmt: skip
    contact.full_clean()
    contact.save()
    return contact


def _end(former: CompanyContact, replacement: ContactReplacement) -> None:
    if replacement.leaves and (former.left_on is None or former.left_on > replacement.effective_on):
        former.left_on = replacement.effective_on
        former.save(update_fields=["left_on"])
    if replacement.effective_on <= timezone.localdate():
        close_access(former, f"Remplacé par {replacement.successor.full_name}, à sa demande.", None)
