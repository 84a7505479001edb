"""One document: its sealed bytes, or where its making stands. Whoever may not read it is told that it does not exist."""

import logging
import re
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from e2c_portal.audit.trail import record
from e2c_portal.documents import requesting, storage
from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Document
from e2c_portal.documents.queries import document_readable_by
from e2c_portal.documents.views.fragments import fragment
from e2c_portal.kernel.errors import Refused

logger = logging.getLogger(__name__)


@require_GET
@never_cache
def download(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give the stored bytes, as a file to keep or, with ?affichage=1, to look at; before that, say where it stands."""
    document = _readable(request, public_id)
    if not document.is_sealed:
        return render(
            request, "documents_pages/document.html", _shown(document), status=202 if document.is_waiting else 200
        )
    try:
        content = storage.read(document.file, sha256=document.sha256)
    except storage.StorageFault as fault:
        logger.error("document %s not served: %s", document.pk, fault.code)
        return render(request, "documents_pages/unavailable.html", _shown(document) | {"fault": fault}, status=503)
    record(_actor(request), "document.downloaded", document, f"Document téléchargé : {document.reference}")
    return _file(document, content, attached="affichage" not in request.GET)


@require_GET
@never_cache
def state(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say where the making of a document stands; nothing when the page shows it already."""
    document = _readable(request, public_id)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("documents:download", public_id)
    return fragment(request, "documents_pages/fragments/live_state.html", {"document": document}, token=document.status)


@require_POST
def retry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask again for a document that failed."""
    document = _readable(request, public_id)
    if not kind_named(document.kind).may_retry(request.user, document):
        raise PermissionDenied("Seule la personne qui a demandé ce document, ou un responsable, peut le relancer.")
    try:
        requesting.retry(document, _actor(request))
        messages.success(request, "La fabrication est relancée.")
    except Refused as refusal:
        messages.error(request, refusal.message)
    return _back(request, document)


def _readable(request: HttpRequest, public_id: UUID) -> Document:
    document = document_readable_by(request.user, public_id)
    if document is None:
        raise Http404
    return document


def _actor(request: HttpRequest) -> AbstractBaseUser:
    # Nobody comes here without signing in: LoginRequiredMiddleware sees to it.
    return cast(AbstractBaseUser, request.user)


def _shown(document: Document) -> dict[str, object]:
    return {"document": document, "subject_url": kind_named(document.kind).subject_url(document)}


def _file(document: Document, content: bytes, *, attached: bool) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(attached, file_name(document)) or "attachment"
    return response


def file_name(document: Document) -> str:
    """Return a name that every file system takes, made of the reference."""
    words = re.sub(r"[^\w.-]+", "-", document.reference).strip("-.")
    return f"{words or document.public_id}.pdf"


def _back(request: HttpRequest, document: Document) -> HttpResponse:
    """Return to the page of the portal that the button stood on, else to the document's own."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return redirect(target)
    return redirect("documents:download", document.public_id)
