"""Read an amendment, and a convention as it reads on a day."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnerships import workflows
from partnerships.amendment_sheet import amendment_sheet, facts_of_amendment, history_of_amendment
from partnerships.consolidated_text import reading_on
from partnerships.forms import DayForm
from partnerships.permissions import PartnershipPermission
from partnerships.queries import amendment_in_full, amendments_visible_to, conventions_visible_to, with_amendments
from schools.scope import scope_of


@require_safe
def amendment_page(request: HttpRequest, pk: int, amendment_pk: int) -> HttpResponse:
    """Show an amendment: what it changes, who signs, its document."""
    found = get_object_or_404(amendments_visible_to(scope_of(request.user)), pk=amendment_pk, convention_id=pk)
    amendment = amendment_in_full(found.pk)
    context = {
        "amendment": amendment,
        "convention": amendment.convention,
        "sheet": amendment_sheet(amendment, request.user),
        "facts": facts_of_amendment(amendment),
        "history": history_of_amendment(amendment),
        "manages": request.user.is_staff and request.user.has_perm(PartnershipPermission.WRITE_AMENDMENT),
    }
    return render(request, "partnerships/amendment.html", context)


@require_safe
def consolidated_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a signed convention as it reads on a day, today unless another is asked for with ?le=."""
    readable = conventions_visible_to(scope_of(request.user))
    convention = get_object_or_404(with_amendments(readable), pk=pk)
    if convention.status not in workflows.SIGNED_STATES:
        raise Http404
    form = DayForm(request.GET or None)
    asked: date | None = form.cleaned_data["le"] if form.is_bound and form.is_valid() else None
    day = asked or timezone.localdate()
    context = {"convention": convention, "form": form, "day": day, "reading": reading_on(convention, day)}
    return render(request, "partnerships/consolidated.html", context)
