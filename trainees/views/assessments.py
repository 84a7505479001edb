"""One assessment, side by side, and what is decided of it: validate, send back with a question, record an answer told."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from partnerships.diffusion import shown_name
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.forms.skill_decisions import AnswerForm, DecisionForm, LaterForm, QuestionForm
from trainees.life import assessments as life
from trainees.models import CompanyAssessment
from trainees.operations.skill_decisions import (
    Decision,
    reasons_to_give,
    return_assessment,
    validate_assessment,
    validate_later,
)
from trainees.operations.trainee_answers import answer_assessment
from trainees.permissions import TraineePermission
from trainees.reads.assessment_page import assessment_known_to, respondent_access, skill_left_aside
from trainees.reads.school_validations import acquired_by_framework, certificate_in_force
from trainees.sheets.assessment import AssessmentSheet, assessment_sheet, told_validated
from trainees.views.finding import require, show_or_save
from trainees.views.hosts import writes_companies

UNPROCESSABLE = 422


def find_assessment(request: HttpRequest, pk: int) -> CompanyAssessment:
    """Return an assessment of the schools in scope, which this person may read."""
    assessment = assessment_known_to(scope_of(request.user), pk)
    if assessment is None:
        raise Http404
    require(request, TraineePermission.VIEW_SKILLS)
    return assessment


@show_or_save
def assessment_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was planned, said, answered and decided of each skill; a POST validates."""
    assessment = find_assessment(request, pk)
    may_decide = request.user.has_perm(TraineePermission.VALIDATE_SKILLS, assessment)
    if request.method == "POST":
        require(request, TraineePermission.VALIDATE_SKILLS, assessment)
        if _done_before(request, assessment):
            return redirect(assessment)
    sheet = assessment_sheet(assessment)
    form = _decision_form(request, sheet) if may_decide and (request.POST or _is_to_decide(sheet)) else None
    if form and form.is_valid() and (done := saved(form, lambda: _validated(request, pk, form))):
        messages.success(request, told_validated(len(form.decisions())))
        return redirect(done)
    if form and form.errors:
        sheet = assessment_sheet(find_assessment(request, pk))
        form.see(sheet.mark)
    return _shown(request, sheet, form)


def _done_before(request: HttpRequest, assessment: CompanyAssessment) -> bool:
    """Say, for a form sent twice, that what this person asked for is done."""
    if assessment.status != life.VALIDATED or assessment.decided_by != request.user:
        return False
    messages.info(request, "Vous avez déjà validé cette évaluation.")
    return True


def _is_to_decide(sheet: AssessmentSheet) -> bool:
    return sheet.assessment.status in life.TO_DECIDE


def _decision_form(request: HttpRequest, sheet: AssessmentSheet) -> DecisionForm:
    skills = sheet.to_decide
    levels = acquired_by_framework(row.skill.framework_id for row in skills)
    asked_for = reasons_to_give(sheet.assessment, sheet.waiting) if _is_to_decide(sheet) else []
    return DecisionForm(skills, levels, sheet.mark, request.POST or None, asked_for)


def _validated(request: HttpRequest, pk: int, form: DecisionForm) -> CompanyAssessment:
    typed = form.cleaned_data
    return validate_assessment(
        pk,
        form.decisions(),
        request.user,
        seen=typed["seen"],
        reason=typed["decision_reason"],  # type: ignore[arg-type]
    )


def _shown(request: HttpRequest, sheet: AssessmentSheet, form: DecisionForm | None) -> HttpResponse:
    assessment, may = sheet.assessment, request.user.has_perm
    if form:
        sheet.put_fields(form)
    decides = may(TraineePermission.VALIDATE_SKILLS, assessment)
    context = {
        "sheet": sheet, "assessment": assessment, "internship": assessment.internship, "form": form,
        "company": _company(request, assessment),
        "access": respondent_access(sheet.waiting or assessment),
        "may_ask": may(TraineePermission.ASK_ASSESSMENT, assessment), "decides": decides,
        "may_validate": decides and _is_to_decide(sheet),
        "certificate": certificate_in_force(assessment.internship.pathway_id) if decides else None,
    }  # fmt: skip
    refused = form is not None and bool(form.errors)
    return render(request, "trainees/assessments/assessment.html", context, status=UNPROCESSABLE if refused else 200)


