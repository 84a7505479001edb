"""Registrations followed by the Région and the schools: the list, the page of one, what is done of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from assises.exports.registrations import columns_of
from assises.forms.registrations import RegistrationForm, RegistrationSearchForm, WorkshopsForm
from assises.life.acts import RIGHTS
from assises.models import Edition, Registration
from assises.operations.following import act_on_registration, change_registration, choose_workshops
from assises.operations.needs import trace_needs_read
from assises.permissions import AssisesPermission
from assises.reads.editions import edition_of, situation_of
from assises.reads.group_registering import is_over
from assises.reads.places import seats_of
from assises.reads.registrations import (
    companies_to_choose,
    narrowed_to,
    questions_of,
    reads_every_registration,
    reads_registrations,
    registration_known_to,
    registrations_listed,
    schools_registering,
    schools_to_choose,
    with_answers,
)
from assises.sheets.registrations import acts_for, facts_of, history_of
from assises.views.editions import UNPROCESSABLE, act, find_edition, show_or_save
from e2c_portal.exports.lists import Column
from e2c_portal.kernel.errors import PortalError, Refused
from partnerships.views.saving import saved

PER_PAGE = 50
P = AssisesPermission


def find_readable(request: HttpRequest, year: int) -> Edition:
    """Return an edition for whoever reads registrations somewhere. Raises Http404."""
    edition = find_edition(request, year)
    if not reads_registrations(request.user):
        raise Http404
    return edition


def find_registration(request: HttpRequest, year: int, pk: int, permission: str = P.VIEW_REGISTRATION) -> Registration:
    """Return a registration that this person may read. Raises Http404 outside their scope, PermissionDenied without the right."""
    row = registration_known_to(request.user, find_readable(request, year), pk)
    if row is None:
        raise Http404
    if not request.user.has_perm(permission, row):
        raise PermissionDenied
    return row


def _search_form(request: HttpRequest, edition: Edition) -> RegistrationSearchForm:
    user = request.user
    return RegistrationSearchForm(request.GET, schools_to_choose(user), companies_to_choose(edition, user))


@require_safe
def registration_list(request: HttpRequest, year: int) -> HttpResponse:
    """Show the registrations that match: everybody for the network, one's own people for a school."""
    edition = find_readable(request, year)
    form = _search_form(request, edition)
    asking = form.asking()
    page = Paginator(registrations_listed(edition, request.user, asking), PER_PAGE).get_page(request.GET.get("page"))
    everybody = reads_every_registration(request.user)
    context = {
        "edition": edition, "where": situation_of(edition), "form": form, "page_obj": page, "asking": asking,
        "everybody": everybody, "manages": request.user.has_perm(P.MANAGE_REGISTRATIONS), "over": is_over(edition),
        "schools": [] if everybody else list(schools_registering(request.user)),
        "narrowed_to": narrowed_to(edition, asking),
    }  # fmt: skip
    return render(request, "assises/registrations.html", context)


def registrations_on_screen(request: HttpRequest) -> QuerySet[Registration] | None:
    """Return the registrations that match for the edition named in the address; None for whoever may not read them."""
    edition = _edition_asked(request)
    if edition is None or not reads_registrations(request.user):
        return None
    return with_answers(registrations_listed(edition, request.user, _search_form(request, edition).asking()))


def answer_columns(request: HttpRequest) -> list[Column]:
    """Return a column for each question of the edition named in the address."""
    edition = _edition_asked(request)
    return columns_of(questions_of(edition)) if edition else []


def _edition_asked(request: HttpRequest) -> Edition | None:
    year = request.GET.get("annee", "")
    return edition_of(int(year)) if year.isdecimal() and len(year) == 4 else None


@require_safe
def registration_page(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Show all that is known of a registration, and what may be done of it."""
    row = find_registration(request, year, pk)
    _trace_needs(request, row)
    may_change = request.user.has_perm(P.CHANGE_REGISTRATION, row) and row.is_active and not is_over(row.edition)
    context = {
        "edition": row.edition, "registration": row, "facts": facts_of(row, reads_needs=row.reads_needs),  # type: ignore[attr-defined]
        "answers": [(answer.question.label, answer.value) for answer in row.answers.select_related("question")],
        "places": list(row.session_places.select_related("session").order_by("session__starts_at")),
        "reason": "", "history": history_of(row), "acts": acts_for(row, request.user), "may_change": may_change,
        "may_choose": may_change and row.holds_a_place and bool(seats_of(row.edition)),
    }  # fmt: skip
    return render(request, "assises/registration.html", context)


@show_or_save
def registration_change(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Correct what a registration says."""
    row = find_registration(request, year, pk, P.CHANGE_REGISTRATION)
    _trace_needs(request, row)
    given = dict(row.answers.values_list("question", "value"))
    form = RegistrationForm(
        row, request.POST or None, cancel_url=row.get_absolute_url(), questions=questions_of(row.edition, row.category), given=given,
        reads_needs=row.reads_needs,  # type: ignore[attr-defined]
    )  # fmt: skip
    user: Any = request.user
    if form.is_valid() and saved(
        form, lambda: change_registration(row.pk, form.typed(), form.answers(), form.seen(), user)
    ):
        messages.success(request, "L’inscription est à jour.")
        return redirect(row)
    return act(request, row.edition, form, "Modifier une inscription", person=row.full_name)


def _trace_needs(request: HttpRequest, row: Registration) -> None:
    if request.method == "GET" and row.reads_needs:  # type: ignore[attr-defined]
        trace_needs_read(row, request.user)  # type: ignore[arg-type]


@show_or_save
def registration_workshops(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Choose the workshops of somebody."""
    row = find_registration(request, year, pk, P.CHANGE_REGISTRATION)
    chosen = list(row.session_places.values_list("session", flat=True))
    form = WorkshopsForm(seats_of(row.edition), chosen, request.POST or None, cancel_url=row.get_absolute_url())
    user: Any = request.user
    if form.is_valid() and saved(form, lambda: (choose_workshops(row.pk, form.cleaned_data["sessions"], user), True)):
        messages.success(request, "Les ateliers sont enregistrés.")
        return redirect(row)
    return act(request, row.edition, form, "Choisir les ateliers", person=row.full_name)


@require_POST
def registration_act(request: HttpRequest, year: int, pk: int, name: str) -> HttpResponse:
    """Confirm, offer, accept, refuse, cancel, or make a new ticket. A refusal comes back with the reason that was typed."""
    if name not in RIGHTS:
        raise Http404
    row = find_registration(request, year, pk, RIGHTS[name])
    user: Any = request.user
    reason = request.POST.get("reason", "")
    try:
        done = act_on_registration(row.pk, name, user, reason)
    except PortalError as refusal:
        return _refused(request, row, refusal, name, reason)
    messages.success(request, f"{done.full_name} : {done.state.label.lower()}. {done.state.meaning}")
    return redirect(row)


def _refused(request: HttpRequest, row: Registration, refusal: PortalError, name: str, reason: str) -> HttpResponse:
    details = refusal.details if isinstance(refusal, Refused) else []
    context = {
        "edition": row.edition, "registration": row, "sentences": [refusal.message, *details], "reason": reason,
        "choice": next((choice for choice in acts_for(row, request.user) if choice.name == name), None),
    }  # fmt: skip
    return render(request, "assises/registration_refused.html", context, status=UNPROCESSABLE)
