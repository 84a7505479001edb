"""The photos of an edition: those that its report shows, and who is on them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assises.forms.report import PhotoForm
from assises.models import Photo
from assises.operations.photos import add_photo, remove_photo
from assises.reads.report import photo_of, photos_of
from assises.views.editions import act, find_edition, require_preparing, show_or_save
from e2c_portal.documents import storage
from e2c_portal.documents.received_files import ENDINGS, SHOWN_TOO_LARGE
from e2c_portal.documents.views.handing_over import file_response
from e2c_portal.kernel.errors import PortalError
from e2c_portal.ui.refusals import note_too_large
from partnerships.views.saving import saved


@require_safe
def photos(request: HttpRequest, year: int) -> HttpResponse:
    """Show the photos kept for the report, and those that no longer may appear."""
    require_preparing(request)
    edition = find_edition(request, year)
    return render(request, "assises/photos.html", {"edition": edition, "photos": list(photos_of(edition))})


@show_or_save
def photo_new(request: HttpRequest, year: int) -> HttpResponse:
    """Add a photo, with what it shows and who is on it."""
    require_preparing(request)
    edition = find_edition(request, year)
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PhotoForm(*posted, cancel_url=reverse("assises:photos", args=[year]))
    user: Any = request.user
    if form.is_valid() and saved(form, lambda: add_photo(edition.pk, form.text(), form.upload(), user)):
        messages.success(request, "La photo est gardée. Elle paraîtra dans la prochaine version du bilan.")
        return redirect("assises:photos", year)
    note_too_large(form, request, "file", SHOWN_TOO_LARGE)
    return act(request, edition, form, "Ajouter une photo")


@require_POST
def photo_remove(request: HttpRequest, year: int, public_id: UUID) -> HttpResponse:
    """Remove a photo and its file."""
    require_preparing(request)
    edition = find_edition(request, year)
    user: Any = request.user
    try:
        remove_photo(edition.pk, public_id, user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "La photo est retirée, son fichier aussi.")
    return redirect("assises:photos", year)


@require_safe
def photo_file(request: HttpRequest, year: int, public_id: UUID) -> HttpResponse:
    """Give a photo to those who prepare the report: shown in the page, a file to keep when it is opened alone.

    A browser draws a picture that stands alone with styles of its own, which the policy of the portal refuses.
    """
    require_preparing(request)
    photo = photo_of(find_edition(request, year), public_id)
    if photo is None:
        raise Http404
    return _shown(photo)


def _shown(photo: Photo) -> HttpResponse:
    content = storage.read(photo.file, sha256=photo.sha256)
    return file_response(content, f"photo-{photo.public_id}.{ENDINGS[photo.mime]}", photo.mime, attached=True)
