"""The campaign of assessments: what is late, what waits, what is decided; several companies reminded at once; the list as a file."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from e2c_portal.exports.lists import Listing, register
from e2c_portal.kernel.french import counted
from e2c_portal.ui.pages import ShortPaginator
from schools.scope import scope_of
from trainees.exports.assessments import ASSESSMENT_COLUMNS
from trainees.forms.skill_decisions import CampaignForm
from trainees.models import CompanyAssessment
from trainees.operations.assessment_campaign import remind_companies
from trainees.permissions import TraineePermission
from trainees.reads.assessment_list import LATE, TABS, UNDER_WAY, assessments_listed, assessments_named
from trainees.sheets.assessment_list import lines_of, tabs_of
from trainees.views.finding import require
from trainees.views.hosts import writes_companies

PER_PAGE = 25
LIST = "evaluations-entreprise"
REFUSALS_SHOWN = 10


def assessments_on_screen(request: HttpRequest) -> QuerySet[CompanyAssessment] | None:
    """Return the assessments that match what is asked, all pages together; None for whoever may not read them."""
    scope = scope_of(request.user)
    if scope.empty or not request.user.has_perm(TraineePermission.VIEW_SKILLS):
        return None
    return assessments_listed(scope, CampaignForm(request.GET, scope).asking())


@require_safe
def campaign(request: HttpRequest) -> HttpResponse:
    """Show the assessments that match, the most urgent first."""
    scope = scope_of(request.user)
    if scope.empty or not request.user.has_perm(TraineePermission.VIEW_SKILLS):
        raise Http404
    form = CampaignForm(request.GET, scope)
    asking = form.asking()
    page = ShortPaginator(assessments_listed(scope, asking), PER_PAGE, in_order=True).get_page(request.GET.get("page"))
    may_ask = request.user.has_perm(TraineePermission.ASK_ASSESSMENT)
    lines = lines_of(page.object_list, timezone.localdate(), writer=writes_companies(request))
    context = {
        "form": form, "page_obj": page, "tab": TABS[asking.tab], "narrowed": bool(asking.words or asking.school_id),
        "lines": lines, "tabs": tabs_of(scope, asking.school_id, asking.tab, request.GET),
        "needs_a_school": asking.needs_a_school(scope), "tab_name": asking.tab,
        "may_remind": may_ask and asking.tab in (LATE, UNDER_WAY) and any(line.late for line in lines),
    }  # fmt: skip
    return render(request, "trainees/assessments/campaign.html", context)


@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Ask the companies chosen again for what they owe."""
    require(request, TraineePermission.ASK_ASSESSMENT)
    numbers = [int(text) for text in request.POST.getlist("evaluation") if text.isdecimal() and len(text) < 19]
    rows = assessments_named(scope_of(request.user), numbers)
    if not rows:
        messages.warning(request, "Cochez d’abord les évaluations à relancer.")
    else:
        told = remind_companies(rows, request.user)  # type: ignore[arg-type]
        if told.sent:
            messages.success(request, f"{counted(told.sent, 'entreprise relancée', 'entreprises relancées')}.")
        for refusal in told.refused[:REFUSALS_SHOWN]:
            messages.warning(request, refusal)
        if hidden := told.refused[REFUSALS_SHOWN:]:
            messages.warning(
                request, f"Et {counted(len(hidden), 'autre relance refusée', 'autres relances refusées')}."
            )
    return redirect(f"{reverse('trainees:assessments')}?onglet={LATE}")


def register_list() -> None:
    """Register the list as a file."""
    register(Listing(LIST, "Évaluations en entreprise", ASSESSMENT_COLUMNS, assessments_on_screen))
