"""The actions decided in steering committees, and the comments on a text being negotiated."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from e2c_portal.kernel.errors import PortalError
from partnerships.models import MeetingAction
from partnerships.operations.comments import add_comment, resolve_comment
from partnerships.permissions import PartnershipPermission
from partnerships.queries import actions_to_do, comments_made_on, conventions_visible_to
from schools.scope import scope_of

PER_PAGE = 50
EVERYTHING = "toutes"


@require_safe
def action_list(request: HttpRequest) -> HttpResponse:
    """Show the actions that wait, the late ones first; all of them with ?toutes."""
    actions = actions_on_screen(request)
    if actions is None:
        raise Http404
    page = Paginator(actions, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "today": timezone.localdate(),
        "everything": EVERYTHING in request.GET,
        "may_write": request.user.is_staff and request.user.has_perm(PartnershipPermission.WRITE_MEETING),
    }
    return render(request, "partnerships/actions.html", context)


def actions_on_screen(request: HttpRequest) -> QuerySet[MeetingAction] | None:
    """Return the actions that wait, all pages together; None for whoever may not read them."""
    scope = scope_of(request.user)
    if scope.empty:
        return None
    return actions_to_do(scope, late_on=None if EVERYTHING in request.GET else timezone.localdate())


@require_POST
def comment_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a comment."""
    convention = get_object_or_404(conventions_visible_to(scope_of(request.user)), pk=pk)
    try:
        add_comment(convention.pk, request.POST.get("place", ""), request.POST.get("text", ""), request.user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Votre commentaire est enregistré.")
    return redirect(convention.get_absolute_url() + "#commentaires")


@require_POST
def comment_resolve(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    """Settle a comment."""
    convention = get_object_or_404(conventions_visible_to(scope_of(request.user)), pk=pk)
    comment = get_object_or_404(comments_made_on(convention), pk=comment_pk)
    try:
        resolve_comment(comment.pk, request.POST.get("answer", ""), request.user)
    except PortalError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "Le commentaire est réglé.")
    return redirect(convention.get_absolute_url() + "#commentaires")
