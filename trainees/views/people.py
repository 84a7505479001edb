"""Trainees: the list searched as one types, the page that tells everything, create and change a record."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from e2c_portal.kernel.submissions import record_of
from e2c_portal.ui.pages import ShortPaginator
from e2c_portal.ui.refusals import status_of
from partnerships.views.saving import saved
from schools.models import School
from schools.scope import Scope, scope_of
from trainees.forms.people import TraineeForm, TraineeSearchForm
from trainees.models import LikelyDouble, Trainee
from trainees.operations.people import register_trainee, revise_trainee
from trainees.permissions import TraineePermission
from trainees.reads.doubles import doubles_visible_to, searched_at
from trainees.reads.people import (
    counted_first,
    first_trainees,
    latest_stay,
    likely_same,
    sites_offered,
    situation_of,
    trainees_wanted,
)
from trainees.reads.visible import own_schools
from trainees.sheets.trainee import trainee_sheet
from trainees.views.finding import find_trainee, require, show_or_save

PER_PAGE = 25


def trainees_on_screen(request: HttpRequest) -> QuerySet[Trainee] | None:
    """Return the trainees that match what is asked, all pages together; None for whoever may not read them."""
    scope = scope_of(request.user)
    if not _reads(request, scope):
        return None
    return trainees_wanted(scope, search_form(request, scope).wanted(request.user.pk))


def _reads(request: HttpRequest, scope: Scope) -> bool:
    return not scope.empty and request.user.has_perm(TraineePermission.VIEW_TRAINEE)


def search_form(request: HttpRequest, scope: Scope, live_url: str = "") -> TraineeSearchForm:
    """Return the filters of the list, with the choices of the schools in scope."""
    several = scope.whole_network or len(scope.school_ids) > 1
    schools = [(str(pk), name) for pk, name in own_schools(scope).values_list("pk", "name")] if several else []
    follows = request.user.has_perm(TraineePermission.MOVE_PATHWAY)
    asked = request.GET.get("ecole", "")
    chosen = int(asked) if asked in {pk for pk, _ in schools} else None
    sites = sites_offered(scope, chosen)
    return TraineeSearchForm(request.GET, sites=sites, schools=schools, follows=follows, live_url=live_url)


@require_safe
def trainee_list(request: HttpRequest) -> HttpResponse:
    """Show the trainees that match; the answer to a keystroke is the list alone."""
    scope = scope_of(request.user)
    if not _reads(request, scope):
        raise Http404
    form = search_form(request, scope, reverse("trainees:trainees"))
    wanted = form.wanted(request.user.pk)
    trainees = trainees_wanted(scope, wanted)
    paginator = ShortPaginator(
        trainees, PER_PAGE, first=lambda top: first_trainees(trainees, scope, wanted, top),
        counted=counted_first(trainees, scope, wanted),
    )  # fmt: skip
    page = paginator.get_page(request.GET.get("page"))
    today = timezone.localdate()
    for trainee in page:
        trainee.where, trainee.stay = situation_of(trainee), latest_stay(trainee)
        trainee.age = trainee.age_on(today)
    may = request.user.has_perm
    context = {
        "form": form, "wanted": wanted, "page_obj": page, "has_more": paginator.has_more,
        "several_schools": "ecole" in form.fields,
        "several_sites": "site" in form.fields, "may_add": may(TraineePermission.ADD_TRAINEE),
        "follows": "mes" in form.fields,
        "may_transfer": may(TraineePermission.TRANSFER_TRAINEE) or scope.whole_network,
        "may_see_doubles": may(TraineePermission.VIEW_DOUBLES),
    }  # fmt: skip
    live = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, "trainees/fragments/trainee_list.html" if live else "trainees/trainees.html", context)


@require_safe
def trainee_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show all that is known of a trainee."""
    trainee = find_trainee(request, public_id)
    require(request, TraineePermission.VIEW_TRAINEE, trainee)
    sheet = trainee_sheet(trainee, request.user, timezone.localdate())
    may = request.user.has_perm
    moves = may(TraineePermission.MOVE_PATHWAY, trainee)
    context = {
        "trainee": trainee, "sheet": sheet, "may_change": may(TraineePermission.CHANGE_TRAINEE, trainee),
        "may_open": moves and sheet.current is None,
        "may_prepare": sheet.current is not None and may(TraineePermission.WRITE_INTERNSHIP, trainee),
        "may_transfer": may(TraineePermission.TRANSFER_TRAINEE, trainee) and sheet.transfer is None,
        "may_read_sensitive": may(TraineePermission.VIEW_SENSITIVE, trainee),
    }  # fmt: skip
    return render(request, "trainees/trainee.html", context)


