"""Legal representatives: add, change, say that somebody represents no more."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from partnerships.views.saving import saved
from trainees.forms.people import RepresentativeEndForm, RepresentativeForm
from trainees.models import LegalRepresentative, Trainee
from trainees.operations.people import end_representative, save_representative
from trainees.permissions import TraineePermission
from trainees.views.finding import find_trainee, require, show_or_save
from trainees.views.people import act_page


@show_or_save
def representative_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add somebody who answers for a minor."""
    trainee = _writable(request, public_id)
    form = RepresentativeForm(
        request.POST or None, instance=LegalRepresentative(trainee=trainee), cancel_url=trainee.get_absolute_url()
    )
    if form.is_valid() and saved(
        form, lambda: save_representative(form.instance, request.user, sending=form.sending())
    ):
        messages.success(request, f"{form.instance.full_name} est enregistré comme représentant légal.")
        return redirect(trainee)
    return act_page(request, trainee, form, "Ajouter un représentant légal")


@show_or_save
def representative_edit(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Change how a representative is reached."""
    trainee = _writable(request, public_id)
    row = get_object_or_404(trainee.representatives, pk=pk)
    form = RepresentativeForm(request.POST or None, instance=row, cancel_url=trainee.get_absolute_url())
    if form.is_valid() and saved(form, lambda: save_representative(form.instance, request.user)):
        messages.success(request, "Le représentant légal est enregistré.")
        return redirect(trainee)
    return act_page(request, trainee, form, f"Représentant légal : {row.full_name}")


@show_or_save
def representative_end(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Note that somebody represents a trainee no more."""
    trainee = _writable(request, public_id)
    row = get_object_or_404(trainee.representatives, pk=pk)
    form = RepresentativeEndForm(request.POST or None, cancel_url=trainee.get_absolute_url())
    if form.is_valid() and saved(form, lambda: end_representative(row.pk, form.cleaned_data["ended_on"], request.user)):
        messages.success(request, f"C’est noté : {row.full_name} ne représente plus cette personne.")
        return redirect(trainee)
    return act_page(request, trainee, form, f"Fin de la représentation légale : {row.full_name}")


def _writable(request: HttpRequest, public_id: UUID) -> Trainee:
    trainee = find_trainee(request, public_id)
    require(request, TraineePermission.CHANGE_TRAINEE, trainee)
    return trainee
