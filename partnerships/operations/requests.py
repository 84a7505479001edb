"""Receive the requests of companies, and answer them."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.nir import refuse_nir
from partnerships import space_emails
from partnerships.models import CompanyContact, CompanyRequest
from partnerships.models.requests import ANSWERED, CLOSED
from partnerships.permissions import PartnershipPermission
from partnerships.space_queries import open_requests_of, shown_conventions

# Beyond this many requests of one contact without an answer, more would only bury them.
WAITING_AT_MOST = 10


@dataclass(frozen=True)
class AskedChange:
    """What somebody asks, as typed. `convention_id` names a convention of their company, if it is about one."""

    kind: str
    text: str
    convention_id: int | None = None


@transaction.atomic
def receive_request(contact_id: int, asked: AskedChange, form_key: uuid.UUID) -> CompanyRequest:
    """Keep what a contact asks, acknowledge it and tell those who follow the company. The same form sent twice counts once.

    Raises Refused for a text that holds a social security number, somebody who left, a convention of another company, or
    too many requests that wait; ValidationError with French messages by field.
    """
    contact = CompanyContact.objects.select_for_update(of=("self",)).select_related("company").get(pk=contact_id)
    if present := CompanyRequest.objects.filter(form_key=form_key, contact=contact).first():
        return present
    _check(contact, asked)
    request = CompanyRequest(
        contact=contact, kind=asked.kind, convention_id=asked.convention_id, text=asked.text.strip(), form_key=form_key,
        received_at=timezone.now(),
    )  # fmt: skip
    request.full_clean()
    request.save()
    summary = f"Demande {request.reference} reçue de {contact.full_name} : {request.get_kind_display()}"
    record(None, "request.received", contact.company, summary, request=request.pk, contact=contact.pk)
    space_emails.send_receipt(request)
    space_emails.tell_officers_of_request(request)
    return request


def answer_request(request_id: int, answer: str, actor: User) -> CompanyRequest:
    """Answer a request; the contact receives the answer while they work there. Raises NotAllowed, Refused without words, Overtaken when it is handled."""
    return _handle(request_id, ANSWERED, answer, actor, "Écrivez la réponse.")


@says_why
def set_aside_request(request_id: int, reason: str, actor: User) -> CompanyRequest:
    """Set a request aside; the contact reads why. Raises NotAllowed, Refused without a reason, Overtaken when it is handled."""
    return _handle(request_id, CLOSED, reason, actor, "Écrivez pourquoi cette demande est classée.")


def _check(contact: CompanyContact, asked: AskedChange) -> None:
    if not contact.is_here_on(timezone.localdate()):
        raise Refused("Vous n’êtes plus un contact de cette entreprise.", code="left")
    refuse_nir(asked.text)
    if asked.convention_id and not shown_conventions(contact.company).filter(pk=asked.convention_id).exists():
        raise Refused("Choisissez une convention de votre entreprise.", code="foreign_convention")
    if open_requests_of(contact).count() >= WAITING_AT_MOST:
        raise Refused(
            f"{WAITING_AT_MOST} de vos demandes attendent déjà une réponse. Écrivez directement à la Région, ou "
            "attendez la première réponse.",
            code="too_many",
        )


@transaction.atomic
def _handle(request_id: int, status: str, words: str, actor: User, silent: str) -> CompanyRequest:
    if not actor.has_perm(PartnershipPermission.ANSWER_REQUEST):
        raise NotAllowed("Seul un chargé de mission régional peut répondre à une entreprise.")
    rows = CompanyRequest.objects.select_for_update(of=("self",))
    request = rows.select_related("contact__company", "convention").get(pk=request_id)
    if not request.waits:
        raise Overtaken(
            f"Cette demande est déjà traitée par {request.handled_by}. Rechargez la page pour lire sa réponse."
        )
    if not words.strip():
        raise Refused(silent, code="nothing_said")
    refuse_nir(words)
    request.status, request.answer = status, words.strip()
    request.handled_by, request.handled_at = actor, timezone.now()
    request.save(update_fields=["status", "answer", "handled_by", "handled_at"])
    verb = "répondue" if status == ANSWERED else "classée"
    record(actor, f"request.{status}", request.company, f"Demande {request.reference} {verb}", request=request.pk)
    if request.contact.email and request.contact.is_here_on(timezone.localdate()):
        space_emails.send_answer(request, actor)
    return request
