"""What a person does with their registration by their link: GET shows, POST acts once."""

from django.http import HttpRequest, HttpResponse

from assises.forms.own_registration import PhotosForm, SessionsForm
from assises.life import registrations as life
from assises.models import Registration
from assises.operations.own_registration import answer_about_photos, cancel_oneself, choose_own_sessions
from assises.operations.places import accept_offer
from assises.reads.own_registration import (
    chosen_sessions,
    has_begun,
    is_known_minor,
    registration_of,
    seats_to_choose,
)
from assises.views.own_registration import (
    CANCEL,
    PHOTOS,
    UNPROCESSABLE,
    WORKSHOPS,
    edition_of,
    home_page,
    own_page,
    see,
    shown_is,
)
from e2c_portal.kernel.errors import PortalError
from e2c_portal.links.visits import Visit
from partnerships.views.saving import saved

ANOTHER = "Cette page parlait d’une inscription précédente : voici celle d’aujourd’hui."


def accept(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take the place that was offered."""
    row = _own(visit)
    if request.method != "POST" or row is None:
        return see(visit.url())
    if request.POST.get("which") != str(row.public_id):
        return home_page(request, visit, ANOTHER)
    try:
        accept_offer(row.pk)
    except PortalError as refusal:
        return home_page(request, visit, refusal.message)
    return see(f"{visit.url()}?fait=accepte")


def cancel(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask once more, then give the place back."""
    row = _own(visit)
    if row is None or (request.method != "POST" and (not row.is_active or has_begun(row.edition))):
        return see(visit.url())
    if request.method != "POST":
        context = {"registration": row, "action": visit.url(CANCEL), "offered": row.status == life.OFFERED}
        return own_page(request, visit, row.edition, "assises/own/cancel.html", context)
    if request.POST.get("which") != str(row.public_id):
        return home_page(request, visit, ANOTHER)
    try:
        cancel_oneself(row.pk)
    except PortalError as refusal:
        return home_page(request, visit, refusal.message)
    return see(f"{visit.url()}?fait=annule")


def workshops(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Choose workshops, change or give them back."""
    row = _own(visit)
    if row is None or not row.holds_a_place or has_begun(row.edition):
        return see(visit.url())
    chosen = {session.pk for session in chosen_sessions(row)}
    form = SessionsForm(
        request.POST if request.method == "POST" else None, seats=seats_to_choose(row.edition), chosen=chosen,
        which=str(row.public_id), action=visit.url(WORKSHOPS), cancel_url=visit.url(),
    )  # fmt: skip
    if form.is_valid() and shown_is(form.cleaned_data["which"], row, form) and saved(form, lambda: _chosen(form, row)):
        return see(f"{visit.url()}?fait=ateliers")
    context = {"form": form, "registration": row, "kept_the_place": "refus" in request.GET}
    return own_page(request, visit, row.edition, "assises/own/workshops.html", context, status=_status(form))


def _chosen(form: SessionsForm, row: Registration) -> bool:
    choose_own_sessions(row.pk, form.session_ids())
    return True


def photos(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give, refuse or withdraw one's consent to images."""
    row = _own(visit)
    if row is None or is_known_minor(row):
        return see(visit.url())
    form = PhotosForm(
        request.POST if request.method == "POST" else None,
        registration=row,
        action=visit.url(PHOTOS),
        cancel_url=visit.url(),
    )
    if (
        form.is_valid()
        and shown_is(form.cleaned_data["which"], row, form)
        and saved(form, lambda: _answered(form, row))
    ):
        return see(f"{visit.url()}?fait=photos")
    context = {"form": form, "registration": row}
    return own_page(request, visit, row.edition, "assises/own/photos.html", context, status=_status(form))


def _answered(form: PhotosForm, row: Registration) -> Registration:
    return answer_about_photos(row.pk, form.answer())


def _own(visit: Visit) -> Registration | None:
    return registration_of(edition_of(visit), visit.link.email)


def _status(form: SessionsForm | PhotosForm) -> int:
    return UNPROCESSABLE if form.errors else 200
