"""Editions seen by those who prepare them and by the schools: the list, the page of preparation, its acts."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assises.forms.editions import CopyForm, EditionForm, QuotaForm
from assises.life.editions import ANNOUNCED, CLOSE, DRAFT, EDITION_LIFE
from assises.models import Edition
from assises.operations.editions import change_edition, copy_edition, create_edition, move_edition, set_quotas
from assises.permissions import AssisesPermission
from assises.reads.editions import edition_of, editions, last_edition, quotas_of, situation_of
from assises.reads.programme import last_version, lines_of, oddities_of, rooms_of, sessions_of
from assises.sheets.registrations import panel_of
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.submissions import record_of
from e2c_portal.kernel.workflow import MoveChoice
from partnerships.ceremony_queries import ceremonies_visible_to
from partnerships.ceremony_sheet import ceremony_sheet
from partnerships.views.saving import saved
from schools.scope import scope_of

PER_PAGE = 25
UNPROCESSABLE = 422
show_or_save = require_http_methods(["GET", "HEAD", "POST"])


def edition_list(request: HttpRequest) -> HttpResponse:
    """Show every edition to those who work in the network."""
    rows = editions_on_screen(request)
    if rows is None:
        raise Http404
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for edition in page:
        edition.where = situation_of(edition)
    context = {"page_obj": page, "may_prepare": may_prepare(request), "source": last_edition()}
    return render(request, "assises/list.html", context)


def editions_on_screen(request: HttpRequest) -> QuerySet[Edition] | None:
    """Return the editions, all pages together; None for whoever may not read them."""
    return editions() if request.user.has_perm(AssisesPermission.VIEW_EDITION) else None


@require_safe
def edition_page(request: HttpRequest, year: int) -> HttpResponse:
    """Show how far an edition is: what is missing, its programme, its rooms, its quotas, its ceremony, its trace."""
    edition = find_edition(request, year)
    prepares = may_prepare(request)
    sessions = list(sessions_of(edition))
    oddities, version = oddities_of(edition, sessions), last_version(edition)
    context = {
        "edition": edition, "where": situation_of(edition), "prepares": prepares, "sessions": sessions,
        "rooms": list(rooms_of(edition)), "quotas": quotas_of(edition), "oddities": oddities,
        "odd_sentences": [oddity.sentence for oddity in oddities],
        "version": version, "to_publish": bool(sessions) and (version is None or version.content != lines_of(sessions)),
        "choices": acts_of(edition, request),
        "trail": trail_of(edition)[:20] if prepares else [],
        "follows_door": request.user.has_perm(AssisesPermission.VIEW_DOOR),
        "ceremony": ceremony_sheet(edition.ceremony) if edition.ceremony else None,
        "registrations": panel_of(edition, request.user),
        "may_have_ceremony": edition.status in (DRAFT, ANNOUNCED) and edition.held_on >= timezone.localdate(),
    }  # fmt: skip
    return render(request, "assises/edition.html", context)


def acts_of(edition: Edition, request: HttpRequest) -> list[MoveChoice]:
    """Return what this person may do of an edition; closing it is done from its report."""
    return [
        choice for choice in EDITION_LIFE.choices(edition, edition.status, request.user) if choice.move.name != CLOSE
    ]


@show_or_save
def edition_new(request: HttpRequest) -> HttpResponse:
    """Write a new edition from nothing."""
    require_preparing(request)
    form = _edition_form(request, Edition(year=timezone.localdate().year), reverse("assises:index"))
    if sent_before := record_of(form.sending(), request.user, Edition):
        return redirect(sent_before)
    if form.is_valid() and (
        made := saved(form, lambda: create_edition(form.instance, request.user, sending=form.sending()))
    ):
        messages.success(request, "L’édition est créée. Préparez maintenant ses salles et son programme.")
        return redirect(made)
    return act(request, None, form, "Préparer une édition")


@show_or_save
def edition_copy(request: HttpRequest, year: int) -> HttpResponse:
    """Prepare a new edition from another one."""
    require_preparing(request)
    source = find_edition(request, year)
    initial = {
        "name": source.name,
        "held_on": source.held_on.replace(year=source.year + 1, day=min(source.held_on.day, 28)),
    }
    form = CopyForm(request.POST or None, cancel_url=reverse("assises:index"), initial=initial)
    if sent_before := record_of(form.sending(), request.user, Edition):
        return redirect(sent_before)
    if form.is_valid() and (made := saved(form, lambda: _copied(form, source, request))):
        messages.success(
            request, "L’édition est préparée d’après la précédente. Les intervenants sont à choisir de nouveau."
        )
        return redirect(made)
    return act(request, source, form, f"Reprendre l’édition {source.year}")


def _copied(form: CopyForm, source: Edition, request: HttpRequest) -> Edition:
    typed = form.cleaned_data
    user: Any = request.user
    return copy_edition(source.pk, typed["name"], typed["held_on"], user, sending=form.sending())


@show_or_save
def edition_change(request: HttpRequest, year: int) -> HttpResponse:
    """Change an edition."""
    require_preparing(request)
    edition = find_edition(request, year)
    form = _edition_form(request, edition, edition.get_absolute_url())
    if form.is_valid() and saved(form, lambda: change_edition(form.instance, form.seen(), request.user)):
        messages.success(request, "L’édition est enregistrée.")
        return redirect(form.instance)
    return act(request, edition, form, "Modifier l’édition")


def _edition_form(request: HttpRequest, edition: Edition, cancel_url: str) -> EditionForm:
    free = Q(edition=None) | Q(edition=edition) if edition.pk else Q(edition=None)
    ceremonies = ceremonies_visible_to(scope_of(request.user)).filter(free)
    return EditionForm(edition, request.POST or None, cancel_url=cancel_url, ceremonies=ceremonies)


@show_or_save
def quotas(request: HttpRequest, year: int) -> HttpResponse:
    """Say how many people of each category are welcomed."""
    require_preparing(request)
    edition = find_edition(request, year)
    form = QuotaForm(quotas_of(edition), request.POST or None, cancel_url=edition.get_absolute_url())
    if form.is_valid() and saved(form, lambda: (set_quotas(edition.pk, form.cleaned_data, request.user), True)):
        messages.success(request, "Les quotas sont enregistrés.")
        return redirect(edition)
    return act(request, edition, form, "Quotas par catégorie")


@require_POST
def edition_move(request: HttpRequest, year: int, move: str) -> HttpResponse:
    """Announce, withdraw or cancel an edition."""
    require_preparing(request)
    edition = find_edition(request, year)
    user: Any = request.user
    try:
        moved = move_edition(edition.pk, move, user, request.POST.get("reason", ""), request.POST.get("seen"))
    except PortalError as refusal:
        return _move_refused(request, edition, move, [refusal.message, *refusal.details])
    messages.success(request, f"« {moved.name} » : {moved.state.label.lower()}. {moved.state.meaning}")
    return redirect(edition)


def _move_refused(request: HttpRequest, edition: Edition, move: str, sentences: list[str]) -> HttpResponse:
    """Say why an edition did not move, with the act to try again and the reason as it was typed."""
    edition.refresh_from_db()
    choices = [choice for choice in acts_of(edition, request) if choice.move.name == move]
    context = {
        "edition": edition, "choices": choices, "sentences": sentences, "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "assises/edition_refused.html", context, status=UNPROCESSABLE)


def find_edition(request: HttpRequest, year: int) -> Edition:
    """Return the edition of a year for whoever may read it. Raises Http404."""
    edition = edition_of(year) if request.user.has_perm(AssisesPermission.VIEW_EDITION) else None
    if edition is None:
        raise Http404
    return edition


def may_prepare(request: HttpRequest) -> bool:
    return request.user.has_perm(AssisesPermission.PREPARE_EDITION)


def require_preparing(request: HttpRequest) -> None:
    """Raise PermissionDenied unless this person prepares the Assises, Http404 for whoever may not even read them."""
    if not request.user.has_perm(AssisesPermission.VIEW_EDITION):
        raise Http404
    if not may_prepare(request):
        raise PermissionDenied


def act(request: HttpRequest, edition: Edition | None, form: Any, title: str, **more: Any) -> HttpResponse:
    """Show one form of an edition."""
    context = {"edition": edition, "form": form, "title": title, **more}
    return render(request, "assises/act.html", context, status=UNPROCESSABLE if form.errors else 200)
