"""Hand a file over: what browsers may do with it, and the sealed bytes given to somebody who came by a personal link."""

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from e2c_portal.audit.trail import record
from e2c_portal.documents import storage
from e2c_portal.documents.models import Document
from e2c_portal.documents.sealing import embedded_file
from e2c_portal.documents.views.downloads import file_name

logger = logging.getLogger(__name__)
UNAVAILABLE = 503


def file_response(content: bytes, name: str, mime: str = "application/pdf", *, attached: bool = False) -> HttpResponse:
    """Return a file that browsers neither guess about nor keep."""
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(attached, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def public_file(document: Document | None, name: str, mime: str, *, unread: str, carried: str = "") -> HttpResponse:
    """Give anybody the sealed bytes, or the file of that name that they carry. Raises Http404 when there is no document.

    `unread` is the French sentence of a file that cannot be read now; a workbook is kept, a PDF is shown.
    """
    if document is None:
        raise Http404
    try:
        content: bytes | None = storage.read(document.file, sha256=document.sha256)
    except storage.StorageFault:
        content = None
    if content is not None and carried:
        content = embedded_file(content, carried)
    if content is None:
        return HttpResponse(unread, status=UNAVAILABLE, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(bool(carried), name) or "attachment"
    return response


def hand_over(
    typed: str,
    find: Callable[[UUID], Document | None],
    said: str,
    unavailable: Callable[[storage.StorageFault], HttpResponse],
    **detail: Any,
) -> HttpResponse:
    """Give the sealed bytes of the document whose identifier stands in the address, and trace it in French (`said`).

    `find` knows the documents of this very person, and no other. `unavailable` is the page of a file that cannot be read.
    Raises Http404 for anything else.
    """
    try:
        paper = find(UUID(typed))
    except ValueError:
        paper = None
    if paper is None:
        raise Http404
    try:
        content = storage.read(paper.file, sha256=paper.sha256)
    except storage.StorageFault as fault:
        logger.error("document %s not served: %s", paper.pk, fault.code)
        return unavailable(fault)
    record(None, "document.downloaded", paper, said, **detail)
    return file_response(content, file_name(paper), attached=True)
