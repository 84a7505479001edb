"""Write companies, their establishments, their contacts, and the days on which conventions are signed."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Model
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.records import save_over_what_was_seen, save_with_trace
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.submissions import Sending, once
from partnerships.models import Company, CompanyContact, CompanyExchange, Establishment, SigningEvent
from partnerships.permissions import PartnershipPermission

Row = TypeVar("Row", bound=Company | Establishment | CompanyContact | SigningEvent)
OVERTAKEN = (
    "Quelqu’un a enregistré cette fiche pendant que vous la modifiiez. Votre saisie est conservée ci-dessous : "
    "comparez-la avec la version enregistrée, puis enregistrez de nouveau."
)


@transaction.atomic
def save_record(row: Row, actor: User) -> Row:
    """Create or change a company, establishment, contact or signing event, with its trace.

    Raises NotAllowed, ValidationError with French messages by field.
    """
    _require(actor, row, row._state.adding)
    return save_with_trace(row, actor)


@transaction.atomic
def save_company(
    company: Company,
    lines: Sequence[Establishment | CompanyContact],
    actor: User,
    *,
    seen: int | None = None,
    sending: Sending | None = None,
) -> Company:
    """Create or change a company with its establishments and contacts, as one page shows them; `lines` are those that change.

    `seen` is the revision that was on screen; a form that creates one, sent twice (`sending`), gives back the one it made.
    Raises NotAllowed, AlreadySent, Overtaken when somebody saved it meanwhile, ValidationError by field.
    """
    if company._state.adding:
        return once(sending, actor, Company, lambda: _with_lines(save_record(company, actor), lines, actor))
    _require(actor, company, adding=False)
    save_over_what_was_seen(company, seen, lambda: save_record(company, actor), overtaken=OVERTAKEN)
    return _with_lines(company, lines, actor)


def _with_lines(company: Company, lines: Sequence[Establishment | CompanyContact], actor: User) -> Company:
    for line in lines:
        line.company = company
        save_record(line, actor)
    return company


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
    # Whoever has the company's page open must not bring the contact back unknowingly.
    Company.objects.filter(pk=contact.company_id).update(revision=F("revision") + 1)
    record(actor, "contact.left", contact.company, f"{contact.full_name} a quitté l’entreprise", contact=contact.pk)
    return contact


@transaction.atomic
def note_exchange(exchange: CompanyExchange, actor: User, *, sending: Sending | None = None) -> CompanyExchange:
    """Keep a call, a visit, a meeting; a form sent twice (`sending`) gives back the one it made.

    Raises NotAllowed, AlreadySent, ValidationError with French messages by field.
    """
    if not actor.has_perm(PartnershipPermission.NOTE_EXCHANGE):
        raise NotAllowed("Vous n’avez pas le droit de noter un échange avec une entreprise.")
    return once(sending, actor, CompanyExchange, lambda: _noted(exchange, actor))


def _noted(exchange: CompanyExchange, actor: User) -> CompanyExchange:
    exchange.recorded_by = actor
    exchange.full_clean()
    exchange.save()
    record(actor, "company.exchange_noted", exchange.company, f"Échange noté : {exchange.get_kind_display()}")
    return exchange


def _require(actor: User, row: Model, adding: bool) -> None:
    verb = "add" if adding else "change"
    if actor.has_perm(f"partnerships.{verb}_{row._meta.model_name}"):
        return
    if adding and not isinstance(row, SigningEvent):
        raise NotAllowed("Vous n’avez pas le droit d’ajouter une entreprise, un lieu ou un contact.")
    raise NotAllowed("Seul un chargé de mission régional peut modifier les entreprises et les cérémonies.")
