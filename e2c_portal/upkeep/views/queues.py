"""What waits, is under way or failed: the list, its restart, its giving up, and what the workers do now."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from e2c_portal.kernel.errors import PortalError
from e2c_portal.ui.pages import ShortPaginator
from e2c_portal.ui.refusals import add_refusal
from e2c_portal.upkeep import queues, queues_operations, queues_workers
from e2c_portal.upkeep.permissions import UpkeepPermission
from e2c_portal.upkeep.queues_forms import GiveUpForm, WorkFilter, chosen_keys
from e2c_portal.upkeep.task_words import task_label

PER_PAGE = 50
UNPROCESSABLE = 422
EMPTY = {
    queues.FAILED: "Rien n’a échoué ici", queues.WAITING: "Rien n’attend ici", queues.DOING: "Rien n’est en cours ici",
}  # fmt: skip


def _require(request: HttpRequest, permission: UpkeepPermission) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


@require_safe
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    """Show one sort of things in one state; without a choice, the first sort of which something failed."""
    _require(request, UpkeepPermission.VIEW_WORK)
    numbers = queues.numbers()
    first = next((name for name, states in numbers.items() if states[queues.FAILED]), "travaux")
    asked = WorkFilter(request.GET, default=first)
    page = ShortPaginator(asked.sort.rows(asked.state, asked.words), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "lines": [asked.sort.line(row) for row in page],
        "form": asked,
        "sort": asked.sort,
        "tabs": _tabs(asked, numbers),
        "states": _states(asked, numbers),
        "shown_state": dict(queues.STATES)[asked.state],
        "empty_title": EMPTY[asked.state],
        "messages_kept": asked.state == queues.FAILED and asked.sort.name in ("courriels", "sms"),
        "all_gone": not any(number for states in numbers.values() for number in states.values()),
        "may_restart": asked.state == queues.FAILED and request.user.has_perm(UpkeepPermission.RESTART_WORK),
        "query": {"quoi": asked.sort.name, "etat": asked.state, "q": asked.words},
    }
    return render(request, "upkeep/work.html", context)


def _tabs(asked: WorkFilter, numbers: dict[str, dict[str, int]]) -> list[dict]:
    """One way to each sort, with how many of it failed."""
    return [
        {
            "title": sort.title, "failed": numbers[sort.name][queues.FAILED], "current": sort is asked.sort,
            "query": urlencode({"quoi": sort.name}),
        }
        for sort in queues.SORTS.values()
    ]  # fmt: skip


def _states(asked: WorkFilter, numbers: dict[str, dict[str, int]]) -> list[dict]:
    return [
        {
            "name": state, "title": title, "number": numbers[asked.sort.name][state], "current": state == asked.state,
        }
        for state, title in queues.STATES
    ]  # fmt: skip


@require_safe
@never_cache
def workers(request: HttpRequest) -> HttpResponse:
    """Say which workers answer and what they do: asked after the page, for the queue has a second to answer."""
    _require(request, UpkeepPermission.VIEW_WORK)
    seen = queues_workers.workers_or_none()
    doing = queues_workers.under_way() if seen else []
    lines = [{"title": task_label(one.task), "since": one.since, "worker": one.worker} for one in doing or []]
    context = {"seen": seen, "doing": lines, "now": timezone.localtime(), "embedded": "HX-Request" in request.headers}
    template = "upkeep/fragments/workers.html" if context["embedded"] else "upkeep/workers.html"
    return render(request, template, context)


@require_POST
@never_cache
def restart(request: HttpRequest) -> HttpResponse:
    """Try again one line, or those that are ticked."""
    _require(request, UpkeepPermission.RESTART_WORK)
    name = request.POST.get("quoi", "")
    try:
        outcome = queues_operations.restart(name, chosen_keys(request.POST), request.user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    else:
        if outcome.done:
            messages.success(request, outcome.sentence)
        for sentence in outcome.refusals:
            messages.warning(request, sentence)
    return redirect(f"{reverse('upkeep:work')}?{urlencode({'quoi': name})}")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def give_up(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    """Ask why; leave it undone."""
    _require(request, UpkeepPermission.RESTART_WORK)
    line = queues.failed_line(sort, pk)
    if line is None or not line.may_give_up:
        raise Http404
    back = f"{reverse('upkeep:work')}?{urlencode({'quoi': sort})}"
    form = GiveUpForm(request.POST if request.method == "POST" else None, cancel_url=back)
    if request.method == "POST" and form.is_valid():
        try:
            queues_operations.give_up(sort, pk, request.user, form.cleaned_data["reason"])
        except PortalError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "C’est abandonné : il ne sera plus tenté.")
            return redirect(back)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "upkeep/give_up.html", {"form": form, "line": line, "back": back}, status=status)
