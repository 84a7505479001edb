"""Prepare a ceremony and follow it: its day, its programme, its binder, how far it is."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from e2c_portal.documents.views.fragments import fragment
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted
from e2c_portal.ui.refusals import add_refusal
from partnerships.ceremony_forms import CeremonyForm, ChoiceForm
from partnerships.ceremony_queries import (
    ceremonies_visible_to,
    conventions_to_choose,
    programme_with_signatures,
)
from partnerships.ceremony_sheet import binder_panel, ceremony_sheet
from partnerships.models import CeremonyItem, SigningEvent
from partnerships.models.ceremonies import AT_MOST
from partnerships.operations.ceremonies import (
    add_to_programme,
    place_in_programme,
    plan_ceremony,
    remove_from_programme,
    request_binder,
)
from partnerships.operations.ceremony_day import Outcome, put_programme_to_signature
from partnerships.permissions import PartnershipPermission
from schools.scope import scope_of

PER_PAGE = 25
LIST, UNPROCESSABLE = "ceremonie", 422
show_or_save = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def ceremony_list(request: HttpRequest) -> HttpResponse:
    """Show the ceremonies to come and those held."""
    events = ceremonies_on_screen(request)
    if events is None:
        raise Http404
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "today": timezone.localdate(), "may_add": may_prepare(request)}
    return render(request, "partnerships/ceremonies/list.html", context)


def ceremonies_on_screen(request: HttpRequest) -> QuerySet[SigningEvent] | None:
    """Return the ceremonies, all pages together; None for whoever may not read them."""
    scope = scope_of(request.user)
    return None if scope.empty else ceremonies_visible_to(scope)


@require_safe
@never_cache
def ceremony_page(request: HttpRequest, event_pk: int) -> HttpResponse:
    """Show a ceremony: its programme, how far it is, its binder."""
    event = find_ceremony(request, event_pk)
    context = {
        "event": event, "sheet": ceremony_sheet(event), "binder": binder_panel(event), "manages": may_prepare(request),
        "with_list": True,
    }  # fmt: skip
    return render(request, "partnerships/ceremonies/ceremony.html", context)


@require_safe
@never_cache
def ceremony_progress(request: HttpRequest, event_pk: int) -> HttpResponse:
    """Answer how far a ceremony is, or nothing at all while the page shows it already; `liste` adds its programme."""
    event = find_ceremony(request, event_pk)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(event)
    sheet = ceremony_sheet(event)
    context = {
        "event": event, "sheet": sheet, "manages": may_prepare(request), "with_list": "liste" in request.GET,
        "announced": True,
    }  # fmt: skip
    return fragment(request, "partnerships/ceremonies/fragments/live_progress.html", context, token=sheet.mark)


@show_or_save
def ceremony_new(request: HttpRequest) -> HttpResponse:
    """Prepare a ceremony."""
    require_officer(request)
    form = CeremonyForm(_posted(request), cancel_url=reverse("ceremonies:ceremonies"))
    return _write(request, form, "Préparer une cérémonie", "La cérémonie est créée : choisissez ses conventions.")


@show_or_save
def ceremony_change(request: HttpRequest, event_pk: int) -> HttpResponse:
    """Change the name, the day or the place of a ceremony."""
    event = find_ceremony(request, event_pk)
    require_officer(request)
    form = CeremonyForm(_posted(request), instance=event, cancel_url=event.get_absolute_url())
    return _write(request, form, "Modifier la cérémonie", "La cérémonie est modifiée.")


def _posted(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, be it empty; None when the page is only shown."""
    return request.POST if request.method == "POST" else None


def _write(request: HttpRequest, form: CeremonyForm, title: str, told: str) -> HttpResponse:
    if form.is_valid():
        try:
            event = plan_ceremony(form.instance, request.user)
        except (PortalError, ValidationError) as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, told)
            return redirect(event)
    context = {"form": form, "title": title}
    return render(request, "partnerships/ceremonies/form.html", context, status=UNPROCESSABLE if form.errors else 200)


