"""Access files: asking for one, watching it being made, taking it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from e2c_portal.accounts.fresh import asks_again
from e2c_portal.documents.views.fragments import fragment
from e2c_portal.kernel.errors import PortalError
from e2c_portal.privacy import access_files
from e2c_portal.privacy.models import AccessFile
from e2c_portal.privacy.queries import access_file_of, person_of
from e2c_portal.privacy.views.rights import handles_people


@require_POST
@handles_people
@asks_again
def ask(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for the access file of somebody."""
    _, row = person_of(slug, pk)
    try:
        asked = access_files.ask(row, request.user)  # type: ignore[arg-type]
    except PortalError as refusal:
        messages.error(request, refusal.message)
        return redirect("privacy:person", slug, pk)
    return redirect("privacy:access_file", asked.public_id)


@require_GET
@never_cache
@handles_people
def access_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show how far an access file is; the page asks for its progress by itself."""
    return render(request, "privacy/access.html", _context(access_file_of(public_id)))


@require_GET
@never_cache
@handles_people
def progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give the part of the page that changes; nothing when the page shows it already."""
    asked = access_file_of(public_id)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("privacy:access_file", public_id)
    context = _context(asked) | {"announced": not asked.is_under_way}
    return fragment(request, "privacy/fragments/live_access.html", context, token=context["token"])


@require_GET
@never_cache
@handles_people
@asks_again
def download(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give the ZIP; who took it is traced."""
    asked = access_file_of(public_id)
    try:
        content = access_files.read(asked, request.user)  # type: ignore[arg-type]
    except PortalError as refusal:
        messages.error(request, refusal.message)
        return redirect("privacy:access_file", public_id)
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, f"dossier-acces-{asked.asked_at:%Y-%m-%d}.zip")
    return response


def _context(asked: AccessFile) -> dict:
    token = f"{asked.status}-{asked.done}-{asked.total}"
    return {"asked": asked, "token": token, "ready": asked.status == AccessFile.Status.READY}
