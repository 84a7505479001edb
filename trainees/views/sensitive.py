"""Health data, on pages of their own: each opening and each change is traced by the operation that answers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerships.views.saving import saved
from trainees.forms.sensitive import SensitiveForm
from trainees.models import SensitiveFlag
from trainees.operations.sensitive import read_sensitive, save_sensitive
from trainees.permissions import TraineePermission
from trainees.views.finding import find_trainee, require, show_or_save
from trainees.views.people import act_page


@require_safe
@never_cache
def sensitive_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show what is recorded to those who may read it."""
    trainee = find_trainee(request, public_id)
    require(request, TraineePermission.VIEW_SENSITIVE, trainee)
    flag = read_sensitive(trainee, request.user)
    context = {
        "trainee": trainee, "flag": flag, "may_change": request.user.has_perm(TraineePermission.CHANGE_SENSITIVE, trainee),
    }  # fmt: skip
    return render(request, "trainees/sensitive.html", context)


@show_or_save
@never_cache
def sensitive_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Record or correct them."""
    trainee = find_trainee(request, public_id)
    require(request, TraineePermission.CHANGE_SENSITIVE, trainee)
    flag = read_sensitive(trainee, request.user) or SensitiveFlag(trainee=trainee)
    form = SensitiveForm(request.POST or None, flag=flag, cancel_url=trainee.get_absolute_url())
    if form.is_valid() and saved(form, lambda: save_sensitive(trainee, form.facts(), form.seen(), request.user)):
        messages.success(request, "Les données sensibles sont enregistrées.")
        return redirect("trainees:sensitive", trainee.public_id)
    lead = "Chaque consultation et chaque modification est tracée : qui, quand. N’écrivez aucun diagnostic."
    return act_page(request, trainee, form, "Données sensibles", lead=lead)
