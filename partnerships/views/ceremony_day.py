"""The day of a ceremony, on a tablet: who signs now, and the screen that goes from hand to hand.

The officer vouches once for a person, who then signs their conventions one after another: each is shown, each is consented
to. What the officer vouched for is kept in the session of this screen, for a quarter of an hour after the last signature.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from e2c_portal.kernel.errors import PortalError
from e2c_portal.signing.operations.on_site import LIFE
from e2c_portal.signing.shared_screen import WayBack, lend_screen
from e2c_portal.signing.visitors import Visitor
from e2c_portal.ui.refusals import add_refusal
from partnerships.ceremony_forms import StageRefusalForm, VouchForm
from partnerships.ceremony_sheet import CeremonySheet, Seat, ceremony_sheet
from partnerships.operations.ceremony_day import hand_screen_to, invite_absent, refuse_on_stage
from partnerships.views.ceremonies import find_ceremony, require_officer

VOUCHED = "ceremony_vouched"
UNPROCESSABLE, SEE_OTHER = 422, 303
show_or_save = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
def stage(request: HttpRequest, event_pk: int) -> HttpResponse:
    """Show the running order and the convention on stage: one large button for each person."""
    sheet = _sheet(request, event_pk)
    request.session.pop(VOUCHED, None)  # the screen is back in the officer's hands
    asked = request.GET.get("convention", "")
    line = sheet.line_of(int(asked) if asked.isdecimal() else None)
    context = {
        "event": sheet.event, "sheet": sheet, "line": line, "with_list": False, "manages": True,
        "seats": [(seat, sheet.others_of(seat)) for seat in line.seats] if line else [],
        "next_line": sheet.after(line) if line else None,
    }  # fmt: skip
    return render(request, "partnerships/ceremonies/stage.html", context)


@show_or_save
@never_cache
def person(request: HttpRequest, event_pk: int, person: UUID) -> HttpResponse:
    """Show all that a person signs here; POST opens the next of them on this screen."""
    sheet = _sheet(request, event_pk)
    seats = sheet.seats_of(person)
    if not seats:
        raise Http404
    seat = _next_seat(seats, person)
    if request.method == "POST" and (seat is None or seat.signatory.public_id != person):
        # Signed meanwhile, here or on another screen: nothing else is opened in its place.
        return _see(request.get_full_path())
    form = _vouch_form(request, sheet, seat) if seat else None
    if request.method == "POST" and seat and (form is None or form.is_valid()):
        try:
            address = hand_screen_to(sheet.event.pk, seat.signatory.pk, request.user, vouched=True)
        except PortalError as refusal:
            messages.error(request, refusal.message)
            return _see(request.get_full_path())
        _remember(request, sheet, seat)
        lend_screen(request, seat.signatory, _way_back(sheet, seat))
        # This screen is on the portal already, under whatever name it came by.
        return _see(urlsplit(address).path)
    context = {
        "event": sheet.event, "seats": seats, "seat": seat, "form": form, "stage_url": _stage_url(sheet, seat or seats[-1]),
        "waiting": sum(one.expected for one in seats),
    }  # fmt: skip
    status = UNPROCESSABLE if form and form.errors else 200
    return render(request, "partnerships/ceremonies/person.html", context, status=status)


@show_or_save
@never_cache
def refusal(request: HttpRequest, event_pk: int, person: UUID) -> HttpResponse:
    """Record that a person refuses to sign one convention."""
    sheet = _sheet(request, event_pk)
    seat = _seat(sheet, person)
    data = request.POST if request.method == "POST" else None
    form = StageRefusalForm(data, cancel_url=_stage_url(sheet, seat))
    if request.method == "POST" and form.is_valid():
        try:
            refuse_on_stage(
                sheet.event.pk, seat.signatory.pk, form.cleaned_data["reason"], request.user, Visitor.of(request)
            )
        except PortalError as told:
            add_refusal(form, told)
        else:
            messages.success(request, f"Le refus de {seat.signatory.full_name} est enregistré ; la cérémonie continue.")
            return redirect("ceremonies:stage", event_pk)
    context = {"event": sheet.event, "seat": seat, "form": form}
    return render(
        request, "partnerships/ceremonies/refusal.html", context, status=UNPROCESSABLE if form.errors else 200
    )


@require_POST
def invitation(request: HttpRequest, event_pk: int, person: UUID) -> HttpResponse:
    """Have an absent person sign by link."""
    sheet = _sheet(request, event_pk)
    seat = _seat(sheet, person)
    try:
        invite_absent(sheet.event.pk, seat.signatory.pk, request.user)
    except PortalError as told:
        messages.error(request, told.message)
    else:
        messages.success(request, f"Un lien de signature part vers {seat.signatory.full_name}.")
    return redirect(_stage_url(sheet, seat))


def _sheet(request: HttpRequest, event_pk: int) -> CeremonySheet:
    event = find_ceremony(request, event_pk)
    require_officer(request)
    return ceremony_sheet(event)


def _seat(sheet: CeremonySheet, person: UUID) -> Seat:
    seat = next((one for one in sheet.seats if one.signatory.public_id == person), None)
    if seat is None:
        raise Http404
    return seat


def _next_seat(seats: list[Seat], person: UUID) -> Seat | None:
    """Return what is signed next: the convention on stage, then those that follow it."""
    waiting = [seat for seat in seats if seat.expected and not seat.after]
    return next((seat for seat in waiting if seat.signatory.public_id == person), waiting[0] if waiting else None)


def _stage_url(sheet: CeremonySheet, seat: Seat) -> str:
    return reverse("ceremonies:stage", args=[sheet.event.pk]) + f"?convention={seat.convention.pk}"


def _person_url(sheet: CeremonySheet, seat: Seat) -> str:
    return reverse("ceremonies:person", args=[sheet.event.pk, seat.signatory.public_id])


def _way_back(sheet: CeremonySheet, seat: Seat) -> WayBack:
    """Return where the screen goes once this is signed: the person's next convention, or back to the officer."""
    leave = _stage_url(sheet, seat)
    if sheet.others_of(seat):
        return WayBack(_person_url(sheet, seat), "Continuer avec la convention suivante", leave)
    line = sheet.line_of(seat.convention.pk)
    rest = any(other.expected and other is not seat for other in line.seats) if line else False
    following = sheet.after(line) if line and not rest else line
    back = _stage_url(sheet, following.seats[0]) if following and following.seats else leave
    return WayBack(back, "C’est fini : rendre l’écran", leave)


def _vouch_form(request: HttpRequest, sheet: CeremonySheet, seat: Seat) -> VouchForm | None:
    """Return the box to tick, None while the officer's word on this very person still holds on this screen."""
    if _is_vouched(request, sheet, seat):
        return None
    data = request.POST if request.method == "POST" else None
    return VouchForm(data, person=seat.signatory.full_name, action=_person_url(sheet, seat))


def _is_vouched(request: HttpRequest, sheet: CeremonySheet, seat: Seat) -> bool:
    kept: dict[str, Any] = request.session.get(VOUCHED) or {}
    if kept.get("event") != sheet.event.pk or kept.get("person") != list(seat.key):
        return False
    return timezone.now() < datetime.fromisoformat(kept["until"])


def _remember(request: HttpRequest, sheet: CeremonySheet, seat: Seat) -> None:
    until = (timezone.now() + LIFE).isoformat()
    request.session[VOUCHED] = {"event": sheet.event.pk, "person": list(seat.key), "until": until}


def _see(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = SEE_OTHER
    return response
