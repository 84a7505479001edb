"""The portal's addresses, and pages that fail on purpose."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from redis.exceptions import ConnectionError as BrokerAway

from e2c_portal.documents.disk import FULL_FOR_A_PAGE
from e2c_portal.documents.storage import StorageFault
from e2c_portal.home.errors import too_large, too_many_requests
from e2c_portal.urls import handler400, handler403, handler404, handler429, handler500  # noqa: F401  Django reads them here
from e2c_portal.urls import urlpatterns as portal

FAULTS = {
    "illisible": BadRequest("x"),
    "trop-gros": RequestDataTooBig("x"),
    "refus": PermissionDenied("Cette école n’est pas la vôtre."),
    "faute": RuntimeError("the secret of the cellar"),
    "base": OperationalError("x"),
    "courtier": BrokerAway("x"),
    "stockage": StorageFault("Le stockage des documents ne répond pas."),
    "disque": StorageFault(FULL_FOR_A_PAGE),
}


@login_not_required
def fail(request: HttpRequest, fault: str) -> HttpResponse:
    raise FAULTS[fault]


urlpatterns = [
    *portal,
    path("essai/413/", login_not_required(too_large)),
    path("essai/429/", login_not_required(too_many_requests)),
    path("essai/<str:fault>/", fail),
]
