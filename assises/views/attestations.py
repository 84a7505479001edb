"""Attestations of attendance: the people who came, in scope, with the attestation of each, and those of a school at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assises.models import Edition, Registration
from assises.operations.attestations import ask_attestation, ask_attestations_of_school
from assises.permissions import AssisesPermission
from assises.reads.attestations import attested_searched, attested_visible_to, document_for
from assises.reads.editions import edition_of
from assises.sheets.attestations import attestation_lines, attestation_sheet, document_facts
from assises.views.editions import find_edition
from e2c_portal.exports.lists import ComputedRows
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted
from e2c_portal.ui.long_select import options_of
from schools.scope import scope_of
from trainees.reads.visible import own_schools

PER_PAGE = 25
LIST = "assises-attestations"


@require_safe
def attestation_list(request: HttpRequest, year: int) -> HttpResponse:
    """Show who came, in scope, and where the attestation of each stands."""
    edition = _edition(request, year)
    words, school = request.GET.get("q", "").strip(), _number(request.GET.get("ecole", ""))
    page = Paginator(_rows(request, edition, words, school), PER_PAGE).get_page(request.GET.get("page"))
    schools = list(own_schools(scope_of(request.user)).values_list("pk", "name"))
    context = {
        "edition": edition, "page_obj": page, "lines": attestation_lines(page.object_list), "words": words, "school": school,
        "schools": schools, "options": options_of(schools, [str(school)]), "may_ask": request.user.has_perm(AssisesPermission.CHANGE_REGISTRATION),
    }  # fmt: skip
    return render(request, "assises/after/attestations.html", context)


def lines_on_screen(request: HttpRequest) -> ComputedRows | None:
    """Return the lines of the edition named in the address, filters included; None for whoever may not read them."""
    if not request.user.has_perm(AssisesPermission.VIEW_REGISTRATION):
        return None
    edition = edition_of(_number(request.GET.get("annee", "")) or 0)
    if edition is None:
        return None
    school = _number(request.GET.get("ecole", ""))
    return ComputedRows(attestation_lines(_rows(request, edition, request.GET.get("q", ""), school)))


def _rows(request: HttpRequest, edition: Edition, words: str, school: int | None) -> QuerySet[Registration]:
    rows = attested_searched(attested_visible_to(scope_of(request.user), edition), words)
    return rows.filter(school=school) if school else rows


@require_safe
def attestation(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Show where somebody was counted, and their attestation."""
    registration = _found(request, year, pk)
    document = document_for(registration)
    context = {
        "edition": registration.edition, "registration": registration, "sheet": attestation_sheet(registration),
        "document": document, "document_facts": document_facts(document),
        "may_ask": request.user.has_perm(AssisesPermission.CHANGE_REGISTRATION, registration),
    }  # fmt: skip
    return render(request, "assises/after/attestation.html", context)


@require_POST
def attestation_ask(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Ask for somebody's attestation."""
    registration = _found(request, year, pk)
    user: Any = request.user
    if not user.has_perm(AssisesPermission.CHANGE_REGISTRATION, registration):
        raise PermissionDenied
    try:
        ask_attestation(registration.pk, user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    return redirect("assises:attestation", year, pk)


@require_POST
def attestation_batch(request: HttpRequest, year: int) -> HttpResponse:
    """Ask for the attestations of everybody of a school who came. A school asks for its own people alone."""
    edition = _edition(request, year)
    school, user = _number(request.POST.get("ecole", "")), request.user
    if not user.has_perm(AssisesPermission.CHANGE_REGISTRATION):
        raise PermissionDenied
    if school is None or not scope_of(user).covers(school):
        raise Http404
    try:
        number = ask_attestations_of_school(edition, school, user)  # type: ignore[arg-type]
    except PortalError as refusal:
        messages.error(request, refusal.message)
    else:
        told = counted(number, "attestation est demandée", "attestations sont demandées")
        messages.success(request, f"{told} : elles se préparent une à une. Actualisez la page pour suivre.")
    return redirect(f"{reverse('assises:attestations', args=[year])}?ecole={school}")


def _edition(request: HttpRequest, year: int) -> Edition:
    """Return the edition for whoever reads registrations somewhere. Raises Http404."""
    edition = find_edition(request, year)
    if not request.user.has_perm(AssisesPermission.VIEW_REGISTRATION):
        raise PermissionDenied
    return edition


def _found(request: HttpRequest, year: int, pk: int) -> Registration:
    """Return somebody who was counted and is in scope. Raises Http404."""
    rows = attested_visible_to(scope_of(request.user), _edition(request, year))
    registration = rows.filter(pk=pk).first()
    if registration is None or not request.user.has_perm(AssisesPermission.VIEW_REGISTRATION, registration):
        raise Http404
    return registration


def _number(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None