@show_or_save
def assessment_later(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Validate a skill of an assessment that is decided already."""
    assessment = find_assessment(request, pk)
    said = skill_left_aside(assessment, number)
    require(request, TraineePermission.VALIDATE_SKILLS, assessment)
    if said is None or assessment.status != life.VALIDATED:
        messages.info(request, "Cette compétence ne se valide pas ici, ou elle l’est déjà.")
        return redirect(assessment)
    form = LaterForm(said, request.POST or None, cancel_url=assessment.get_absolute_url())
    if form.is_valid() and saved(form, lambda: _later(request, pk, number, form)):
        messages.success(request, f"« {said.skill} » est validée.")
        return redirect(assessment)
    return act_page(request, assessment, form, f"Valider « {said.skill} »", f"L’entreprise a dit : {said.level}.")


def _later(request: HttpRequest, pk: int, number: int, form: LaterForm) -> Any:
    typed = form.cleaned_data
    return validate_later(pk, Decision(number, typed["level"].pk, typed["reason"]), request.user)  # type: ignore[arg-type]


@show_or_save
def assessment_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an assessment back to the company with a question."""
    assessment = find_assessment(request, pk)
    require(request, TraineePermission.VALIDATE_SKILLS, assessment)
    sheet = assessment_sheet(assessment)
    form = QuestionForm(sheet.mark, request.POST or None, cancel_url=assessment.get_absolute_url())
    if form.is_valid() and (following := saved(form, lambda: _returned(request, pk, form))):
        messages.success(
            request, f"La question part à {following.respondent}. La version {following.version} l’attend."
        )
        return redirect(assessment)
    text = (
        "L’entreprise reçoit votre question et son évaluation telle qu’elle l’a remplie ; elle la corrige et l’envoie de "
        "nouveau. La version d’aujourd’hui est gardée."
    )
    return act_page(request, assessment, form, "Renvoyer à l’entreprise", text)


def _returned(request: HttpRequest, pk: int, form: QuestionForm) -> CompanyAssessment:
    typed, actor = form.cleaned_data, request.user
    return return_assessment(pk, typed["question"], actor, seen=typed["seen"], due_on=typed["due_on"])  # type: ignore[arg-type]


@show_or_save
def assessment_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the trainee answered, told to somebody of the school."""
    assessment = find_assessment(request, pk)
    require(request, TraineePermission.VALIDATE_SKILLS, assessment)
    sheet = assessment_sheet(assessment)
    if sheet.answer or not _is_to_decide(sheet):
        messages.info(request, "Cette évaluation n’attend pas de réponse du stagiaire.")
        return redirect(assessment)
    said = [line.said for line in sheet.lines if line.said]
    form = AnswerForm(said, request.POST or None, cancel_url=assessment.get_absolute_url())
    if form.is_valid() and saved(form, lambda: _answered(request, pk, form)):
        messages.success(request, "La réponse du stagiaire est enregistrée, avec votre nom.")
        return redirect(assessment)
    text = "Lisez-lui l’évaluation, puis écrivez ce qu’il en dit. Votre nom est gardé avec sa réponse, qui ne changera plus."
    return act_page(request, assessment, form, "Noter la réponse du stagiaire", text)


def _answered(request: HttpRequest, pk: int, form: AnswerForm) -> Any:
    typed = form.cleaned_data
    agrees, actor = typed["agrees"] == "yes", request.user
    return answer_assessment(pk, agrees, typed["words"], form.disagreements(), actor=actor)  # type: ignore[arg-type]


def act_page(request: HttpRequest, assessment: CompanyAssessment, form: Any, title: str, text: str) -> HttpResponse:
    """Show the form of one act on an assessment, under whose it is."""
    context = {
        "assessment": assessment, "internship": assessment.internship, "form": form, "title": title, "text": text,
        "company": _company(request, assessment),
    }  # fmt: skip
    return render(request, "trainees/assessments/act.html", context, status=UNPROCESSABLE if form.errors else 200)


def _company(request: HttpRequest, assessment: CompanyAssessment) -> str:
    return shown_name(assessment.internship.establishment.company, writer=writes_companies(request))
