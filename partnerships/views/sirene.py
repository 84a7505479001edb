"""Sirene extracts: deposit one, read what it would change, apply it, follow the work."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from e2c_portal.documents.views.fragments import fragment
from e2c_portal.kernel.errors import PortalError
from e2c_portal.ui.refusals import add_refusal
from partnerships.models import SireneImport, SireneImportLine
from partnerships.operations.sirene import request_application, request_reading
from partnerships.permissions import PartnershipPermission
from partnerships.sirene_forms import SireneForm, too_large
from partnerships.sirene_queries import figures_of, import_visible_to, imports_visible_to, lines_of
from partnerships.sirene_sheet import CHOICES, choices_of, state_of, summary_of, told_lines

PER_PAGE = 50
IMPORTS_PER_PAGE = 20
UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def sirene_imports(request: HttpRequest) -> HttpResponse:
    """Show the form of a deposit and the imports made before; keep the file that is posted."""
    if not request.user.has_perm(PartnershipPermission.IMPORT_SIRENE):
        raise PermissionDenied
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = SireneForm(*typed, cancel_url=reverse("companies:companies"))
    if request.method == "POST":
        asked = _deposited(request, form)
        if asked:
            return redirect(asked)
    page = Paginator(imports_visible_to(request.user), IMPORTS_PER_PAGE).get_page(request.GET.get("page"))
    for past in page:
        past.where = state_of(past)
    context = {"form": form, "page_obj": page}
    return render(request, "partnerships/sirene.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_GET
@never_cache
def sirene_import(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what a file would change, or what it changed; how far the work is while it goes on."""
    asked = _found(request, public_id)
    return render(request, "partnerships/sirene_import.html", _context(request, asked))


@require_GET
@never_cache
def sirene_progress(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give the part of the page that changes; nothing when the page shows it already."""
    asked = _found(request, public_id)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(asked)
    context = _context(request, asked) | {"announced": not asked.is_under_way}
    return fragment(request, "partnerships/fragments/live_sirene.html", context, token=context["token"])


def lines_on_screen(request: HttpRequest) -> QuerySet[SireneImportLine] | None:
    """Return the lines of the import named in the address; None for whoever may not read it."""
    try:
        asked = import_visible_to(request.user, UUID(request.GET.get("import", "")))
    except ValueError:
        return None
    return lines_of(asked, _shown(request)) if asked else None


@require_POST
def sirene_apply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask for the application of a plan."""
    asked = _found(request, public_id)
    try:
        request_application(asked.pk, request.user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    return redirect(asked)


def _deposited(request: HttpRequest, form: SireneForm) -> SireneImport | None:
    if getattr(request, "upload_too_large", False):
        form.errors.clear()
        form.add_error("file", too_large())
        return None
    if not form.is_valid():
        return None
    try:
        return request_reading(form.cleaned_data["file"], form.options(), request.user)
    except PortalError as refusal:
        add_refusal(form, refusal)
        return None


def _found(request: HttpRequest, public_id: UUID) -> SireneImport:
    asked = import_visible_to(request.user, public_id)
    if asked is None:
        raise Http404
    return asked


def _shown(request: HttpRequest) -> str:
    """Return which lines are asked for; all of them when the choice is not known."""
    asked = request.GET.get("voir", "")
    return asked if asked in dict(CHOICES) else ""


def _context(request: HttpRequest, asked: SireneImport) -> dict[str, Any]:
    # The lines of an old import are gone; what was counted when it ended stays.
    figures = figures_of(asked) | ({} if asked.is_under_way else asked.figures)
    choices = choices_of(figures)
    shown = _shown(request) if _shown(request) in {choice.value for choice in choices} else ""
    page = Paginator(lines_of(asked, shown), PER_PAGE).get_page(request.GET.get("page"))
    applying = asked.status == SireneImport.Status.APPLYING
    to_apply = figures["create"] + figures["update"] + figures["close"]
    done = figures["done"] + figures["not_applied"]
    return {
        "asked": asked,
        "where": state_of(asked),
        "summary": summary_of(asked, figures),
        "choices": choices,
        "shown": shown,
        "page_obj": page,
        "lines": told_lines(page),
        "to_apply": to_apply,
        "may_apply": asked.status == SireneImport.Status.READY and to_apply,
        "done": done if applying else asked.percent_read,
        "total": to_apply if applying else 100,
        "applying": applying,
        "token": f"{asked.status}-{asked.lines_read}-{done}",
        "announced": False,
    }
