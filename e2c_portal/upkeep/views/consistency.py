"""What the checks found: the list, one passage asked for, how far it is, the record of a finding."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from e2c_portal.kernel.errors import Refused
from e2c_portal.upkeep.consistency.asking import FindingFilter
from e2c_portal.upkeep.consistency.passages import ask
from e2c_portal.upkeep.consistency.permissions import ConsistencyPermission
from e2c_portal.upkeep.consistency.reading import address_of, check_lines, last_run, line_of

PER_PAGE = 50


@require_safe
@never_cache
def checks(request: HttpRequest) -> HttpResponse:
    """Show what is wrong now, or what was mended, and every check with how it stands."""
    _may_read(request)
    form = FindingFilter(request.GET)
    page = Paginator(form.rows, PER_PAGE).get_page(request.GET.get("page"))
    run = last_run()
    context = {
        "page_obj": page, "lines": [line_of(row) for row in page], "form": form, "which": form.which, "run": run, "checks": check_lines(run),
        "may_run": request.user.has_perm(ConsistencyPermission.RUN_CHECKS),
    }  # fmt: skip
    return render(request, "upkeep/consistency.html", context)


@require_safe
@never_cache
def progress(request: HttpRequest) -> HttpResponse:
    """Show how far the passage is: asked every two seconds by its page."""
    _may_read(request)
    run = last_run()
    answer = render(request, "upkeep/fragments/consistency_progress.html", {"run": run})
    if run is None or not run.is_under_way:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def run_now(request: HttpRequest) -> HttpResponse:
    """Ask for a passage of all the checks."""
    if not request.user.has_perm(ConsistencyPermission.RUN_CHECKS):
        raise PermissionDenied
    try:
        ask(request.user)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "Contrôles lancés : cette page dit où ils en sont.")
    return redirect("upkeep:checks")


@require_safe
@never_cache
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to the record that a finding names."""
    _may_read(request)
    return redirect(address_of(pk))


def _may_read(request: HttpRequest) -> None:
    if not request.user.has_perm(ConsistencyPermission.VIEW_CHECKS):
        raise PermissionDenied
