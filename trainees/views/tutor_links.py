"""The link of the tutor, from the internship: where it stands, send it, withdraw it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from e2c_portal.kernel.errors import PortalError
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.forms.attendance import ReasonForm
from trainees.models import Internship
from trainees.operations.tutor_links import send_tutor_link, withdraw_tutor_link
from trainees.permissions import TraineePermission
from trainees.reads.tutor_links import reports_of, tutor_access
from trainees.reads.visible import internship_known_to

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def tutor_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where the link of the tutor stands; a POST withdraws it, with a reason."""
    internship = _find(request, pk)
    form = ReasonForm(
        *([request.POST] if request.method == "POST" else []), label="Pourquoi le retirer", submit="Retirer ce lien"
    )
    if form.is_valid() and saved(form, lambda: withdraw_tutor_link(pk, form.cleaned_data["reason"], request.user)):
        messages.success(request, "Le lien du tuteur est retiré.")
        return redirect("trainees:tutor_link", pk)
    context = {
        "internship": internship,
        "access": tutor_access(internship),
        "form": form,
        "told": reports_of(internship),
    }
    return render(request, "trainees/attendance/tutor_link.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_POST
def tutor_link_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the link to the tutor, again if need be."""
    internship = _find(request, pk)
    try:
        link = send_tutor_link(pk, request.user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Le lien part à {link.email}.")
    return redirect("trainees:tutor_link", internship.pk)


def _find(request: HttpRequest, pk: int) -> Internship:
    internship = internship_known_to(scope_of(request.user), pk)
    if internship is None:
        raise Http404
    if not request.user.has_perm(TraineePermission.WRITE_INTERNSHIP, internship):
        raise PermissionDenied
    return internship
