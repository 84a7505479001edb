"""Applications: who sent the person, where it stands."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from e2c_portal.kernel.submissions import record_of
from partnerships.views.saving import saved
from trainees.forms.referrals import OutcomeForm, ReferralForm
from trainees.life import referrals as life
from trainees.models import Referral, Trainee
from trainees.operations.referrals import advance_referral, record_referral
from trainees.permissions import TraineePermission
from trainees.reads.prescribers import referral_of
from trainees.views.finding import find_trainee, require, show_or_save
from trainees.views.people import act_page


@show_or_save
def referral_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Record who sent a trainee, with a new prescriber if need be."""
    trainee = _writable(request, public_id)
    form = ReferralForm(request.POST or None, referral=Referral(trainee=trainee), cancel_url=trainee.get_absolute_url())
    if record_of(form.sending(), request.user, Referral):
        return redirect(trainee)
    if form.is_valid() and saved(
        form,
        lambda: record_referral(
            form.instance, request.user, new_prescriber=form.new_prescriber(), sending=form.sending()
        ),
    ):
        messages.success(request, "La candidature est enregistrée.")
        return redirect(trainee)
    return act_page(request, trainee, form, "Enregistrer une candidature")


@show_or_save
def referral_outcome(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Say where an application stands now; one that is decided has no further page."""
    trainee = _writable(request, public_id)
    referral = referral_of(trainee, pk)
    if referral is None or referral.outcome in life.DECIDED:
        raise Http404
    form = OutcomeForm(request.POST or None, referral=referral, cancel_url=trainee.get_absolute_url())
    if form.is_valid():
        said = form.cleaned_data
        if saved(
            form,
            lambda: advance_referral(
                pk, said["outcome"], request.user, seen=said["seen"], on=said["outcome_on"], reason=said["reason"]
            ),
        ):
            messages.success(request, "La candidature est enregistrée.")
            return redirect(trainee)
    return act_page(request, trainee, form, "Suite de la candidature", lead=f"Adressée par {referral.prescriber}.")


def _writable(request: HttpRequest, public_id: UUID) -> Trainee:
    trainee = find_trainee(request, public_id)
    require(request, TraineePermission.CHANGE_TRAINEE, trainee)
    return trainee
