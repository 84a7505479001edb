"""Accidents: the list with its alert, the file with its clock, the declaration."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from e2c_portal.documents import storage
from e2c_portal.documents.received_files import ENDINGS
from e2c_portal.documents.views.handing_over import file_response
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.submissions import record_of
from e2c_portal.ui.refusals import note_too_large
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.forms.accidents import AccidentForm, AccidentSearchForm, DeclarationForm, PassOnForm
from trainees.forms.attendance import ReasonForm
from trainees.models import AccidentReport, Pathway
from trainees.operations.accidents import (
    declare_accident,
    open_accident,
    pass_on_accident,
    revise_accident,
    set_accident_aside,
    take_accident_again,
    trace_reading,
)
from trainees.permissions import TraineePermission
from trainees.reads.accidents import (
    accident_known_to,
    accidents_searched,
    clock_of,
    latest_pathway,
    overdue_accidents,
    stays_of,
    victims_searched,
)
from trainees.reads.visible import trainee_known_to

PER_PAGE = 25
UNPROCESSABLE = 422
show_or_save = require_http_methods(["GET", "HEAD", "POST"])


def accidents_on_screen(request: HttpRequest) -> QuerySet[AccidentReport] | None:
    """Return the accidents that match, all pages together; None for whoever may not read them."""
    if not request.user.has_perm(TraineePermission.VIEW_ACCIDENT):
        return None
    form = AccidentSearchForm(request.GET)
    return accidents_searched(scope_of(request.user), form.words, form.status)


@require_safe
def accident_list(request: HttpRequest) -> HttpResponse:
    """Show the accidents that match, with the alert of those that are late."""
    rows, now = accidents_on_screen(request), timezone.now()
    if rows is None:
        raise Http404
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.clock = clock_of(row, now)
    context = {
        "form": AccidentSearchForm(request.GET), "page_obj": page, "overdue": overdue_accidents(scope_of(request.user)),
        "may_write": request.user.has_perm(TraineePermission.WRITE_ACCIDENT),
    }  # fmt: skip
    return render(request, "trainees/accidents/list.html", context)


@show_or_save
def accident_new(request: HttpRequest) -> HttpResponse:
    """Choose whose accident it is, then write its file."""
    if not request.user.has_perm(TraineePermission.WRITE_ACCIDENT):
        raise PermissionDenied
    pathway = _pathway(request)
    if pathway is None:
        words = request.GET.get("q", "").strip()
        found = victims_searched(scope_of(request.user), words) if words else []
        return render(request, "trainees/accidents/choose.html", {"words": words, "found": found})
    if not request.user.has_perm(TraineePermission.WRITE_ACCIDENT, pathway):
        raise PermissionDenied
    form = _form(request, pathway, AccidentReport(pathway=pathway, school=pathway.school, trainee=pathway.trainee))
    if sent_before := record_of(form.sending(), request.user, AccidentReport):
        return redirect(sent_before)
    if form.is_valid():
        accident = form.save(commit=False)
        if made := saved(form, lambda: open_accident(accident, request.user, sending=form.sending())):
            messages.success(request, "Le dossier est ouvert. Le délai de déclaration court.")
            return redirect(made)
    context = {"form": form, "pathway": pathway, "accident": None}
    return render(request, "trainees/accidents/form.html", context, status=UNPROCESSABLE if form.errors else 200)


@show_or_save
def accident_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the facts of an accident that is not declared yet."""
    found = _writable(request, pk)
    if not found.is_open:
        messages.info(request, "Cet accident est déclaré ou classé : son dossier ne change plus.")
        return redirect(found)
    if request.method == "GET":
        trace_reading(found, request.user)
    form = _form(request, found.pathway, found)
    if form.is_valid() and saved(form, lambda: revise_accident(form.save(commit=False), form.seen(), request.user)):
        messages.success(request, "Le dossier est corrigé.")
        return redirect(reverse("trainees:accident", args=[pk]))
    context = {"form": form, "pathway": found.pathway, "accident": found}
    return render(request, "trainees/accidents/form.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_safe
@never_cache
def accident(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the file of an accident and its clock. What happened to the person is read by the team of the school alone."""
    found = accident_known_to(scope_of(request.user), pk)
    if found is None:
        raise Http404
    may_write = request.user.has_perm(TraineePermission.WRITE_ACCIDENT, found)
    if may_write and request.method == "GET":
        trace_reading(found, request.user)
    context = {"accident": found, "clock": clock_of(found, timezone.now()), "may_write": may_write}
    return render(request, "trainees/accidents/accident.html", context)


@show_or_save
def accident_declare(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the declaration, with its reference and its receipt."""
    found = _writable(request, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = DeclarationForm(*sent, cancel_url=found.get_absolute_url())
    note_too_large(form, request, "proof")
    if form.is_valid():
        typed = form.cleaned_data
        operation = lambda: declare_accident(pk, typed["declared_at"], typed["reference"], form.upload(), request.user)  # noqa: E731
        if saved(form, operation):
            messages.success(request, "La déclaration est enregistrée.")
            return redirect(found)
    return _act(request, found, form, "Enregistrer la déclaration")


@show_or_save
def accident_pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the accident of a PMSMP was passed on to the prescribing structure."""
    found = _writable(request, pk)
    structure = found.internship.prescribing_structure if found.internship else ""
    sent = (request.POST,) if request.method == "POST" else ()
    form = PassOnForm(*sent, structure=structure, cancel_url=found.get_absolute_url())
    if form.is_valid():
        typed = form.cleaned_data
        if saved(form, lambda: pass_on_accident(pk, typed["to"], typed["at"], request.user)):
            messages.success(request, "La transmission est enregistrée.")
            return redirect(found)
    return _act(request, found, form, "Transmettre l’accident")


@show_or_save
def accident_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a file that calls for no declaration."""
    found = _writable(request, pk)
    form = ReasonForm(
        *([request.POST] if request.method == "POST" else []), label="Pourquoi il n’y a pas lieu de déclarer",
        submit="Classer sans suite", cancel_url=found.get_absolute_url(),
    )  # fmt: skip
    if form.is_valid() and saved(form, lambda: set_accident_aside(pk, form.cleaned_data["reason"], request.user)):
        messages.success(request, "Le dossier est classé sans suite.")
        return redirect(found)
    return _act(request, found, form, "Classer sans suite")


@require_POST
def accident_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Take again a file that was closed by mistake."""
    found = _writable(request, pk)
    try:
        take_accident_again(pk, request.user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Le dossier est repris : son délai n’a jamais cessé de courir.")
    return redirect(found)


@require_GET
@never_cache
def accident_proof(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the receipt of the declaration, as a file to keep."""
    found = _writable(request, pk)
    if not found.proof:
        raise Http404
    try:
        content = storage.read(found.proof, sha256=found.proof_sha256)
    except PortalError as fault:
        messages.error(request, fault.message)
        return redirect(found)
    trace_reading(found, request.user)
    return file_response(
        content, f"declaration-{found.reference}.{ENDINGS[found.proof_mime]}", found.proof_mime, attached=True
    )


def _act(request: HttpRequest, found: AccidentReport, form: object, title: str) -> HttpResponse:
    failed = bool(form.errors)
    context = {"accident": found, "form": form, "title": title, "clock": clock_of(found, timezone.now())}
    return render(request, "trainees/accidents/act.html", context, status=UNPROCESSABLE if failed else 200)


def _writable(request: HttpRequest, pk: int) -> AccidentReport:
    found = accident_known_to(scope_of(request.user), pk)
    if found is None:
        raise Http404
    if not request.user.has_perm(TraineePermission.WRITE_ACCIDENT, found):
        raise PermissionDenied
    return found


def _pathway(request: HttpRequest) -> Pathway | None:
    """Return the pathway of the person named in the address; 404 outside the scope."""
    if not (text := request.GET.get("stagiaire", "")):
        return None
    try:
        trainee = trainee_known_to(scope_of(request.user), UUID(text))
    except ValueError:
        trainee = None
    pathway = latest_pathway(trainee) if trainee else None
    if pathway is None:
        raise Http404
    return pathway


def _form(request: HttpRequest, pathway: Pathway, instance: AccidentReport) -> AccidentForm:
    cancel = instance.get_absolute_url() if instance.pk else reverse("trainees:accidents")
    sent = (request.POST,) if request.method == "POST" else ()
    return AccidentForm(*sent, instance=instance, pathway=pathway, internships=stays_of(pathway), cancel_url=cancel)
