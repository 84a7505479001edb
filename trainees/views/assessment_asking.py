"""What the school asks of a company: open an assessment, ask for it again, ask somebody else, give it up."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from e2c_portal.kernel.errors import PortalError
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.forms.hosting import ReasonForm
from trainees.forms.skill_decisions import RespondentForm
from trainees.operations.assessments import ask, cancel_assessment, change_respondent, open_assessment
from trainees.permissions import TraineePermission
from trainees.reads.school_validations import contacts_to_ask
from trainees.reads.visible import internship_known_to
from trainees.views.assessments import act_page, find_assessment
from trainees.views.finding import require, show_or_save


@require_POST
def assessment_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare the assessment of an internship."""
    internship = internship_known_to(scope_of(request.user), pk)
    if internship is None:
        raise Http404
    require(request, TraineePermission.ASK_ASSESSMENT, internship)
    try:
        made = open_assessment(pk, request.user)  # type: ignore[arg-type]
    except PortalError as refusal:
        messages.error(request, refusal.message)
        return redirect(internship)
    messages.success(request, "L’évaluation est préparée : demandez-la à l’entreprise.")
    return redirect(made)


@require_POST
def assessment_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Send its link to whoever answers for the company, again if need be."""
    assessment = find_assessment(request, pk)
    require(request, TraineePermission.ASK_ASSESSMENT, assessment)
    try:
        ask(pk, request.user)  # type: ignore[arg-type]
    except PortalError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"La demande part à {assessment.respondent}.")
    return redirect(assessment)


@show_or_save
def assessment_respondent(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody else of the company."""
    assessment = find_assessment(request, pk)
    require(request, TraineePermission.ASK_ASSESSMENT, assessment)
    people = contacts_to_ask(assessment.internship)
    form = RespondentForm(assessment, people, request.POST or None, cancel_url=assessment.get_absolute_url())
    if form.is_valid() and saved(form, lambda: change_respondent(pk, form.cleaned_data["respondent"].pk, request.user)):  # type: ignore[arg-type]
        messages.success(request, "Cette personne est maintenant interrogée : envoyez-lui la demande.")
        return redirect(assessment)
    text = "Quelqu’un qui a vu le stagiaire travailler. La personne précédente ne pourra plus remplir cette évaluation."
    return act_page(request, assessment, form, "Interroger une autre personne", text)


@show_or_save
def assessment_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that nobody will fill an assessment, and why."""
    assessment = find_assessment(request, pk)
    require(request, TraineePermission.ASK_ASSESSMENT, assessment)
    form = ReasonForm(request.POST or None, submit="Déclarer sans objet", cancel_url=assessment.get_absolute_url())
    if form.is_valid() and saved(form, lambda: cancel_assessment(pk, form.cleaned_data["reason"], request.user)):  # type: ignore[arg-type]
        messages.success(request, "L’évaluation est sans objet. L’école peut encore valider ce qu’elle a vu elle-même.")
        return redirect(assessment)
    text = "L’entreprise ne pourra plus la remplir. Le motif est gardé."
    return act_page(request, assessment, form, "Ne plus attendre cette évaluation", text)
