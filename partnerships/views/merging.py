"""Merge two records of one company: find the other, see what will happen, confirm."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from e2c_portal.kernel.errors import PortalError
from partnerships.company_forms import MergeSearchForm
from partnerships.company_sheet import company_sheet
from partnerships.models import Company
from partnerships.operations.merging import merge_companies, merge_obstacles
from partnerships.permissions import PartnershipPermission
from partnerships.queries import companies_listed, companies_searched, likely_doubles
from partnerships.views.companies import find_company
from schools.scope import scope_of

CHOICES = 12


@require_safe
def merge_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose the records that may be the same company: those alike first, or those that are searched."""
    double = _double(request, pk)
    form = MergeSearchForm(request.GET)
    scope = scope_of(request.user)
    if form.words():
        found = list(
            companies_searched(companies_listed(scope), form.words(), writer=True).exclude(pk=double.pk)[:CHOICES]
        )
    else:
        found = likely_doubles(scope, double.legal_name, double.siren, besides=double.pk)
    context = {"company": double, "form": form, "found": found}
    return render(request, "partnerships/company_merge.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def merge_confirm(request: HttpRequest, pk: int, kept_pk: int) -> HttpResponse:
    """Say what a merge does and what prevents it; do it when it is posted."""
    double = _double(request, pk)
    scope = scope_of(request.user)
    kept = get_object_or_404(companies_listed(scope), pk=kept_pk)
    if request.method == "POST":
        done = _merged(request, double, kept)
        if done:
            return done
    context = {
        "company": double,
        "kept": kept,
        "sheet": company_sheet(double, scope),
        "obstacles": merge_obstacles(double, kept),
    }
    return render(request, "partnerships/company_merge_confirm.html", context)


def _merged(request: HttpRequest, double: Company, kept: Company) -> HttpResponse | None:
    try:
        company = merge_companies(double.pk, kept.pk, request.user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
        return None
    messages.success(request, f"La fiche « {double.legal_name} » est réunie à « {company.legal_name} ».")
    return redirect(company)


def _double(request: HttpRequest, pk: int) -> Company:
    if not request.user.has_perm(PartnershipPermission.MERGE_COMPANY):
        raise PermissionDenied
    return find_company(request, pk)
