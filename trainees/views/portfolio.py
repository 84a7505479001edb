"""The portfolio of a trainee, read by the school: by domain, with its history and its evidence."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from e2c_portal.documents.received_files import SHOWN_TOO_LARGE
from e2c_portal.ui.refusals import note_too_large
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.forms.portfolio import EvidenceForm, RemovalForm
from trainees.models import Evidence
from trainees.operations.portfolio import add_evidence, remove_evidence, trace_reading
from trainees.permissions import TraineePermission
from trainees.reads.portfolio import evidence_known_to
from trainees.sheets.portfolio import portfolio_of
from trainees.views.evidence_files import evidence_response
from trainees.views.finding import find_trainee, require, show_or_save

UNPROCESSABLE = 422


@require_safe
def portfolio(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the skills of a trainee, validated, waiting or seen, with their history and evidence."""
    trainee = find_trainee(request, public_id)
    require(request, TraineePermission.VIEW_SKILLS, trainee)
    context = {
        "trainee": trainee, "book": portfolio_of(trainee),
        "may_add": request.user.has_perm(TraineePermission.PLAN_SKILLS, trainee),
    }  # fmt: skip
    return render(request, "trainees/portfolio.html", context)


@show_or_save
def evidence_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add a photo or a paper to the portfolio of a trainee."""
    trainee = find_trainee(request, public_id)
    require(request, TraineePermission.PLAN_SKILLS, trainee)
    back = reverse("trainees:portfolio", args=[trainee.public_id])
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = EvidenceForm(*posted, trainee=trainee, cancel_url=back)
    if form.is_valid() and saved(form, lambda: add_evidence(trainee.pk, form.text(), form.upload(), request.user)):
        messages.success(request, "La preuve est dans le portefeuille.")
        return redirect(f"{back}#preuves")
    note_too_large(form, request, "file", SHOWN_TOO_LARGE)
    context = {"trainee": trainee, "form": form, "title": "Ajouter une preuve", "back": back}
    return render(request, "trainees/portfolio_act.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_safe
def evidence_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give the file of a piece of evidence, and keep the trace of who read it."""
    row = _evidence(request, public_id)
    require(request, TraineePermission.VIEW_SKILLS, row.trainee)
    response = evidence_response(row)
    if response is None:
        messages.error(request, "Ce fichier ne peut pas être lu pour le moment. Réessayez dans quelques minutes.")
        return redirect("trainees:portfolio", row.trainee.public_id)
    trace_reading(row, request.user)
    return response


@show_or_save
def evidence_remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Remove a piece of evidence and its file for good, with a reason."""
    row = _evidence(request, public_id)
    require(request, TraineePermission.PLAN_SKILLS, row.trainee)
    back = reverse("trainees:portfolio", args=[row.trainee.public_id])
    form = RemovalForm(request.POST if request.method == "POST" else None, cancel_url=back)
    if form.is_valid() and saved(form, lambda: _removed(row, form, request)):
        messages.success(request, f"« {row.title} » est retirée, son fichier aussi.")
        return redirect(back)
    context = {"trainee": row.trainee, "form": form, "title": f"Retirer « {row.title} »", "back": back}
    return render(request, "trainees/portfolio_act.html", context, status=UNPROCESSABLE if form.errors else 200)


def _removed(row: Evidence, form: RemovalForm, request: HttpRequest) -> bool:
    remove_evidence(row.pk, row.trainee_id, request.user, form.cleaned_data["reason"])
    return True


def _evidence(request: HttpRequest, public_id: UUID) -> Evidence:
    row = evidence_known_to(scope_of(request.user), public_id)
    if row is None:
        raise Http404
    return row
