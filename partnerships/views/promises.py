"""The promises of conventions against what was delivered: one promise, and those of the whole network."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from e2c_portal.exports.lists import ComputedRows
from e2c_portal.ui.pages import ShortPaginator
from e2c_portal.ui.refusals import note_too_large
from partnerships.delivery_forms import DeliveryForm, PromiseSearchForm
from partnerships.delivery_reads import deliveries_to_confirm
from partnerships.diffusion import shown_name
from partnerships.models import CommitmentDelivery, PartnershipConvention
from partnerships.operations.deliveries import declare_delivery
from partnerships.permissions import PartnershipPermission
from partnerships.promise_list import FollowedPromise, companies_bound, promises_followed
from partnerships.promise_sheet import DeliveryLine, PromiseSheet, promise_sheet
from partnerships.queries import conventions_visible_to
from partnerships.views.saving import saved
from schools.scope import Scope, scope_of

PER_PAGE = 25
DIGITS = 10
UNPROCESSABLE = 422


def promises_on_screen(request: HttpRequest) -> ComputedRows[FollowedPromise] | None:
    """Return the promises that match what is searched, all pages together; None for whoever may not read them."""
    scope = scope_of(request.user)
    return None if scope.empty else ComputedRows(_followed(request, scope, _search(request, scope)))


@require_safe
def promise_list(request: HttpRequest) -> HttpResponse:
    """Show the promises of the conventions in force, with what was delivered."""
    scope = scope_of(request.user)
    if scope.empty:
        raise Http404
    form = _search(request, scope)
    page = Paginator(_followed(request, scope, form), PER_PAGE).get_page(request.GET.get("page"))
    for row in page:
        convention = row.progress.convention
        convention.told_name = shown_name(convention.company, writer=_names(request))
    context = {"form": form, "page_obj": page, "may_confirm": _may_write(request)}
    return render(request, "partnerships/promises.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def promise_page(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Show one promise: where it stands, the rows behind its figures, and the form that declares a delivery."""
    convention = get_object_or_404(conventions_visible_to(scope_of(request.user)), pk=pk)
    sheet = promise_sheet(convention, key)
    if sheet is None:
        raise Http404
    if request.method != "POST":
        return _page(request, convention, sheet, _form(sheet), 200)
    if not _may_write(request):
        raise PermissionDenied
    form = _form(sheet, request)
    note_too_large(form, request, "proof")
    if form.is_valid() and saved(form, lambda: declare_delivery(pk, key, form.text(), request.user)):
        messages.success(request, "La réalisation est comptée.")
        return redirect(f"{sheet.progress.url}#contenu")
    return _page(request, convention, sheet, form, UNPROCESSABLE)


@require_safe
def waiting_list(request: HttpRequest) -> HttpResponse:
    """Show what companies reported and nobody decided yet, the oldest first."""
    waiting = waiting_on_screen(request)
    if waiting is None:
        raise Http404
    page = ShortPaginator(waiting, PER_PAGE, in_order=True).get_page(request.GET.get("page"))
    return render(request, "partnerships/deliveries_waiting.html", {"page_obj": page, "may_write": _may_write(request)})


def waiting_on_screen(request: HttpRequest) -> QuerySet[CommitmentDelivery] | None:
    """Return what nobody decided yet, all pages together; None for whoever may not read it."""
    scope = scope_of(request.user)
    return None if scope.empty else deliveries_to_confirm(scope)


def deliveries_on_screen(request: HttpRequest) -> ComputedRows[DeliveryLine] | None:
    """Return the deliveries of the promise named in the address; None for whoever may not read its convention."""
    asked = request.GET.get("convention", ""), request.GET.get("engagement", "")
    if not all(one.isdecimal() and len(one) < DIGITS for one in asked):
        return None
    pk, key = map(int, asked)
    convention = conventions_visible_to(scope_of(request.user)).filter(pk=pk).first()
    sheet = promise_sheet(convention, key) if convention else None
    return ComputedRows(sheet.lines) if sheet else None


def _search(request: HttpRequest, scope: Scope) -> PromiseSearchForm:
    named = [(row.pk, shown_name(row, writer=_names(request))) for row in companies_bound(scope)]
    return PromiseSearchForm(request.GET, named)


def _followed(request: HttpRequest, scope: Scope, form: PromiseSearchForm) -> list[FollowedPromise]:
    return promises_followed(scope, form.wanted(), writer=_names(request))


def _names(request: HttpRequest) -> bool:
    """Say whether this person reads the names that partial diffusion hides."""
    return request.user.has_perm(PartnershipPermission.CHANGE_COMPANY)


def _form(sheet: PromiseSheet, request: HttpRequest | None = None) -> DeliveryForm:
    sent = (request.POST, request.FILES) if request else ()
    return DeliveryForm(*sent, unit=sheet.progress.unit)


def _page(
    request: HttpRequest, convention: PartnershipConvention, sheet: PromiseSheet, form: DeliveryForm, status: int
) -> HttpResponse:
    may_write = _may_write(request)
    context = {
        "convention": convention,
        "sheet": sheet,
        "may_write": may_write,
        "may_read_proof": request.user.has_perm(PartnershipPermission.READ_PROOF),
        "form": form if may_write and sheet.open else None,
    }
    return render(request, "partnerships/promise.html", context, status=status)


def _may_write(request: HttpRequest) -> bool:
    return request.user.has_perm(PartnershipPermission.WRITE_DELIVERY)
