"""The public page: is this document what the Région sealed? Nobody signs in, nothing given is kept."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from e2c_portal.documents.codes import normalised, printed
from e2c_portal.documents.forms import CodeForm, FileForm, too_large
from e2c_portal.documents.lookups import WINDOW, TooManyLookups, visitor_key
from e2c_portal.documents.verification import Outcome, Verdict, verify_code, verify_file
from e2c_portal.documents.views.verdict_lines import lines_of
from e2c_portal.kernel.client_address import client_address
from e2c_portal.kernel.errors import PortalError
from e2c_portal.ui.refusals import UNPROCESSABLE

PAGE = "documents_pages/verify.html"


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """Show the two ways; a posted code or file is answered."""
    if request.method != "POST":
        return _page(request)
    if request.FILES or request.POST.get("way") == "file":
        return _answer_file(request)
    return _answer_code(request)


@require_safe
@login_not_required
@never_cache
def verdict(request: HttpRequest, typed: str) -> HttpResponse:
    """Answer the address of a QR code."""
    return _answer(request, typed, CodeForm(initial={"code": typed[:40]}))


def _answer_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, code_form=form, status=UNPROCESSABLE)
    answer = _answer(request, form.cleaned_data["code"], form)
    code = normalised(form.cleaned_data["code"])
    # The answer has an address of its own, the one of the QR code: it can be reloaded, kept and printed.
    return redirect("documents:verdict", printed(code)) if answer.status_code == 200 and code else answer


def _answer(request: HttpRequest, typed: str, form: CodeForm) -> HttpResponse:
    visitor = visitor_key(client_address(request))
    try:
        found = verify_code(typed, visitor, timezone.localdate())
    except TooManyLookups as refusal:
        response = _page(request, refusal=refusal, status=429)
        response["Retry-After"] = str(int(WINDOW.total_seconds()))
        return response
    return _page(request, verdict=found, code_form=form, status=404 if found.outcome is Outcome.UNKNOWN_CODE else 200)


def _answer_file(request: HttpRequest) -> HttpResponse:
    if getattr(request, "upload_too_large", False):
        return _page(request, file_form=_refused_file(), status=413)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, file_form=form, status=UNPROCESSABLE)
    try:
        found = verify_file(form.cleaned_data["file"].read(), timezone.localdate())
    except PortalError as refusal:
        return _page(request, refusal=refusal, status=503)
    return _page(request, verdict=found)


def _refused_file() -> FileForm:
    form = FileForm({"way": "file"}, {})
    form.errors["file"] = form.error_class([too_large()], renderer=form.renderer)
    return form


def _page(
    request: HttpRequest,
    *,
    verdict: Verdict | None = None,
    refusal: PortalError | None = None,
    code_form: CodeForm | None = None,
    file_form: FileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "verdict": verdict,
        "lines": lines_of(verdict) if verdict else [],
        "refusal": refusal,
        "code_form": code_form or CodeForm(),
        "file_form": file_form or FileForm(),
        "checked_at": timezone.localtime(),
    }
    response = render(request, PAGE, context, status=status)
    if verdict:
        # What is told about one document is for whoever holds it, not for search engines.
        response["X-Robots-Tag"] = "noindex"
    return response
