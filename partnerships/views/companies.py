"""Companies: the list searched as one types, the page that tells everything, and what is done there."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from e2c_portal.kernel.identifiers import compact
from e2c_portal.kernel.submissions import record_of
from e2c_portal.ui.pages import ShortPaginator
from e2c_portal.ui.refusals import status_of
from partnerships.company_forms import CompanyForm, CompanySearchForm, DepartureForm, ExchangeForm
from partnerships.company_sheet import company_sheet
from partnerships.diffusion import NOTICE, shown_name
from partnerships.models import Company
from partnerships.operations.companies import note_exchange, record_departure, save_company
from partnerships.permissions import PartnershipPermission
from partnerships.queries import (
    companies_listed,
    companies_searched,
    company_known_to,
    contacts_of,
    likely_doubles,
    surviving,
)
from partnerships.sleeping import asleep_among, sleeping_companies
from partnerships.space_access import accesses_of
from partnerships.views.saving import saved
from schools.scope import scope_of

PER_PAGE = 25
show_or_save = require_http_methods(["GET", "HEAD", "POST"])


def companies_on_screen(request: HttpRequest) -> QuerySet[Company] | None:
    """Return the companies that match what is searched, all pages together; None for whoever may not read them."""
    scope = scope_of(request.user)
    if scope.empty:
        return None
    form = CompanySearchForm(request.GET)
    companies = companies_searched(companies_listed(scope), form.words(), writer=_writes(request))
    return companies.filter(pk__in=sleeping_companies().values("pk")) if form.asleep() else companies


@require_safe
def company_list(request: HttpRequest) -> HttpResponse:
    """Show the companies that match; the answer to a keystroke is the list alone."""
    companies = companies_on_screen(request)
    if companies is None:
        raise Http404
    page = ShortPaginator(companies, PER_PAGE).get_page(request.GET.get("page"))
    for company in page:
        company.told_name = shown_name(company, writer=_writes(request))
    form = CompanySearchForm(request.GET, live_url=reverse("companies:companies"))
    may = request.user.has_perm
    context = {
        "form": form, "page_obj": page, "may_add": may(PartnershipPermission.ADD_COMPANY),
        "may_import": may(PartnershipPermission.IMPORT_SIRENE),
        "may_read_requests": may(PartnershipPermission.VIEW_REQUEST),
    }  # fmt: skip
    live = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(
        request, "partnerships/fragments/company_list.html" if live else "partnerships/companies.html", context
    )


@require_safe
def company_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all that is known of a company; a record merged into another leads there."""
    company = find_company(request, pk)
    if company.pk != pk:
        messages.info(request, f"Cette fiche a été réunie à « {shown_name(company, writer=_writes(request))} ».")
        return redirect(company)
    writer = _writes(request)
    sheet = company_sheet(company, scope_of(request.user), writer=writer)
    may = request.user.has_perm
    if may_grant := may(PartnershipPermission.GRANT_SPACE):
        for contact, access in zip(sheet.contacts, accesses_of(sheet.contacts).values(), strict=True):
            contact.access = access
    context = {
        "company": company,
        "name": shown_name(company, writer=writer),
        "notice": NOTICE if writer and sheet.hides_something else "",
        "sheet": sheet,
        "silent": sheet.silent_on(),
        "asleep": bool(asleep_among([company.pk])),
        "may_change": writer,
        "may_draft": may(PartnershipPermission.ADD_CONVENTION),
        "may_merge": may(PartnershipPermission.MERGE_COMPANY),
        "may_note": may(PartnershipPermission.NOTE_EXCHANGE),
        "may_grant": may_grant,
    }
    return render(request, "partnerships/company.html", context)


@show_or_save
def company_new(request: HttpRequest) -> HttpResponse:
    """Create a company, once the names alike were shown."""
    _require(request, PartnershipPermission.ADD_COMPANY)
    form = CompanyForm(
        request.POST or None, cancel_url=reverse("companies:companies"), live_url=reverse("companies:likenesses")
    )
    if sent_before := record_of(form.sending(), request.user, Company):
        return redirect(sent_before)
    alike = _alike(request, request.POST)
    if request.method == "POST" and form.is_valid():
        if alike and not form.cleaned_data["confirmed"]:
            form.add_error(
                None, "Une fiche ressemble à celle-ci : ouvrez-la, ou cochez la case pour en créer une autre."
            )
        elif made := saved(form, lambda: save_company(form.instance, [], request.user, sending=form.sending())):
            messages.success(request, f"La fiche de « {made.legal_name} » est créée.")
            return redirect(made)
    if alike:
        form.ask_confirmation()
    context = {"form": form, "alike": alike}
    return render(request, "partnerships/company_new.html", context, status=status_of(form))


@require_safe
def company_likenesses(request: HttpRequest) -> HttpResponse:
    """Answer the companies that look like what is being typed."""
    _require(request, PartnershipPermission.ADD_COMPANY)
    return render(request, "partnerships/fragments/likenesses.html", {"alike": _alike(request, request.GET)})


@show_or_save
def contact_departure(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    """Note that a contact left the company."""
    _require(request, PartnershipPermission.CHANGE_CONTACT)
    company = find_company(request, pk)
    contact = get_object_or_404(contacts_of(company), pk=contact_pk)
    form = DepartureForm(request.POST or None, cancel_url=company.get_absolute_url())
    if form.is_valid() and saved(
        form, lambda: record_departure(contact.pk, form.cleaned_data["left_on"], request.user)
    ):
        messages.success(request, f"Le départ de {contact.full_name} est noté.")
        return redirect(company)
    context = {"company": company, "form": form, "title": f"Départ de {contact.full_name}"}
    return render(request, "partnerships/company_act.html", context, status=status_of(form))


@show_or_save
def exchange_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a call, a visit, a meeting."""
    _require(request, PartnershipPermission.NOTE_EXCHANGE)
    company = find_company(request, pk)
    form = ExchangeForm(company, request.POST or None, cancel_url=company.get_absolute_url())
    if form.is_valid() and saved(form, lambda: note_exchange(form.instance, request.user, sending=form.sending())):
        messages.success(request, "L’échange est noté.")
        return redirect(company)
    context = {"company": company, "form": form, "title": "Noter un échange"}
    return render(request, "partnerships/company_act.html", context, status=status_of(form))


def find_company(request: HttpRequest, pk: int) -> Company:
    """Return the company of that number, or the one its record was merged into; 404 for whoever may not read it."""
    company = company_known_to(scope_of(request.user), pk)
    if company is None:
        raise Http404
    return surviving(company)


def _alike(request: HttpRequest, typed: Any) -> list[Company]:
    name, siren = typed.get("legal_name", "")[:200], compact(typed.get("siren", ""))[:9]
    return likely_doubles(scope_of(request.user), name, siren) if name.strip() or siren else []


def _writes(request: HttpRequest) -> bool:
    return request.user.has_perm(PartnershipPermission.CHANGE_COMPANY)


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
