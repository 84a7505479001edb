"""Internships: the list, the page that tells everything, their moves, the derogations of their host."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from e2c_portal.kernel.errors import Refused
from e2c_portal.ui.pages import ShortPaginator
from e2c_portal.ui.refusals import status_of
from partnerships.views.saving import saved
from schools.scope import Scope, scope_of
from trainees.forms.internships import DerogationForm, InternshipSearchForm, MoveForm
from trainees.life.internships import INTERNSHIP_LIFE, OPEN
from trainees.models import Internship
from trainees.operations.derogations import record_derogation
from trainees.operations.internships import move_internship
from trainees.permissions import TraineePermission
from trainees.reads.entry import derogations_at
from trainees.reads.internship_list import internships_listed, promise_convention, schools_led
from trainees.reads.legality import findings_of, stint_of
from trainees.reads.offers import offer_of
from trainees.reads.situation import SITUATIONS, situation_of
from trainees.reads.visible import internship_known_to
from trainees.sheets.agreement_card import agreement_card
from trainees.sheets.internship import history_of, texts_of, weeks_of, what_of, who_of

PER_PAGE, FOUND_UP_TO = 25, 100
show_or_save = require_http_methods(["GET", "HEAD", "POST"])
# Recorded by the signature of the agreement: nobody presses it.
BY_THE_PORTAL = {"record_signature"}


def internships_on_screen(request: HttpRequest) -> QuerySet[Internship] | None:
    """Return the internships that match what is asked, all pages together; None for whoever may not read them."""
    scope = scope_of(request.user)
    return (
        internships_listed(scope, InternshipSearchForm(request.GET, scope).asking()) if _reads(request, scope) else None
    )


def _reads(request: HttpRequest, scope: Scope) -> bool:
    return not scope.empty and request.user.has_perm(TraineePermission.VIEW_INTERNSHIP)


@require_safe
def internship_list(request: HttpRequest) -> HttpResponse:
    """Show the internships that match, the latest first."""
    scope = scope_of(request.user)
    if not _reads(request, scope):
        raise Http404
    form = InternshipSearchForm(request.GET, scope)
    asking = form.asking()
    # A word of the whole network is counted no further than a few pages: it may be that of ten thousand people.
    up_to = FOUND_UP_TO if scope.whole_network and asking.words else None
    rows = internships_listed(scope, asking)
    pages = ShortPaginator(rows, PER_PAGE, up_to=up_to, in_order=scope.whole_network)
    page = pages.get_page(request.GET.get("page"))
    for internship in page:
        internship.where = SITUATIONS[internship.situation]
    context = {
        "form": form, "page_obj": page, "chosen": form.narrows, "scope": scope,
        "led": schools_led(scope, lambda school: request.user.has_perm(TraineePermission.WRITE_SCHOOL_DAYS, school)),
        "promise": promise_convention(scope, asking.promise_of) if asking.promise_of else None,
    }  # fmt: skip
    return render(request, "trainees/internships.html", context)


@require_safe
def internship_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all that is known of an internship."""
    internship = find_internship(request, pk)
    may_write = request.user.has_perm(TraineePermission.WRITE_INTERNSHIP, internship)
    choices = INTERNSHIP_LIFE.choices(internship, internship.status, request.user)
    stints = [stint_of(row) for row in internship.days.all()]
    # What the law says of an internship given up, or done, changes nothing any more.
    findings = findings_of(internship) if internship.status in OPEN else []
    context = {
        "internship": internship,
        "card": agreement_card(internship, request.user),
        "situation": situation_of(internship, timezone.localdate()),
        "began_unsigned": internship.status in OPEN and internship.began_by(),
        "facts": what_of(internship),
        "offer": offer_of(internship) if request.user.has_perm(TraineePermission.SEARCH_HOSTS) else None,
        "people": who_of(internship),
        "texts": texts_of(internship),
        "weeks": weeks_of(stints),
        "findings": [str(finding) for finding in findings],
        "choices": [choice for choice in choices if choice.move.name not in BY_THE_PORTAL],
        "derogations": derogations_at(internship.establishment) if internship.dangerous_works else [],
        "history": history_of(internship),
        "may_write": may_write,
        "may_revise": may_write and internship.status in OPEN and not internship.is_settled,
    }
    return render(request, "trainees/internship.html", context)


@show_or_save
def internship_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Make one move, once what it asks for is given."""
    internship = find_internship(request, pk)
    try:
        move = INTERNSHIP_LIFE.move(name)
    except Refused as unknown:
        raise Http404 from unknown
    if move.name in BY_THE_PORTAL:
        raise Http404
    if not request.user.has_perm(move.permission, internship):
        raise PermissionDenied
    if move.name == "break_off":
        # A rupture is an amendment of the agreement: it takes effect at once and is signed after.
        return redirect("trainees:amendment_new", pk, "rupture")
    form = MoveForm(move, internship, request.POST or None)
    if form.is_valid() and saved(form, lambda: _moved(internship, name, request, form)):
        messages.success(request, f"C’est fait : {move.label.lower()}.")
        return redirect(internship)
    return render(request, "trainees/internship_act.html", {
        "internship": internship, "form": form, "title": move.label, "text": move.consequence,
    }, status=status_of(form))  # fmt: skip


def _moved(internship: Internship, name: str, request: HttpRequest, form: MoveForm) -> Internship:
    typed = form.cleaned_data
    return move_internship(
        internship.pk,
        name,
        request.user,
        seen_state=typed["seen_state"],
        reason=typed.get("reason", ""),
        facts=form.facts(),
    )


@show_or_save
def derogation_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the host of an internship declared to the labour inspection."""
    internship = find_internship(request, pk)
    if not request.user.has_perm(TraineePermission.WRITE_INTERNSHIP, internship):
        raise PermissionDenied
    form = DerogationForm(internship.establishment, request.POST or None, cancel_url=internship.get_absolute_url())
    if form.is_valid() and saved(form, lambda: record_derogation(form.instance, internship.school, request.user)):
        messages.success(request, "La dérogation est enregistrée : choisissez-la en modifiant le stage.")
        return redirect(internship)
    return render(request, "trainees/internship_act.html", {
        "internship": internship, "form": form, "title": "Dérogation pour travaux réglementés",
        "text": "L’entreprise déclare à l’inspection du travail les travaux qu’un mineur fera chez elle. La déclaration vaut "
        "trois ans, pour un lieu (code du travail, art. R4153-40 et R4153-41).",
    }, status=status_of(form))  # fmt: skip


def find_internship(request: HttpRequest, pk: int) -> Internship:
    """Return the internship of that number; 404 for whoever may not read it."""
    internship: Any = internship_known_to(scope_of(request.user), pk)
    if internship is None:
        raise Http404
    return internship
