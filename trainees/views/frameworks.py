"""Frameworks of skills: the list of versions, one version by domain, its file, and what a regional officer does with them."""

from collections.abc import Callable
from hashlib import sha256

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import PortalError, Refused
from e2c_portal.ui.refusals import add_refusal
from partnerships.queries import TimelineEntry
from partnerships.views.saving import saved
from trainees.exports.frameworks import FILE_FORMATS, framework_answer, template_answer
from trainees.forms.frameworks import TOO_LARGE, FrameworkFileForm, FrameworkLoadForm, FrameworkSearchForm
from trainees.life.frameworks import DRAFT, PUBLISHED
from trainees.models import SkillFramework
from trainees.operations.frameworks import delete_draft, load_framework, publish_framework, retire_framework
from trainees.permissions import TraineePermission
from trainees.reads.framework_content import FrameworkSaid, said_by
from trainees.reads.framework_files import FileRead, read_framework
from trainees.reads.frameworks import (
    changes_of_draft,
    domains_of,
    forecast_of,
    framework_known,
    frameworks_listed,
    trades_in_words,
    versions_of,
)
from trainees.views.finding import require

PER_PAGE = 25
ERRORS_SHOWN = 100
UNPROCESSABLE = 422
show_or_save = require_http_methods(["GET", "HEAD", "POST"])


def frameworks_on_screen(request: HttpRequest) -> QuerySet[SkillFramework] | None:
    """Return the versions that match, all pages together; None for whoever may not read them."""
    if not request.user.has_perm(TraineePermission.VIEW_FRAMEWORK):
        return None
    words, which = FrameworkSearchForm(request.GET).asked()
    return frameworks_listed(drafts=_loads(request), words=words, which=which)


@require_safe
def framework_list(request: HttpRequest) -> HttpResponse:
    """Show the versions: in force and drafts first asked, closed ones on demand."""
    rows = frameworks_on_screen(request)
    if rows is None:
        raise Http404
    form = FrameworkSearchForm(request.GET or None)
    context = {
        "form": form, "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "chosen": any(request.GET.get(name) for name in ("q", "versions")), "may_load": _loads(request),
    }  # fmt: skip
    return render(request, "trainees/frameworks/list.html", context)


