"""Visits to tutors: what is to do, plan one, write it up, cancel it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from e2c_portal.kernel.submissions import record_of
from partnerships.diffusion import shown_name
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.forms.hosting import ListForm, ReasonForm, ReportForm, VisitForm
from trainees.models import TutorVisit
from trainees.operations.visits import cancel_visit, plan_visit, write_up_visit
from trainees.permissions import TraineePermission
from trainees.reads.visible import internship_known_to
from trainees.reads.visits import (
    EVERYTHING,
    PLANNED,
    WITHOUT,
    WRITTEN,
    internships_without_visit,
    visit_known_to,
    visit_state,
    visitors_of,
    visits_in,
    visits_visible_to,
)
from trainees.views.hosts import UNPROCESSABLE, require, show_or_save, writes_companies

PER_PAGE = 50
MINE = "miennes"
CHOICES = [
    (PLANNED, "À faire"), (MINE, "À faire, les miennes"), (WRITTEN, "Faites"), (EVERYTHING, "Toutes"),
    (WITHOUT, "Stages en cours sans visite"),
]  # fmt: skip


@require_safe
def visit_list(request: HttpRequest) -> HttpResponse:
    """Show the visits to do, the next first; or the internships that go on without any."""
    _reader(request)
    form = ListForm(request.GET, CHOICES)
    writer = writes_companies(request)
    if form.state() == WITHOUT:
        page = Paginator(internships_without_visit(scope_of(request.user)), PER_PAGE).get_page(request.GET.get("page"))
        for row in page:
            row.told_name = shown_name(row.establishment.company, writer=writer)
        may = request.user.has_perm(TraineePermission.WRITE_VISIT)
        return render(request, "trainees/visits_missing.html", {"form": form, "page_obj": page, "may_write": may})
    page = Paginator(_narrowed(request, form.state()), PER_PAGE).get_page(request.GET.get("page"))
    for visit in page:
        visit.where = visit_state(visit)
        visit.told_name = shown_name(visit.internship.establishment.company, writer=writer)
    return render(request, "trainees/visits.html", {"form": form, "page_obj": page})


def visits_on_screen(request: HttpRequest) -> QuerySet[TutorVisit] | None:
    """Return the visits that match, all pages together; None for whoever may not read internships."""
    if not request.user.has_perm(TraineePermission.VIEW_INTERNSHIP):
        return None
    return _narrowed(request, ListForm(request.GET, CHOICES).state())


def _narrowed(request: HttpRequest, state: str) -> QuerySet[TutorVisit]:
    me: Any = request.user
    return visits_in(
        visits_visible_to(scope_of(me)), PLANNED if state == MINE else state, me if state == MINE else None
    )


@show_or_save
def visit_new(request: HttpRequest, internship_pk: int) -> HttpResponse:
    """Plan a visit during an internship."""
    internship = internship_known_to(scope_of(request.user), internship_pk)
    if internship is None:
        raise Http404
    require(request, TraineePermission.WRITE_VISIT, internship)
    form = VisitForm(
        TutorVisit(internship=internship, school_id=internship.school_id), request.POST or None,
        cancel_url=reverse("trainees:visits"), visitors=visitors_of(internship.school_id), me=request.user,
    )  # fmt: skip
    if sent_before := record_of(form.sending(), request.user, TutorVisit):
        return redirect("trainees:visit", pk=sent_before.pk)
    if form.is_valid():
        made = saved(form, lambda: plan_visit(form.instance, request.user, sending=form.sending()))
        if made:
            messages.success(request, "La visite est prévue.")
            return redirect("trainees:visits")
    context = {"internship": internship, "form": form, "title": "Prévoir une visite"}
    return _shown(request, context, form)


@show_or_save
def visit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a visit, and the form that writes it up for whoever may."""
    visit = _found(request, pk)
    writer = request.user.has_perm(TraineePermission.WRITE_VISIT, visit)
    if request.method == "POST":
        require(request, TraineePermission.WRITE_VISIT, visit)
    form = ReportForm(visit, request.POST or None, cancel_url=reverse("trainees:visits"))
    if form.is_valid() and saved(form, lambda: write_up_visit(form.instance, form.seen(), request.user)):
        messages.success(request, "Le compte rendu est enregistré.")
        return redirect("trainees:visit", pk=visit.pk)
    context = {
        "visit": visit, "internship": visit.internship, "where": visit_state(visit), "form": form, "title": "Visite au tuteur",
        "may_write": writer and visit.cancelled_on is None, "may_cancel": writer and visit.is_to_do,
        "name": shown_name(visit.internship.establishment.company, writer=writes_companies(request)),
    }  # fmt: skip
    return render(request, "trainees/visit.html", context, status=UNPROCESSABLE if form.errors else 200)


@show_or_save
def visit_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a planned visit, with a reason."""
    visit = _found(request, pk)
    require(request, TraineePermission.WRITE_VISIT, visit)
    form = ReasonForm(
        request.POST or None, submit="Annuler la visite", cancel_url=reverse("trainees:visit", args=[visit.pk])
    )
    if form.is_valid() and saved(form, lambda: cancel_visit(visit.pk, form.cleaned_data["reason"], request.user)):
        messages.success(request, "La visite est annulée.")
        return redirect("trainees:visits")
    return _shown(request, {"internship": visit.internship, "form": form, "title": "Annuler la visite"}, form)


def _shown(request: HttpRequest, context: dict[str, Any], form: Any) -> HttpResponse:
    internship = context["internship"]
    context["name"] = shown_name(internship.establishment.company, writer=writes_companies(request))
    return render(request, "trainees/visit_act.html", context, status=UNPROCESSABLE if form.errors else 200)


def _reader(request: HttpRequest) -> None:
    if not request.user.has_perm(TraineePermission.VIEW_INTERNSHIP):
        raise Http404


def _found(request: HttpRequest, pk: int) -> TutorVisit:
    visit = visit_known_to(scope_of(request.user), pk)
    if visit is None:
        raise Http404
    return visit
