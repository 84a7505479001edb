"""The log of approaches: note one, say that it was followed, read what is to follow."""

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.submissions import record_of
from partnerships.diffusion import shown_name
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.forms.hosting import APPROACH_CHOICES, ApproachForm, ListForm, school_of
from trainees.models import Approach
from trainees.operations.hosting import note_approach, settle_approach
from trainees.permissions import TraineePermission
from trainees.reads.approaches import (
    approach_counts,
    approach_known_to,
    approaches_in,
    approaches_visible_to,
    contacts_of_host,
    trainees_to_place,
)
from trainees.reads.visible import own_schools
from trainees.views.hosts import find_host, host_act, require, searching_scope, show_or_save, writes_companies

PER_PAGE = 50


@require_safe
def approach_list(request: HttpRequest) -> HttpResponse:
    """Show what is to follow, then the log; a network role reads counts by school."""
    scope = searching_scope(request)
    if not scope.school_ids:
        return _counts(request)
    form = ListForm(request.GET, APPROACH_CHOICES, "Entreprise ou stagiaire")
    page = Paginator(_narrowed(request, form), PER_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    for row in page:
        row.told_name = shown_name(row.establishment.company, writer=writes_companies(request))
        row.is_late = row.is_late_on(today)
    context = {
        "form": form, "page_obj": page, "several": len(scope.school_ids) > 1,
        "may_write": request.user.has_perm(TraineePermission.WRITE_APPROACH),
    }  # fmt: skip
    return render(request, "trainees/approaches.html", context)


def approaches_on_screen(request: HttpRequest) -> QuerySet[Approach] | None:
    """Return the approaches that match, all pages together; None for whoever works in no school."""
    if not scope_of(request.user).school_ids:
        return None
    return _narrowed(request, ListForm(request.GET, APPROACH_CHOICES))


def _narrowed(request: HttpRequest, form: ListForm) -> QuerySet[Approach]:
    return approaches_in(approaches_visible_to(scope_of(request.user)), form.state(), form.words())


def _counts(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("annee", "")
    year = int(asked) if re.fullmatch(r"20[0-9]{2}", asked) else timezone.localdate().year
    context = {"rows": approach_counts(year), "year": year, "before": year - 1, "after": year + 1}
    return render(request, "trainees/approach_counts.html", context)


@show_or_save
def approach_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Note an approach of a host; `?suite=` names the one that it follows."""
    host = find_host(request, pk)
    require(request, TraineePermission.WRITE_APPROACH)
    scope, here = scope_of(request.user), reverse("trainees:host", args=[host.pk])
    schools = own_schools(scope)
    follows = approach_known_to(scope, _number(request.GET.get("suite", "")))
    row = Approach(establishment=host, school=school_of(schools))
    if follows:
        row.trainee, row.trade, row.contact = follows.trainee, follows.trade, follows.contact
    choices = {"school": schools, "contact": contacts_of_host(host), "trainee": trainees_to_place(scope)}
    form = ApproachForm(row, request.POST or None, cancel_url=here, choices=choices)
    if record_of(form.sending(), request.user, Approach):
        return redirect(here)
    if form.is_valid():
        key = follows.pk if follows else None
        if saved(form, lambda: note_approach(form.instance, request.user, follows=key, sending=form.sending())):
            messages.success(request, "La démarche est notée.")
            return redirect(f"{here}#demarches")
    return host_act(request, host, form, "Noter une démarche")


@require_POST
def approach_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that what was to follow is done."""
    approach = approach_known_to(scope_of(request.user), pk)
    if approach is None:
        raise Http404
    require(request, TraineePermission.WRITE_APPROACH, approach)
    try:
        settle_approach(approach.pk, request.user)
    except PortalError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "L’action est notée comme faite.")
    back = request.POST.get("retour", "")
    known = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if known and back.startswith("/") else reverse("trainees:approaches"))


def _number(typed: str) -> int:
    return int(typed[:15]) if typed.isdecimal() else 0
