"""Choose the skills that an internship is meant to train."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from e2c_portal.kernel.errors import Overtaken, PortalError
from e2c_portal.kernel.french import counted
from e2c_portal.ui.refusals import add_refusal, refusal_of_database
from trainees.forms.planned_skills import PlannedSkillsForm
from trainees.models import Internship
from trainees.models.assessments import MOST_PLANNED
from trainees.operations.planned_skills import TOLD_ALREADY, plan_skills
from trainees.permissions import TraineePermission
from trainees.reads.planned_skills import answer_was_sent, last_plan_like, offers_for, planned_of
from trainees.views.finding import require, show_or_save
from trainees.views.internships import find_internship

UNPROCESSABLE = 422


@show_or_save
def internship_skills(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what may be planned, those of the trade first; keep what is ticked."""
    internship = find_internship(request, pk)
    require(request, TraineePermission.PLAN_SKILLS, internship)
    if answer_was_sent(internship):
        messages.warning(request, TOLD_ALREADY)
        return redirect(internship)
    planned = [row.skill_id for row in planned_of(internship)]
    taken_again = [] if planned or request.method == "POST" else last_plan_like(internship)
    form = PlannedSkillsForm(
        internship, request.POST if request.method == "POST" else None, ticked=planned or taken_again, planned=planned
    )
    if form.is_valid() and not form.searches and (kept := _save(request, form, internship)) is not None:
        messages.success(request, f"C’est enregistré : {counted(kept, 'compétence prévue', 'compétences prévues')}.")
        return redirect(internship)
    ticked = form.ticked()
    offers, is_cut = offers_for(internship, form.wanted(), [skill.pk for skill in ticked])
    context = {
        "internship": internship, "form": form, "ticked": ticked, "offers": offers, "is_cut": is_cut,
        "most": MOST_PLANNED, "taken_again": bool(taken_again), "searched": form.wanted(),
    }  # fmt: skip
    return render(request, "trainees/frameworks/plan.html", context, status=UNPROCESSABLE if form.errors else 200)


def _save(request: HttpRequest, form: PlannedSkillsForm, internship: Internship) -> int | None:
    """Return how many skills are planned now; None when it is refused, and the form then says why."""
    chosen = [skill.pk for skill in form.cleaned_data["skills"]]
    try:
        plan_skills(internship.pk, chosen, request.user, seen=form.seen_skills())
    except PortalError as refusal:
        add_refusal(form, refusal)
        if isinstance(refusal, Overtaken):
            form.see_now([row.skill_id for row in planned_of(internship)])
        return None
    except IntegrityError as error:
        add_refusal(form, refusal_of_database(error))
        return None
    return len(chosen)
