"""Finding a host: the search, the page of one host, its profile, and the choice of a trainee to place there."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from e2c_portal.ui.pages import ShortPaginator
from partnerships.diffusion import shown_name
from partnerships.models import Establishment
from partnerships.permissions import PartnershipPermission
from partnerships.views.saving import saved
from schools.scope import Scope, scope_of
from trainees.forms.hosting import HostSearchForm, ProfileForm
from trainees.operations.hosting import save_profile
from trainees.permissions import TraineePermission
from trainees.reads.approaches import pathways_without_internship
from trainees.reads.hosts import (
    DISTANCE,
    HostsWanted,
    establishments_visible_to,
    first_hosts,
    host_known_to,
    hosts_found,
    profile_of,
    with_welcomes,
)
from trainees.reads.references import SHOWN, commune_of_site, communes_matching, trades_matching
from trainees.sheets.hosts import host_rows, host_sheet

PER_PAGE = 25
TRAINEES_PER_PAGE = 50
USUAL_RADIUS_KM = 30
UNPROCESSABLE = 422
show_or_save = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def host_list(request: HttpRequest) -> HttpResponse:
    """Show the hosts that match, near my school first when nothing was asked yet."""
    scope = searching_scope(request)
    form, wanted = _searched(request, scope)
    writer = writes_companies(request)
    page = _pages(scope, wanted, writer=writer).get_page(request.GET.get("page"))
    rows = host_rows(list(page), scope, writer=writer)
    context = {
        "form": form, "page_obj": page, "rows": rows, "understood": wanted is not None,
        "asked": bool(set(request.GET) - {"page"}), "may_write": request.user.has_perm(TraineePermission.WRITE_APPROACH),
    }  # fmt: skip
    return render(request, "trainees/hosts.html", context, status=200)


def _pages(scope: Scope, wanted: HostsWanted | None, *, writer: bool) -> ShortPaginator:
    if wanted is None:
        return ShortPaginator(establishments_visible_to(Scope()), PER_PAGE)
    hosts = hosts_found(scope, wanted, writer=writer)
    return ShortPaginator(hosts, PER_PAGE, first=lambda top: first_hosts(scope, wanted, hosts, top))


def hosts_on_screen(request: HttpRequest) -> QuerySet[Establishment] | None:
    """Return the hosts that match, all pages together, with their counts; None for whoever may not search."""
    scope = scope_of(request.user)
    if scope.empty:
        return None
    wanted = _searched(request, scope)[1]
    return with_welcomes(hosts_found(scope, wanted, writer=writes_companies(request)), scope) if wanted else None


def _searched(request: HttpRequest, scope: Scope) -> tuple[HostSearchForm, HostsWanted | None]:
    form = HostSearchForm(_asked(request, scope))
    return form, form.wanted()


def _asked(request: HttpRequest, scope: Scope) -> QueryDict:
    """Return what was asked; the first time, what is near the site of one’s school."""
    asked = request.GET.copy()
    if not set(asked) - {"page"} and (commune := commune_of_site(scope)):
        asked["commune"], asked["tri"] = str(commune), DISTANCE
    if not asked.get("rayon"):
        asked["rayon"] = str(USUAL_RADIUS_KM)
    return asked


@require_safe
def host_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all that my school knows of a host, and the one thing to do next: prepare an internship there."""
    host = find_host(request, pk)
    scope = scope_of(request.user)
    may = request.user.has_perm
    sheet = host_sheet(host, scope, writer=writes_companies(request))
    context = {
        "host": host, "sheet": sheet, "own_school": bool(scope.school_ids),
        "may_write": may(TraineePermission.WRITE_APPROACH), "may_offer": may(TraineePermission.WRITE_OFFER),
        "may_place": may(TraineePermission.WRITE_INTERNSHIP) and host.closed_on is None,
        "minors": {"yes": "Oui", "no": "Non"}.get(sheet.profile.takes_minors, ""),
    }  # fmt: skip
    return render(request, "trainees/host.html", context)


@show_or_save
def host_profile(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the schools know of a host."""
    host = find_host(request, pk)
    require(request, TraineePermission.WRITE_APPROACH)
    here = reverse("trainees:host", args=[host.pk])
    form = ProfileForm(profile_of(host), request.POST or None, cancel_url=here)
    if form.is_valid():
        trades = form.cleaned_data["trades"]
        if saved(
            form, lambda: save_profile(form.instance, trades, form.cleaned_data.get("revision_seen"), request.user)
        ):
            messages.success(request, "La fiche d’accueil est enregistrée.")
            return redirect(here)
    return host_act(request, host, form, "Fiche d’accueil")


@require_safe
def host_internship(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose who goes there, among the trainees who have no internship today nor later."""
    host = find_host(request, pk)
    require(request, TraineePermission.WRITE_INTERNSHIP)
    if host.closed_on:
        raise Http404
    free = pathways_without_internship(scope_of(request.user))
    page = Paginator(free, TRAINEES_PER_PAGE).get_page(request.GET.get("page"))
    name = shown_name(host.company, writer=writes_companies(request))
    asked = request.GET.get("offre", "")[:15]
    context = {"host": host, "name": name, "page_obj": page, "offer": asked if asked.isdecimal() else ""}
    return render(request, "trainees/host_internship.html", context)


@require_safe
def trade_suggestions(request: HttpRequest) -> HttpResponse:
    """Answer the trades that hold what is being typed."""
    searching_scope(request)
    words = request.GET.get("metier") or request.GET.get("trade") or ""
    return render(request, "trainees/fragments/suggestions.html", {"rows": trades_matching(words[:100])[:SHOWN]})


@require_safe
def commune_suggestions(request: HttpRequest) -> HttpResponse:
    """Answer the communes that begin like what is being typed."""
    searching_scope(request)
    words = request.GET.get("commune", "")[:100]
    return render(request, "trainees/fragments/suggestions.html", {"rows": communes_matching(words)[:SHOWN]})


def find_host(request: HttpRequest, pk: int) -> Establishment:
    """Return the establishment of that number; 404 for whoever may not search hosts."""
    host = host_known_to(searching_scope(request), pk)
    if host is None:
        raise Http404
    return host


def searching_scope(request: HttpRequest) -> Scope:
    """Return the scope of somebody who may search hosts; 404 for a stranger to the network."""
    if not request.user.has_perm(TraineePermission.SEARCH_HOSTS):
        raise Http404
    return scope_of(request.user)


def host_act(request: HttpRequest, host: Establishment, form: object, title: str) -> HttpResponse:
    """Show a form about a host; one that was refused answers 422."""
    name = shown_name(host.company, writer=writes_companies(request))
    context = {"host": host, "name": name, "form": form, "title": title}
    refused = bool(getattr(form, "errors", None))
    return render(request, "trainees/host_act.html", context, status=UNPROCESSABLE if refused else 200)


def writes_companies(request: HttpRequest) -> bool:
    """Say whether this person reads names that partial diffusion hides."""
    return request.user.has_perm(PartnershipPermission.CHANGE_COMPANY)


def require(request: HttpRequest, permission: str, row: object = None) -> None:
    """Refuse with 403 whoever sees the page but may not do this."""
    may = request.user.has_perm(permission) if row is None else request.user.has_perm(permission, row)
    if not may:
        raise PermissionDenied
