"""What is done with one delivery: read its proof, confirm it, set it aside, cancel it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from e2c_portal.audit.trail import record
from e2c_portal.documents import storage
from e2c_portal.documents.received_files import ENDINGS
from e2c_portal.documents.views.handing_over import file_response
from e2c_portal.kernel.errors import PortalError
from partnerships.delivery_forms import ReasonForm
from partnerships.delivery_reads import delivery_on_page
from partnerships.models import CommitmentDelivery
from partnerships.operations.deliveries import cancel_delivery, confirm_delivery, set_aside_delivery
from partnerships.permissions import PartnershipPermission
from partnerships.views.saving import saved
from schools.scope import scope_of

UNPROCESSABLE = 422
show_or_save = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
@never_cache
def proof(request: HttpRequest, pk: int, key: int, public_id: UUID) -> HttpResponse:
    """Give the proof of a delivery, as a file to keep: browsers run nothing of it."""
    found = _find(request, pk, key, public_id, PartnershipPermission.READ_PROOF)
    if not found.proof:
        raise Http404
    try:
        content = storage.read(found.proof, sha256=found.proof_sha256)
    except PortalError as fault:
        messages.error(request, fault.message)
        return redirect("partnerships:promise", pk, key)
    record(request.user, "delivery.proof_read", found, f"Justificatif lu : {found}", convention=pk)
    name = f"justificatif-{found.public_id}.{ENDINGS[found.proof_mime]}"
    return file_response(content, name, found.proof_mime, attached=True)


@require_POST
def confirm(request: HttpRequest, pk: int, key: int, public_id: UUID) -> HttpResponse:
    """Count what the company reported."""
    found = _find(request, pk, key, public_id, PartnershipPermission.WRITE_DELIVERY)
    try:
        confirm_delivery(found.pk, request.user)
    except PortalError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "La réalisation est confirmée : elle compte.")
    return redirect("partnerships:promise", pk, key)


@show_or_save
def set_aside(request: HttpRequest, pk: int, key: int, public_id: UUID) -> HttpResponse:
    """Say why what the company reported does not count."""
    return _with_a_reason(
        request, _find(request, pk, key, public_id, PartnershipPermission.WRITE_DELIVERY),
        set_aside_delivery, "Écarter cette réalisation", "La réalisation est écartée.",
    )  # fmt: skip


@show_or_save
def cancel(request: HttpRequest, pk: int, key: int, public_id: UUID) -> HttpResponse:
    """Say why a delivery was counted by mistake."""
    return _with_a_reason(
        request, _find(request, pk, key, public_id, PartnershipPermission.WRITE_DELIVERY),
        cancel_delivery, "Annuler cette réalisation", "La réalisation est annulée : elle ne compte plus.",
    )  # fmt: skip


def _with_a_reason(
    request: HttpRequest, found: CommitmentDelivery, operation: Callable[..., object], title: str, done: str
) -> HttpResponse:
    form = ReasonForm(request.POST or None, submit=title, cancel_url=found.promise_url)
    if form.is_valid() and saved(form, lambda: operation(found.pk, form.cleaned_data["reason"], request.user)):
        messages.success(request, done)
        return redirect(found.promise_url)
    context = {"delivery": found, "convention": found.convention, "form": form, "title": title}
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "partnerships/delivery_act.html", context, status=status)


def _find(
    request: HttpRequest, pk: int, key: int, public_id: UUID, permission: PartnershipPermission
) -> CommitmentDelivery:
    """Return the delivery; 404 when it may not be read, 403 when this may not be done with it."""
    found = delivery_on_page(scope_of(request.user), pk, key, public_id)
    if found is None:
        raise Http404
    if not request.user.has_perm(permission):
        raise PermissionDenied
    return found
