"""The skills of a pathway that the school validated: add one that it saw itself, withdraw one validated by mistake."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from e2c_portal.kernel.submissions import record_of
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.forms.hosting import ReasonForm
from trainees.forms.skill_decisions import FrameworkChoiceForm, SeenAtSchoolForm
from trainees.models import SkillFramework, SkillValidation
from trainees.operations.skill_decisions import validate_at_school, withdraw_validation
from trainees.permissions import TraineePermission
from trainees.reads.assessment_page import validation_known_to
from trainees.reads.school_validations import certificate_in_force, frameworks_in_force, validations_in
from trainees.views.finding import find_pathway, require, show_or_save

UNPROCESSABLE = 422


@show_or_save
def skills_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is validated of a pathway; a POST adds a skill that the school saw itself."""
    pathway = find_pathway(request, pk)
    require(request, TraineePermission.VIEW_SKILLS)
    may_add = request.user.has_perm(TraineePermission.VALIDATE_SKILLS, pathway)
    if request.method == "POST":
        require(request, TraineePermission.VALIDATE_SKILLS, pathway)
    choice = FrameworkChoiceForm(frameworks_in_force(), request.GET)
    framework = choice.chosen()
    here = _address(pk, framework)
    form = None
    if may_add and framework:
        form = SeenAtSchoolForm(
            pathway, framework, request.POST or None, skill=request.GET.get("competence", ""),
            cancel_url=pathway.trainee.get_absolute_url(),
        )  # fmt: skip
        if record_of(form.sending(), request.user, SkillValidation):  # type: ignore[arg-type]
            return redirect(here)
        added = form.is_valid() and saved(
            form,
            lambda: validate_at_school(form.instance, request.user, sending=form.sending()),  # type: ignore[arg-type]
        )
        if added:
            messages.success(request, f"{added} : cette compétence est validée. Vous pouvez en ajouter une autre.")
            return redirect(here)
    context = {
        "pathway": pathway, "trainee": pathway.trainee, "form": form, "choice": choice, "framework": framework,
        "may_add": may_add, "validations": validations_in(pathway),
        "certificate": certificate_in_force(pathway.pk) if may_add else None,
    }  # fmt: skip
    refused = form is not None and bool(form.errors)
    return render(request, "trainees/assessments/skills_seen.html", context, status=UNPROCESSABLE if refused else 200)


def _address(pk: int, framework: SkillFramework | None) -> str:
    page = reverse("trainees:skills_seen", args=[pk])
    return f"{page}?referentiel={framework.pk}" if framework else page


@show_or_save
def validation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a validation made by mistake, with a reason."""
    validation = validation_known_to(scope_of(request.user), pk)
    if validation is None:
        raise Http404
    require(request, TraineePermission.VALIDATE_SKILLS, validation)
    back = reverse("trainees:skills_seen", args=[validation.pathway_id])
    if said := validation.assessed_skill:
        back = reverse("trainees:assessment", args=[said.assessment_id])
    form = ReasonForm(request.POST or None, submit="Retirer cette validation", cancel_url=back)
    if form.is_valid() and saved(form, lambda: withdraw_validation(pk, form.cleaned_data["reason"], request.user)):  # type: ignore[arg-type]
        messages.success(request, f"La validation de « {validation.skill} » est retirée.")
        return redirect(back)
    context = {
        "validation": validation, "trainee": validation.trainee, "form": form, "back": back,
        "certificate": certificate_in_force(validation.pathway_id),
    }  # fmt: skip
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "trainees/assessments/withdraw.html", context, status=status)
