"""The link of a trainee's own page, seen by the school: where it stands, send it, withdraw it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import of_name
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.forms.trainee_space import WithdrawForm
from trainees.models import Trainee
from trainees.operations.trainee_space import grant_space, withdraw_space
from trainees.permissions import TraineePermission
from trainees.reads.trainee_space import access_of
from trainees.reads.visible import trainee_known_to

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def space_access(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show where the link of a trainee stands; a POST withdraws it, with a reason."""
    trainee = _trainee(request, public_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and saved(form, lambda: _withdrawn(trainee, form, request)):
        messages.success(request, f"Le lien {of_name(str(trainee))} est retiré.")
        return redirect("trainees:space_access", trainee.public_id)
    context = {"trainee": trainee, "access": access_of(trainee), "form": form}
    return render(request, "trainees/space_access.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_POST
def space_grant(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Send the link."""
    trainee = _trainee(request, public_id)
    try:
        grant_space(trainee.pk, request.user)  # type: ignore[arg-type]
    except PortalError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"Le lien « Mes stages » part à {trainee.email}.")
    return redirect("trainees:space_access", trainee.public_id)


def _withdrawn(trainee: Trainee, form: WithdrawForm, request: HttpRequest) -> bool:
    withdraw_space(trainee.pk, form.cleaned_data["reason"], request.user)  # type: ignore[arg-type]
    return True


def _trainee(request: HttpRequest, public_id: UUID) -> Trainee:
    trainee = trainee_known_to(scope_of(request.user), public_id)
    if trainee is None:
        raise Http404
    if not request.user.has_perm(TraineePermission.CHANGE_TRAINEE, trainee):
        raise PermissionDenied
    return trainee
