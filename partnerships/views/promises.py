"""The promises of conventions against what was delivered: one promise, and those of the whole network."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partnerships.promise_sheet import promise_sheet
from partnerships.queries import conventions_visible_to
from schools.scope import scope_of


@require_safe
def promise_page(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Show one promise: where it stands, and the rows behind its figures."""
    convention = get_object_or_404(conventions_visible_to(scope_of(request.user)), pk=pk)
    sheet = promise_sheet(convention, key)
    if sheet is None:
        raise Http404
    return render(request, "partnerships/promise.html", {"convention": convention, "sheet": sheet})
