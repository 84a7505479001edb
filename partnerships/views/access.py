"""The access of a contact to the space of its company: where it stands, send it, withdraw it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from e2c_portal.kernel.errors import PortalError
from partnerships.models import CompanyContact
from partnerships.operations.space import grant_access, withdraw_access
from partnerships.permissions import PartnershipPermission
from partnerships.queries import contacts_of
from partnerships.request_forms import WithdrawForm
from partnerships.space_access import accesses_of
from partnerships.views.companies import find_company
from partnerships.views.saving import saved

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def contact_access(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    """Show where the access of a contact stands; a POST withdraws it, with a reason."""
    contact = _contact(request, pk, contact_pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and saved(form, lambda: withdraw_access(contact.pk, form.cleaned_data["reason"], request.user)):
        messages.success(request, f"L’accès de {contact.full_name} est retiré.")
        return redirect("companies:contact_access", contact.company_id, contact.pk)
    context = {
        "company": contact.company,
        "contact": contact,
        "access": accesses_of([contact])[contact.pk],
        "form": form,
    }
    return render(request, "partnerships/contact_access.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_POST
def access_grant(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    """Send the link of the space."""
    contact = _contact(request, pk, contact_pk)
    try:
        grant_access(contact.pk, request.user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"L’accès à l’espace entreprise part à {contact.email}.")
    return redirect("companies:contact_access", contact.company_id, contact.pk)


def _contact(request: HttpRequest, pk: int, contact_pk: int) -> CompanyContact:
    if not request.user.has_perm(PartnershipPermission.GRANT_SPACE):
        raise PermissionDenied
    company = find_company(request, pk)
    return get_object_or_404(contacts_of(company).select_related("company"), pk=contact_pk)
