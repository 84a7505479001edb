"""Documents asked for together: how far they are, and what to do with those that failed."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Batch, BatchItem, Document, Status
from e2c_portal.documents.queries import Progress, batch_followed_by, batch_lines, batch_progress
from e2c_portal.documents.states import REFUSED, state_named
from e2c_portal.documents.views.fragments import SEEN, fragment
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted
from e2c_portal.kernel.workflow import State

# A screen reader is told of a batch at each quarter, not at each document.
ANNOUNCED_EVERY_PERCENT = 25


@dataclass(frozen=True)
class Line:
    """One line of a batch, with what this person may do about it."""

    label: str
    state: State
    reason: str = ""
    document: Document | None = None
    may_download: bool = False
    may_retry: bool = False


@require_GET
@never_cache
def batch(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the whole batch; the page asks for its progress by itself while something is under way."""
    followed = _followed(request, public_id)
    return render(request, "documents_pages/batch.html", _progress_of(request, followed))


@require_GET
@never_cache
def progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give the part of the page that changes; nothing when the page shows it already."""
    followed = _followed(request, public_id)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("documents:batch", public_id)
    context = _progress_of(request, followed)
    context["announced"] = _worth_telling(context["progress"], request.GET.get(SEEN, ""))
    return fragment(request, "documents_pages/fragments/live_batch.html", context, token=context["token"])


def _followed(request: HttpRequest, public_id: UUID) -> Batch:
    followed = batch_followed_by(request.user, public_id)
    if followed is None:
        raise Http404
    return followed


def _progress_of(request: HttpRequest, followed: Batch) -> dict:
    now = batch_progress(followed)
    return {
        "batch": followed,
        "progress": now,
        "done": now.total - now.waiting,
        "summary": summary_of(now),
        "lines": [_line(item, request.user) for item in batch_lines(followed)],
        "token": f"{now.total - now.waiting}-{now.sealed}-{now.failed}",
        "announced": False,
    }


def _line(item: BatchItem, user: object) -> Line:
    document = item.document
    if document is None:
        return Line(item.label, REFUSED, item.refusal)
    state = state_named(document.status)
    reason = document.failure or (state.meaning if document.status == Status.ABANDONED else "")
    try:
        kind = kind_named(document.kind)
        readable = kind.may_read(user, document)
    except PortalError:
        return Line(item.label, state, reason)
    retries = readable and document.status == Status.FAILED and kind.may_retry(user, document)
    return Line(item.label, state, reason, document, readable and document.is_sealed, retries)


def summary_of(now: Progress) -> str:
    """Say in one sentence how far a batch is."""
    parts = [f"{counted(now.sealed, 'document scellé', 'documents scellés')} sur {now.total}"]
    if now.waiting:
        parts.append(f"{now.waiting} en cours")
    if now.failed:
        parts.append(f"{now.failed} en échec")
    if now.refused:
        parts.append(counted(now.refused, "refusé", "refusés"))
    return ", ".join(parts) + "."


def _worth_telling(now: Progress, seen: str) -> bool:
    """Tell whether a quarter was passed since what the page shows."""
    before = seen.partition("-")[0]
    if now.over or not before.isdigit() or not now.total:
        return True
    quarter = ANNOUNCED_EVERY_PERCENT
    return now.percent // quarter > 100 * int(before) // now.total // quarter
