"""What the Région alone does of registrations: the desk, the waiting list, the requests to accept, the count of answers."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assises.forms.registrations import DeskForm, PriorityForm
from assises.models import Edition, Registration
from assises.operations.following import decide_requests, register_at_the_desk
from assises.operations.group_registering import GroupOutcome
from assises.operations.places import set_priority
from assises.permissions import AssisesPermission
from assises.reads.group_registering import is_over
from assises.reads.places import waiting_list
from assises.reads.registrations import (
    HOLDING,
    answer_figures,
    offers_pending,
    questions_of,
    reads_every_registration,
    requests_pending,
)
from assises.sheets.registrations import figure_lines
from assises.views.editions import act, show_or_save
from assises.views.registrations import PER_PAGE, find_readable, find_registration
from e2c_portal.exports.lists import ComputedRows
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted
from e2c_portal.kernel.submissions import record_of
from partnerships.views.saving import saved
from schools.queries import schools_visible_to
from schools.scope import scope_of

OFFERS_SHOWN = 100
P = AssisesPermission


def find_managed(request: HttpRequest, year: int) -> Edition:
    """Return an edition for whoever manages registrations. Raises Http404, PermissionDenied."""
    edition = find_followed(request, year)
    if not request.user.has_perm(P.MANAGE_REGISTRATIONS):
        raise PermissionDenied
    return edition


def find_followed(request: HttpRequest, year: int) -> Edition:
    """Return an edition for whoever reads the registrations of everybody. Raises Http404: a school finds nothing there."""
    edition = find_readable(request, year)
    if not reads_every_registration(request.user):
        raise Http404
    return edition


@show_or_save
def registration_new(request: HttpRequest, year: int) -> HttpResponse:
    """Register somebody at the desk, before the day or on it."""
    edition = find_managed(request, year)
    user: Any = request.user
    listed = reverse("assises:registrations", args=[edition.year])
    form = DeskForm(
        edition, request.POST or None, schools=schools_visible_to(scope_of(user)).order_by("name"), cancel_url=listed,
        questions=questions_of(edition),
    )  # fmt: skip
    if sent_before := record_of(form.sending(), user, Registration):
        return redirect(sent_before)
    if form.is_valid():
        made = saved(
            form, lambda: register_at_the_desk(form.instance, user, answers=form.answers(), sending=form.sending())
        )
        if made:
            messages.success(request, f"{made.full_name} : {made.state.label.lower()}. {made.state.meaning}")
            return redirect(made)
    return act(request, edition, form, "Inscrire quelqu’un")


@require_safe
def waiting(request: HttpRequest, year: int) -> HttpResponse:
    """Show who waits, in the order of offers, and the offers that nobody answered yet."""
    edition = find_followed(request, year)
    rows = waiting_list(edition).select_related("school", "company")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "edition": edition, "page_obj": page, "offers": list(offers_pending(edition)[:OFFERS_SHOWN]),
        "manages": request.user.has_perm(P.MANAGE_REGISTRATIONS) and not is_over(edition), "lines": figure_lines(edition),
    }  # fmt: skip
    return render(request, "assises/waiting.html", context)


@require_POST
def registration_priority(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Change before whom somebody passes."""
    row = find_registration(request, year, pk, P.MANAGE_REGISTRATIONS)
    form, user = PriorityForm(request.POST), request.user
    if not form.is_valid():
        messages.error(request, f"{row.full_name} : écrivez une priorité de 0 à 999.")
    elif saved(form, lambda: set_priority(row.pk, form.cleaned_data["priority"], user)):  # type: ignore[arg-type]
        messages.success(request, f"{row.full_name} : priorité {form.cleaned_data['priority']}.")
    return redirect("assises:waiting", row.edition.year)


@show_or_save
def requests(request: HttpRequest, year: int) -> HttpResponse:
    """Show who waits for the Région's word; POST accepts or refuses those ticked."""
    edition = find_followed(request, year)
    refusal, typed = "", ""
    if request.method == "POST":
        find_managed(request, year)
        typed = request.POST.get("reason", "")
        try:
            _tell(request, _decided(request, edition))
            return redirect("assises:requests", edition.year)
        except PortalError as error:
            refusal = error.message
    page = Paginator(requests_pending(edition), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "edition": edition, "page_obj": page, "refusal": refusal, "typed": typed, "ticked": _ticked(request),
        "manages": request.user.has_perm(P.MANAGE_REGISTRATIONS) and not is_over(edition), "lines": figure_lines(edition),
    }  # fmt: skip
    return render(request, "assises/requests.html", context, status=422 if refusal else 200)


def _ticked(request: HttpRequest) -> list[int]:
    return [int(value) for value in request.POST.getlist("qui") if value.isdecimal() and len(value) < 10]


def _decided(request: HttpRequest, edition: Edition) -> GroupOutcome:
    user: Any = request.user
    accept = request.POST.get("decision") != "refuser"
    return decide_requests(edition, _ticked(request), user, accept=accept, reason=request.POST.get("reason", ""))


def _tell(request: HttpRequest, outcome: GroupOutcome) -> None:
    by_state: dict[str, int] = {}
    for row in outcome.registered:
        by_state[row.state.label] = by_state.get(row.state.label, 0) + 1
    if by_state:
        told = ", ".join(f"{label.lower()} : {number}" for label, number in by_state.items())
        messages.success(
            request, f"{counted(len(outcome.registered), 'demande décidée', 'demandes décidées')} ({told})."
        )
    for one in outcome.refused[:20]:
        messages.warning(request, str(one))


@require_safe
def answer_counts(request: HttpRequest, year: int) -> HttpResponse:
    """Show how many people who hold a place gave each answer: meals, first of all."""
    edition = find_followed(request, year)
    listed = reverse("assises:registrations", args=[edition.year])
    tables = [
        (question, [(value, number, f"{listed}?{urlencode({'etat': HOLDING, 'question': question.pk, 'reponse': value})}")
                    for value, number in rows], silent)
        for question, rows, silent in answer_figures(edition)
    ]  # fmt: skip
    return render(request, "assises/answers.html", {"edition": edition, "tables": tables})


def answers_on_screen(request: HttpRequest) -> ComputedRows | None:
    """Return the figures of each answer, for the edition named in the address; None for whoever does not read them all."""
    year = request.GET.get("annee", "")
    if not (year.isdecimal() and len(year) == 4 and reads_every_registration(request.user)):
        return None
    edition = find_followed(request, int(year))
    rows = [
        (question.label, value, number)
        for question, figures, silent in answer_figures(edition)
        for value, number in [*figures, ("Pas de réponse", silent)]
    ]
    return ComputedRows(rows)
