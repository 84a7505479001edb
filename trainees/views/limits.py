"""The legal limits, for everybody who works in the network."""

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from trainees.models import LegalParameter
from trainees.permissions import TraineePermission
from trainees.reads.limits import limit_rows, limits_to_read


def limits_on_screen(request: HttpRequest) -> QuerySet[LegalParameter] | None:
    """Return every row of every limit; None for whoever may not read them."""
    return limit_rows() if request.user.has_perm(TraineePermission.VIEW_PARAMETER) else None


@require_safe
def limit_list(request: HttpRequest) -> HttpResponse:
    """Show the limits with their values, days and sources."""
    if limits_on_screen(request) is None:
        raise Http404
    context = {
        "limits": limits_to_read(timezone.localdate()),
        "may_change": request.user.is_staff and request.user.has_perm(TraineePermission.ADD_PARAMETER),
    }
    return render(request, "trainees/limits.html", context)