@require_safe
def framework_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a version: its scale, its skills by domain, the other versions, what was done with it."""
    framework = _found(request, pk)
    loads = _loads(request)
    history = [
        TimelineEntry(entry.at, str(entry.actor or "Le portail"), entry.summary) for entry in trail_of(framework)
    ]
    context = {
        "framework": framework, "domains": domains_of(framework), "levels": list(framework.levels.all()),
        "trades": trades_in_words(framework.rome_codes), "versions": versions_of(framework, drafts=loads),
        "may_load": loads, "is_draft": framework.status == DRAFT, "in_force": framework.status == PUBLISHED,
        "draft_changes": changes_of_draft(framework), "history": history,
        "may_read_figures": request.user.has_perm(TraineePermission.VIEW_SKILL_FIGURES),
    }  # fmt: skip
    return render(request, "trainees/frameworks/page.html", context)


@require_safe
def framework_file(request: HttpRequest, pk: int, extension: str) -> HttpResponseBase:
    """Give a version as the file that would load it."""
    framework = _found(request, pk)
    if extension not in FILE_FORMATS:
        raise Http404
    return framework_answer(said_by(framework), framework.version, extension)


@require_safe
def framework_template(request: HttpRequest) -> HttpResponseBase:
    """Give the file to fill in."""
    _require_loading(request)
    return template_answer()


@show_or_save
def framework_load(request: HttpRequest) -> HttpResponse:
    """Read a file and show what it would make; then load what was shown as a draft."""
    _require_loading(request)
    if "content" in request.POST:
        return _load_what_was_shown(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FrameworkFileForm(*posted)
    read = _read(request, form) if request.method == "POST" else None
    if read and read.said:
        mark = sha256(_bytes_of(form)).hexdigest()
        return _show_forecast(request, FrameworkLoadForm(said=read.said, sha256=mark), read.said)
    errors = read.errors if read else []
    context = {"form": form, "errors": errors[:ERRORS_SHOWN], "error_count": len(errors)}
    status = UNPROCESSABLE if form.errors or errors else 200
    return render(request, "trainees/frameworks/load.html", context, status=status)


def _bytes_of(form: FrameworkFileForm) -> bytes:
    file = form.cleaned_data["file"]
    file.seek(0)
    return file.read()


def _read(request: HttpRequest, form: FrameworkFileForm) -> FileRead | None:
    if getattr(request, "upload_too_large", False):
        form.errors.clear()
        form.add_error("file", TOO_LARGE)
    if not form.is_valid():
        return None
    try:
        return read_framework(form.cleaned_data["file"])
    except Refused as refusal:
        add_refusal(form, refusal)
    return None


def _load_what_was_shown(request: HttpRequest) -> HttpResponse:
    form = FrameworkLoadForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors.get("content", [])))
        return redirect("trainees:framework_load")
    said, mark = form.cleaned_data["content"]
    made = saved(form, lambda: load_framework(said, request.user, sha256=mark, sending=form.sending()))
    if made is None:
        return _show_forecast(request, form, said)
    messages.success(request, "Le brouillon est chargé. Relisez-le, puis mettez-le en vigueur.")
    return redirect(made)


def _show_forecast(request: HttpRequest, form: FrameworkLoadForm, said: FrameworkSaid) -> HttpResponse:
    forecast = forecast_of(said)
    context = {"form": form, "said": said, "forecast": forecast, "trades": trades_in_words(said.rome_codes)}
    refused = bool(forecast.obstacle or form.errors)
    return render(request, "trainees/frameworks/forecast.html", context, status=UNPROCESSABLE if refused else 200)


@show_or_save
def framework_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft in force, once what it does is read."""
    return _act(
        request, pk, DRAFT, "Mettre en vigueur", publish_framework,
        "Les stages à venir pourront prévoir ses compétences. Son texte ne changera plus. La version qu’il remplace se ferme au "
        "même instant ; les stages qui la prévoient, et leurs évaluations, la gardent.",
    )  # fmt: skip


@show_or_save
def framework_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a version in force."""
    return _act(
        request, pk, PUBLISHED, "Fermer", retire_framework,
        "Aucun nouveau stage ne pourra prévoir ses compétences. Ceux qui les prévoient déjà, et leurs évaluations, les gardent. "
        "Une version fermée ne se rouvre pas : pour la reprendre, chargez son fichier.",
    )  # fmt: skip


@show_or_save
def framework_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    return _act(
        request, pk, DRAFT, "Supprimer le brouillon", delete_draft,
        "Personne ne s’en est servi : il disparaît. Le fichier, lui, reste chez vous.",
    )  # fmt: skip


def _act(
    request: HttpRequest, pk: int, expected: str, label: str, operation: Callable[..., object], consequence: str
) -> HttpResponse:
    """Show what an act does on GET; do it on POST."""
    framework = _found(request, pk)
    require(request, TraineePermission.LOAD_FRAMEWORK)
    if request.method != "POST" and framework.status == expected:
        context = {
            "framework": framework,
            "label": label,
            "consequence": consequence,
            "danger": expected == PUBLISHED or operation is delete_draft,
        }
        return render(request, "trainees/frameworks/act.html", context)
    if request.method != "POST":
        return redirect(framework)
    try:
        operation(framework.pk, request.user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
        return redirect("trainees:frameworks")
    messages.success(request, f"C’est fait : {label.lower()}, {framework}.")
    return redirect("trainees:frameworks") if operation is delete_draft else redirect(framework)


def _found(request: HttpRequest, pk: int) -> SkillFramework:
    if not request.user.has_perm(TraineePermission.VIEW_FRAMEWORK):
        raise Http404
    framework = framework_known(pk, drafts=_loads(request))
    if framework is None:
        raise Http404
    return framework


def _loads(request: HttpRequest) -> bool:
    return request.user.has_perm(TraineePermission.LOAD_FRAMEWORK)


def _require_loading(request: HttpRequest) -> None:
    if not request.user.has_perm(TraineePermission.VIEW_FRAMEWORK):
        raise Http404
    if not _loads(request):
        raise PermissionDenied
