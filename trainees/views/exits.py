"""After a pathway: the exit, and the follow-ups at 3, 6, 9 and 12 months."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from e2c_portal.kernel.french import of_name
from e2c_portal.ui.pages import ShortPaginator
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.forms.exits import ExitForm, FollowUpForm
from trainees.forms.follow_ups import FollowUpSearchForm
from trainees.law.exits import rule_in_words
from trainees.law.limits import Limit
from trainees.life.pathways import ENDED
from trainees.models import Exit, FollowUp
from trainees.models.parameters import rule_on
from trainees.operations.exits import answer_follow_up, record_exit
from trainees.permissions import TraineePermission
from trainees.reads.follow_ups import follow_up_known_to, follow_ups_due
from trainees.reads.visible import own_schools
from trainees.views.finding import find_pathway, require, show_or_save
from trainees.views.people import act_page

PER_PAGE = 25


@show_or_save
def pathway_exit(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what an ended pathway led to; the rule that says whether it is positive is printed beside."""
    pathway = find_pathway(request, pk)
    require(request, TraineePermission.CHANGE_TRAINEE, pathway.trainee)
    if pathway.status not in ENDED or pathway.ended_on is None:
        raise Http404
    row = getattr(pathway, "exit", None) or Exit(pathway=pathway)
    form = ExitForm(request.POST or None, exit_row=row, cancel_url=pathway.get_absolute_url())
    if form.is_valid() and (
        made := saved(form, lambda: record_exit(pathway.pk, form.facts(), form.seen(), request.user))
    ):
        counted = "comptée comme positive" if made.positive else "qui n’est pas comptée comme positive"
        messages.success(request, f"La sortie est enregistrée : une sortie {counted}.")
        return redirect(pathway)
    rule = rule_on(Limit.POSITIVE_CONTRACT_DAYS, pathway.ended_on)
    return act_page(request, pathway.trainee, form, "Sortie", lead=rule_in_words(rule.printed, rule.source))


def follow_ups_on_screen(request: HttpRequest) -> QuerySet[FollowUp] | None:
    """Return the follow-ups to do that match what is asked; None for whoever may not read them."""
    scope = scope_of(request.user)
    if scope.empty or not request.user.has_perm(TraineePermission.VIEW_TRAINEE):
        return None
    form = _search(request)
    return follow_ups_due(scope, timezone.localdate(), school_id=form.school_id(), late_only=form.late_only())


@require_safe
def follow_up_list(request: HttpRequest) -> HttpResponse:
    """Show the calls to make, the longest due first."""
    rows = follow_ups_on_screen(request)
    if rows is None:
        raise Http404
    paginator: Paginator = ShortPaginator(rows, PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    today = timezone.localdate()
    for row in page:
        row.late = row.due_on < today
        row.may_answer = request.user.has_perm(TraineePermission.CHANGE_TRAINEE, row.pathway.trainee)
    form = _search(request)
    context = {
        "form": form,
        "page_obj": page,
        "several_schools": "ecole" in form.fields,
        "has_more": paginator.has_more,
    }
    return render(request, "trainees/follow_ups.html", context)


@show_or_save
def follow_up_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what the person said, or correct it."""
    follow_up = follow_up_known_to(scope_of(request.user), pk)
    if follow_up is None:
        raise Http404
    trainee = follow_up.pathway.trainee
    require(request, TraineePermission.CHANGE_TRAINEE, trainee)
    form = FollowUpForm(request.POST or None, follow_up=follow_up, cancel_url=follow_up.pathway.get_absolute_url())
    if form.is_valid() and saved(
        form, lambda: answer_follow_up(pk, form.facts(), form.cleaned_data["seen_done_on"], request.user)
    ):
        messages.success(request, f"Le suivi à {follow_up.months} mois {of_name(str(trainee))} est noté.")
        return redirect("trainees:follow_ups")
    reach = " ou ".join(filter(None, (trainee.phone, trainee.email))) or "aucune coordonnée connue"
    lead = f"Prévu le {follow_up.due_on:%d/%m/%Y}. Pour joindre la personne : {reach}."
    return act_page(request, trainee, form, f"Suivi à {follow_up.months} mois", lead=lead)


def _search(request: HttpRequest) -> FollowUpSearchForm:
    scope = scope_of(request.user)
    schools = own_schools(scope) if scope.whole_network or len(scope.school_ids) > 1 else []
    return FollowUpSearchForm(request.GET, schools=schools)
