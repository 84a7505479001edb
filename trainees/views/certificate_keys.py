"""What programs read to verify a signed attestation: the keys of a school, and the list of those that ended. Open to all."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from e2c_portal.documents.credentials import did_document, public_keys
from e2c_portal.kernel.errors import PortalError
from trainees.documents.open_badges import did_of_school
from trainees.operations.credentials import status_list
from trainees.reads.certificates import issues_certificates

FIVE_MINUTES = 300
# As many lists as the largest number of an attestation needs.
LISTS = 2**31 // 131_072


@login_not_required
@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
def keys(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the keys of a school as an issuer (did:web). Names nobody."""
    if not issues_certificates(pk):
        raise Http404
    try:
        document = did_document(did_of_school(pk), public_keys())
    except PortalError:
        raise Http404 from None
    answer = JsonResponse(document, content_type="application/did+json", json_dumps_params={"ensure_ascii": False})
    return _read_from_anywhere(answer)


@login_not_required
@require_safe
@cache_control(public=True, max_age=FIVE_MINUTES)
def ended(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Give one signed list of the attestations of a school that were replaced or revoked. Names nobody."""
    if number >= LISTS or not issues_certificates(pk):
        raise Http404
    try:
        signed = status_list(pk, number)
    except PortalError:
        raise Http404 from None
    return _read_from_anywhere(HttpResponse(signed, content_type="application/vc+jwt"))


def _read_from_anywhere(answer: HttpResponse) -> HttpResponse:
    """Let the page of a verifier, on another site, read what is public."""
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
