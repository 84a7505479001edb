"""The messages that the Région writes to registered people: the list, the writing, the preview, the sending, the outcome."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assises.forms.after import LaterForm, MessageForm
from assises.life import outbox as life
from assises.models import Edition, OutboxMessage
from assises.operations.outbox import cancel_message, change_message, send_later, send_now, write_message
from assises.permissions import AssisesPermission
from assises.reads.editions import edition_of
from assises.reads.outbox import default_states, message_of, messages_of, outcomes_of
from assises.sheets.outbox import message_sheet
from assises.views.editions import act, find_edition, show_or_save
from e2c_portal.exports.lists import ComputedRows
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.submissions import record_of
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.reads.visible import own_schools

PER_PAGE = 25
UNPROCESSABLE = 422
LIST = "assises-messages"


@require_safe
def message_list(request: HttpRequest, year: int) -> HttpResponse:
    """Show the messages of an edition."""
    edition = _edition(request, year)
    page = Paginator(messages_of(edition), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "assises/after/messages.html", {"edition": edition, "page_obj": page})


def messages_on_screen(request: HttpRequest) -> ComputedRows | None:
    """Return the messages of the edition named in the address, with how far each is; None for whoever may not read them."""
    typed = request.GET.get("annee", "")
    edition = edition_of(int(typed)) if typed.isdecimal() and len(typed) == 4 else None
    if edition is None or not request.user.has_perm(AssisesPermission.MANAGE_REGISTRATIONS):
        return None
    rows = list(messages_of(edition))
    outcomes = outcomes_of(rows)
    return ComputedRows([(row, outcomes[row.pk]) for row in rows])


@show_or_save
def message_new(request: HttpRequest, year: int) -> HttpResponse:
    """Write a message."""
    edition = _edition(request, year)
    form = _form(request, OutboxMessage(edition=edition, states=default_states()), edition)
    if sent_before := record_of(form.sending(), request.user, OutboxMessage):
        return redirect(sent_before)
    if form.is_valid() and (
        made := saved(form, lambda: write_message(form.instance, request.user, sending=form.sending()))
    ):
        return redirect(made)
    return act(request, edition, form, "Écrire aux inscrits")


@show_or_save
def message_change(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Change a message that did not leave."""
    message = _found(request, year, pk)
    if message.status != life.DRAFT:
        messages.error(request, "Ce message est déjà prévu ou parti : il ne change plus.")
        return redirect(message)
    form = _form(request, message, message.edition)
    if form.is_valid() and saved(form, lambda: change_message(form.instance, form.seen(), request.user)):
        return redirect(form.instance)
    return act(request, message.edition, form, "Modifier le message")


@require_safe
def message(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Show a message: to whom, as one person will read it, and how far it is."""
    return _page(request, _found(request, year, pk))


@require_POST
def message_send(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Have a message leave now."""
    found = _found(request, year, pk)
    return _acted(request, found, lambda user: send_now(found.pk, user), "Le message part : suivez son envoi ici.")


@require_POST
def message_later(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Have a message leave at a moment to come."""
    found, user = _found(request, year, pk), request.user
    form = LaterForm(request.POST, action=reverse("assises:message_later", args=[year, pk]))
    if form.is_valid() and saved(form, lambda: send_later(found.pk, form.cleaned_data["send_at"], user)):
        messages.success(request, "L’envoi est prévu.")
        return redirect(found)
    return _page(request, found, form)


@require_POST
def message_cancel(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Stop a message."""
    found = _found(request, year, pk)
    return _acted(request, found, lambda user: cancel_message(found.pk, user), "L’envoi est annulé.")


def _acted(request: HttpRequest, found: OutboxMessage, operation: Any, told: str) -> HttpResponse:
    try:
        operation(request.user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, told)
    return redirect(found)


def _page(request: HttpRequest, found: OutboxMessage, form: LaterForm | None = None) -> HttpResponse:
    seen = request.GET.get("personne", "")
    sheet = message_sheet(found, int(seen) if seen.isdecimal() and len(seen) < 15 else None)
    later = form or LaterForm(action=reverse("assises:message_later", args=[found.edition.year, found.pk]))
    context = {
        "edition": found.edition, "message": found, "sheet": sheet, "later": later, "is_draft": found.status == life.DRAFT,
        "may_cancel": found.status in life.CANCELLABLE, "now": timezone.localtime(),
    }  # fmt: skip
    status = UNPROCESSABLE if form and form.errors else 200
    return render(request, "assises/after/message.html", context, status=status)


def _form(request: HttpRequest, message: OutboxMessage, edition: Edition) -> MessageForm:
    back = message.get_absolute_url() if message.pk else reverse("assises:messages", args=[edition.year])
    schools = own_schools(scope_of(request.user))
    return MessageForm(message, request.POST or None, cancel_url=back, schools=schools)


def _edition(request: HttpRequest, year: int) -> Edition:
    edition = find_edition(request, year)
    if not request.user.has_perm(AssisesPermission.MANAGE_REGISTRATIONS):
        raise PermissionDenied
    return edition


def _found(request: HttpRequest, year: int, pk: int) -> OutboxMessage:
    found = message_of(_edition(request, year), pk)
    if found is None:
        raise Http404
    return found
