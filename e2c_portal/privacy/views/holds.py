"""Holds: the list, placing one, lifting one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from e2c_portal.kernel.errors import PortalError
from e2c_portal.privacy.forms import HoldForm, ReasonForm
from e2c_portal.privacy.operations import lift_hold, place_hold
from e2c_portal.privacy.permissions import PrivacyPermission
from e2c_portal.privacy.queries import hold_named, holds, holds_over, name_of, page_of, record_to_hold
from e2c_portal.privacy.views.people import UNPROCESSABLE
from e2c_portal.privacy.views.rights import handles_people, reads_rules
from e2c_portal.ui.refusals import add_refusal

PER_PAGE = 50
OVER = "echus"


@require_GET
@never_cache
@reads_rules
def hold_list(request: HttpRequest) -> HttpResponse:
    """Show the holds, those in force first."""
    over = OVER in request.GET
    page = Paginator(holds_over(timezone.localdate()) if over else holds(), PER_PAGE).get_page(request.GET.get("page"))
    for hold in page:
        hold.what, hold.page = name_of(hold.subject), page_of(hold.subject)
    may_lift = request.user.has_perm(PrivacyPermission.HANDLE_PEOPLE)
    return render(request, "privacy/holds.html", {"page_obj": page, "may_lift": may_lift, "over": over})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@handles_people
def place(request: HttpRequest, subject: str) -> HttpResponse:
    """Ask why and until when; hold the record."""
    held = record_to_hold(subject)
    form = HoldForm(
        request.POST if request.method == "POST" else None, submit="Geler", cancel_url=reverse("privacy:holds")
    )
    if request.method == "POST" and form.is_valid():
        try:
            place_hold(held, form.cleaned_data["reason"], form.cleaned_data["until"], request.user)  # type: ignore[arg-type]
        except PortalError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Gel posé : rien de cette fiche ne sera effacé tant qu’il tient.")
            return redirect("privacy:holds")
    context = {"form": form, "title": "Geler une fiche", "what": str(held)}
    return render(request, "privacy/decide.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@handles_people
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why; lift the hold."""
    hold = hold_named(pk)
    form = ReasonForm(
        request.POST if request.method == "POST" else None, submit="Lever le gel", cancel_url=reverse("privacy:holds")
    )
    if request.method == "POST" and form.is_valid():
        try:
            lift_hold(hold.pk, form.cleaned_data["reason"], request.user)  # type: ignore[arg-type]
        except PortalError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Gel levé : les durées de conservation s’appliquent de nouveau.")
            return redirect("privacy:holds")
    context = {"form": form, "title": "Lever un gel", "what": hold.reason}
    return render(request, "privacy/decide.html", context, status=UNPROCESSABLE if form.errors else 200)