@show_or_save
def trainee_new(request: HttpRequest) -> HttpResponse:
    """Create a trainee, once the people alike in the same schools were shown."""
    require(request, TraineePermission.ADD_TRAINEE)
    schools = _schools_to_add_in(request)
    instance = Trainee(school=schools[0]) if len(schools) == 1 else Trainee()
    form = TraineeForm(
        request.POST or None, instance=instance, schools=schools, cancel_url=reverse("trainees:trainees"),
        live_url=reverse("trainees:trainee_likenesses"),
    )  # fmt: skip
    if sent_before := record_of(form.sending(), request.user, Trainee):
        return redirect(sent_before)
    alike = _alike(request, request.POST)
    if request.method == "POST" and form.is_valid():
        if alike and not form.cleaned_data["confirmed"]:
            form.add_error(
                None, "Une fiche ressemble à celle-ci : ouvrez-la, ou cochez la case pour en créer une autre."
            )
        elif made := saved(form, lambda: register_trainee(form.instance, request.user, sending=form.sending())):
            messages.success(request, f"La fiche de {made} est créée.")
            return redirect(made)
    if alike:
        form.ask_confirmation()
    return render(request, "trainees/trainee_new.html", {"form": form, "alike": alike}, status=status_of(form))


@require_safe
def trainee_likenesses(request: HttpRequest) -> HttpResponse:
    """Answer the people of the same schools who look like what is being typed."""
    require(request, TraineePermission.ADD_TRAINEE)
    return render(request, "trainees/fragments/likely_people.html", {"alike": _alike(request, request.GET)})


@show_or_save
def trainee_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change what is known of a trainee; somebody else's work is never written over."""
    trainee = find_trainee(request, public_id)
    require(request, TraineePermission.CHANGE_TRAINEE, trainee)
    form = TraineeForm(request.POST or None, instance=trainee, cancel_url=trainee.get_absolute_url())
    if form.is_valid() and saved(form, lambda: revise_trainee(form.instance, form.seen(), request.user)):
        messages.success(request, "La fiche est enregistrée.")
        return redirect(trainee)
    return act_page(request, trainee, form, "Modifier la fiche")


def doubles_on_screen(request: HttpRequest) -> QuerySet[LikelyDouble] | None:
    """Return the likely doubles; None outside the network."""
    if not request.user.has_perm(TraineePermission.VIEW_DOUBLES):
        return None
    return doubles_visible_to(scope_of(request.user))


@require_safe
def doubles(request: HttpRequest) -> HttpResponse:
    """Show the network the people who seem to have two records, across schools first."""
    require(request, TraineePermission.VIEW_DOUBLES)
    found = doubles_visible_to(scope_of(request.user))
    page = ShortPaginator(found, PER_PAGE).get_page(request.GET.get("page"))
    across = ShortPaginator(found.filter(across_schools=True), PER_PAGE)
    return render(request, "trainees/doubles.html", {"page_obj": page, "across": across, "searched_at": searched_at()})


def act_page(request: HttpRequest, trainee: Trainee, form: Any, title: str, **more: Any) -> HttpResponse:
    """Show the form of one act on a trainee, under their name."""
    context = {"trainee": trainee, "form": form, "title": title, "lead": "", "notes": [], **more}
    return render(request, "trainees/trainee_act.html", context, status=status_of(form))


def _alike(request: HttpRequest, typed: Any) -> list[Trainee]:
    last, first = typed.get("last_name", "")[:100].strip(), typed.get("first_name", "")[:100].strip()
    born = _day(typed.get("birth_date", ""))
    return likely_same(scope_of(request.user), last, first, born) if last and first and born else []


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _schools_to_add_in(request: HttpRequest) -> list[School]:
    right = TraineePermission.ADD_TRAINEE
    found = [school for school in own_schools(scope_of(request.user)) if request.user.has_perm(right, school)]
    if not found:
        raise PermissionDenied
    return found