@show_or_save
@never_cache
def programme(request: HttpRequest, event_pk: int) -> HttpResponse:
    """Choose the conventions of a ceremony and their order."""
    event = find_ceremony(request, event_pk)
    require_officer(request)
    sheet = ceremony_sheet(event)
    form = ChoiceForm(list(conventions_to_choose(scope_of(request.user))), _posted(request))
    chosen = set(request.POST.getlist("conventions"))
    if chosen and chosen <= {str(line.convention.pk) for line in sheet.lines}:
        # Pressed twice: they are at the programme already.
        return redirect("ceremonies:programme", event.pk)
    if form.is_valid():
        try:
            added = add_to_programme(event.pk, form.numbers(), request.user)
        except PortalError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"{counted(added, 'convention entre', 'conventions entrent')} au programme.")
            return redirect("ceremonies:programme", event.pk)
    context = {"event": event, "sheet": sheet, "form": form, "most": AT_MOST}
    return render(
        request, "partnerships/ceremonies/programme.html", context, status=UNPROCESSABLE if form.errors else 200
    )


@require_POST
def item_place(request: HttpRequest, event_pk: int, pk: int) -> HttpResponse:
    """Give a convention another place."""
    event = find_ceremony(request, event_pk)
    require_officer(request)
    asked = request.POST.get("position", "")
    try:
        place_in_programme(event.pk, pk, int(asked) if asked.isdecimal() else 1, request.user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    return redirect(reverse("ceremonies:programme", args=[event.pk]) + f"#convention-{pk}")


@require_POST
def item_remove(request: HttpRequest, event_pk: int, pk: int) -> HttpResponse:
    """Take a convention out of the programme."""
    event = find_ceremony(request, event_pk)
    require_officer(request)
    try:
        if remove_from_programme(event.pk, pk, request.user):
            messages.success(
                request, "La convention est retirée du programme. Sa signature, si elle est demandée, continue."
            )
    except PortalError as refusal:
        messages.error(request, refusal.message)
    return redirect("ceremonies:programme", event.pk)


@require_POST
def put_to_sign(request: HttpRequest, event_pk: int) -> HttpResponse:
    """Put the whole programme to signature, on site."""
    event = find_ceremony(request, event_pk)
    require_officer(request)
    try:
        _tell(request, put_programme_to_signature(event.pk, request.user))
    except PortalError as refusal:
        messages.error(request, refusal.message)
    return redirect(event)


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    if outcome.sent:
        told = counted(len(outcome.sent), "convention mise à la signature", "conventions mises à la signature")
        messages.success(request, f"{told} ; les documents se fabriquent.")
    elif not outcome.refused:
        messages.info(request, "Tout le programme est déjà à la signature ou signé.")
    for name, reason in outcome.refused:
        messages.warning(request, f"{name} : {reason}")


@require_POST
def binder(request: HttpRequest, event_pk: int) -> HttpResponse:
    """Ask for the binder."""
    event = find_ceremony(request, event_pk)
    require_officer(request)
    try:
        request_binder(event.pk, request.user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    return redirect(event.get_absolute_url() + "#parapheur")


def programme_on_screen(request: HttpRequest) -> QuerySet[CeremonyItem] | None:
    """Return the programme of the ceremony named in the address; None for whoever may not read it."""
    number = request.GET.get(LIST, "")
    events = ceremonies_visible_to(scope_of(request.user))
    event = events.filter(pk=number).first() if number.isdecimal() else None
    return programme_with_signatures(event) if event else None


def find_ceremony(request: HttpRequest, event_pk: int) -> Any:
    """Return the ceremony, 404 for whoever may not read it."""
    return get_object_or_404(ceremonies_visible_to(scope_of(request.user)), pk=event_pk)


def may_prepare(request: HttpRequest) -> bool:
    """Say whether this person prepares and holds ceremonies."""
    return bool(request.user.has_perm(PartnershipPermission.CHANGE_EVENT))


def require_officer(request: HttpRequest) -> None:
    """Stop whoever only reads."""
    if not may_prepare(request):
        raise PermissionDenied
