"""Write companies, their establishments, their contacts, and the days on which conventions are signed."""

from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from partnerships.models import Company, CompanyContact, CompanyExchange, Establishment, SigningEvent
from partnerships.permissions import PartnershipPermission

Row = TypeVar("Row", Company, Establishment, CompanyContact, SigningEvent)


@transaction.atomic
def save_record(row: Row, actor: User) -> Row:
    """Create or change a company, establishment, contact or signing event, with its trace.

    Raises NotAllowed, ValidationError with French messages by field.
    """
    adding = row._state.adding
    _require(actor, row, adding)
    row.full_clean()
    changed = [] if adding else _changed(row)
    row.save()
    verb = "Fiche créée" if adding else "Fiche modifiée : " + ", ".join(changed or ["aucun changement"])
    record(actor, f"{row._meta.model_name}.saved", row, verb, changed=changed)
    return row


@transaction.atomic
def record_departure(contact_id: int, left_on: date, actor: User) -> CompanyContact:
    """Say that a contact left the company; they stay in its history and are proposed no more.

    Raises NotAllowed, Refused when it is told already, ValidationError for a day to come.
    """
    contact = CompanyContact.objects.select_for_update(of=("self",)).select_related("company").get(pk=contact_id)
    if not actor.has_perm(PartnershipPermission.CHANGE_CONTACT):
        raise NotAllowed("Seul un chargé de mission régional peut modifier les contacts d’une entreprise.")
    if contact.left_on:
        raise Refused(f"Le départ de {contact.full_name} est déjà noté.")
    if left_on > timezone.localdate():
        raise ValidationError({"left_on": "Un départ se note une fois qu’il a eu lieu : corrigez la date."})
    contact.left_on = left_on
    contact.save(update_fields=["left_on"])
    record(actor, "contact.left", contact.company, f"{contact.full_name} a quitté l’entreprise", contact=contact.pk)
    return contact


@transaction.atomic
def note_exchange(exchange: CompanyExchange, actor: User) -> CompanyExchange:
    """Keep a call, a visit, a meeting. Raises NotAllowed, ValidationError with French messages by field."""
    if not actor.has_perm(PartnershipPermission.NOTE_EXCHANGE):
        raise NotAllowed("Seul un chargé de mission régional peut noter un échange avec une entreprise.")
    exchange.recorded_by = actor
    exchange.full_clean()
    exchange.save()
    record(actor, "company.exchange_noted", exchange.company, f"Échange noté : {exchange.get_kind_display()}")
    return exchange


def _changed(row: Model) -> list[str]:
    before = type(row)._default_manager.get(pk=row.pk)
    columns = [f for f in row._meta.concrete_fields if not f.generated]
    return [str(f.verbose_name) for f in columns if getattr(before, f.attname) != getattr(row, f.attname)]


def _require(actor: User, row: Model, adding: bool) -> None:
    verb = "add" if adding else "change"
    if not actor.has_perm(f"partnerships.{verb}_{row._meta.model_name}"):
        raise NotAllowed("Seul un chargé de mission régional peut modifier les entreprises et les cérémonies.")
