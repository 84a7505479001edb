"""Attestations of acquired skills: the list of a school, one with its document, issuing, replacing, revoking."""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from e2c_portal.audit.trail import record
from e2c_portal.documents.views.handing_over import file_response
from e2c_portal.exports.lists import Listing, register
from e2c_portal.kernel.errors import Overtaken, PortalError, Refused
from e2c_portal.ui.pages import ShortPaginator
from partnerships.views.saving import saved
from schools.scope import scope_of
from trainees.documents.certificates import may_read_certificate
from trainees.documents.open_badges import FILE_NAME
from trainees.exports.certificates import CERTIFICATE_COLUMNS
from trainees.forms.certificates import CertificateSearchForm, EndForm, ReissueForm, ToldChoiceForm
from trainees.models import Pathway, SkillsCertificate
from trainees.operations.certificates import choose_shown, issue_certificate, reissue_certificate, revoke_certificate
from trainees.operations.credentials import signed_file
from trainees.permissions import TraineePermission
from trainees.reads.certificate_content import draft_of
from trainees.reads.certificates import (
    certificate_known_to,
    certificate_years,
    certificates_searched,
    in_force_for,
)
from trainees.reads.visible import own_schools, pathway_known_to
from trainees.sheets.certificates import certificate_sheet, content_facts, draft_printed
from trainees.views.finding import require, show_or_save

logger = logging.getLogger(__name__)
PER_PAGE, UNPROCESSABLE = 25, 422
LIST = "attestations"
JSON_LD = "application/ld+json"


def _search(request: HttpRequest) -> CertificateSearchForm:
    scope = scope_of(request.user)
    several = own_schools(scope).values_list("pk", "name") if scope.whole_network or len(scope.school_ids) > 1 else ()
    return CertificateSearchForm(request.GET, years=certificate_years(scope), schools=several)


def certificates_on_screen(request: HttpRequest) -> QuerySet[SkillsCertificate] | None:
    """Return the attestations that match, all pages together; None for whoever may not read them."""
    if not request.user.has_perm(TraineePermission.VIEW_SKILLS):
        return None
    return _found(request, _search(request))


def _found(request: HttpRequest, form: CertificateSearchForm) -> QuerySet[SkillsCertificate]:
    wanted = form.wanted()
    return certificates_searched(scope_of(request.user), wanted.pop("words"), **wanted)


@require_safe
def certificate_list(request: HttpRequest) -> HttpResponse:
    """Show the attestations of the schools in scope, the latest first."""
    if not request.user.has_perm(TraineePermission.VIEW_SKILLS):
        raise Http404
    form = _search(request)
    page = ShortPaginator(_found(request, form), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "several_schools": scope_of(request.user).whole_network}
    return render(request, "trainees/certificates/list.html", context)


@require_safe
@never_cache
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one attestation, its document, what its verification shows, the versions before and after it."""
    found = _find(request, pk)
    context = {"sheet": certificate_sheet(found, request.user), "certificate": found}
    return render(request, "trainees/certificates/certificate.html", context)


@show_or_save
@never_cache
def certificate_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the attestation of a pathway would say; a POST issues it."""
    pathway = pathway_known_to(scope_of(request.user), pk)
    if pathway is None:
        raise Http404
    require(request, TraineePermission.ISSUE_CERTIFICATE, pathway)
    if present := in_force_for(pathway):
        return redirect(present)
    refusal = None
    if request.method == "POST":
        try:
            made = issue_certificate(pathway.pk, request.user)
        except Overtaken:
            return redirect(request.path)
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, f"L’attestation {made.number} est émise. Son document se prépare.")
            return redirect(made)
    context = {**_preview(request, pathway), "refusal": refusal}
    return render(request, "trainees/certificates/preview.html", context, status=UNPROCESSABLE if refusal else 200)


@show_or_save
def certificate_reissue(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the new attestation would say; a POST replaces the former one, with the reason."""
    found = _issuable(request, pk)
    form = ReissueForm(request.POST if request.method == "POST" else None, cancel_url=found.get_absolute_url())
    if form.is_valid() and (
        made := saved(form, lambda: reissue_certificate(pk, form.cleaned_data["reason"], request.user))
    ):
        messages.success(request, f"L’attestation {made.number} remplace la précédente. Son document se prépare.")
        return redirect(made)
    context = {**_preview(request, found.pathway), "former": found, "form": form}
    return render(request, "trainees/certificates/preview.html", context, status=UNPROCESSABLE if form.errors else 200)


@show_or_save
def certificate_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an attestation is worth nothing any more, and why."""
    found = _issuable(request, pk)
    form = EndForm(request.POST if request.method == "POST" else None, cancel_url=found.get_absolute_url())
    if form.is_valid() and saved(form, lambda: revoke_certificate(pk, form.cleaned_data["reason"], request.user)):
        messages.success(request, "L’attestation est révoquée. La page de vérification le dit déjà.")
        return redirect(found)
    return _act(request, found, form, "Révoquer l’attestation")


@show_or_save
def certificate_shown(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what the trainee told the school that the verification may show."""
    found = _find(request, pk)
    require(request, TraineePermission.VALIDATE_SKILLS, found)
    form = ToldChoiceForm(
        request.POST if request.method == "POST" else None, initial={"shown": found.shown},
        cancel_url=found.get_absolute_url(),
    )  # fmt: skip
    if form.is_valid():
        typed = form.cleaned_data
        if saved(form, lambda: choose_shown(pk, typed["shown"], request.user, reason=typed["reason"])):
            messages.success(request, "Le choix est noté. La page de vérification le suit dès maintenant.")
            return redirect(found)
    return _act(request, found, form, "Ce que montre la vérification")


@require_GET
@never_cache
def certificate_credential(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the attestation as a signed file, the same each time."""
    found = _find(request, pk)
    try:
        kept = signed_file(found)
    except PortalError as fault:
        logger.warning("credential of %s not given: %s", found.number, fault.code)
        messages.error(request, fault.message)
        return redirect(found)
    record(request.user, "certificate.file_downloaded", found, "Fichier signé téléchargé")
    return file_response(kept.text.encode(), FILE_NAME, JSON_LD, attached=True)


def _preview(request: HttpRequest, pathway: Pathway) -> dict[str, object]:
    draft = draft_of(pathway, request.user, timezone.localdate())
    values = draft_printed(draft)
    return {"pathway": pathway, "draft": draft, "printed": values, "facts": content_facts(values)}


def _act(request: HttpRequest, found: SkillsCertificate, form: object, title: str) -> HttpResponse:
    failed = bool(form.errors)  # type: ignore[attr-defined]
    context = {"certificate": found, "form": form, "title": title}
    return render(request, "trainees/certificates/act.html", context, status=UNPROCESSABLE if failed else 200)


def _find(request: HttpRequest, pk: int) -> SkillsCertificate:
    """Return an attestation of the scope. Raises Http404 outside it, PermissionDenied without the right to read it."""
    found = certificate_known_to(scope_of(request.user), pk)
    if found is None:
        raise Http404
    if not may_read_certificate(request.user, found):
        raise PermissionDenied
    return found


def _issuable(request: HttpRequest, pk: int) -> SkillsCertificate:
    found = _find(request, pk)
    require(request, TraineePermission.ISSUE_CERTIFICATE, found)
    return found


def register_list() -> None:
    """Register the list as a file."""
    register(Listing(LIST, "Attestations de compétences", CERTIFICATE_COLUMNS, certificates_on_screen))
