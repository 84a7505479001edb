"""The figures of the portal in the format of Prometheus, and who may read them."""

from hmac import compare_digest
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from e2c_portal.kernel.client_address import client_address
from e2c_portal.upkeep.metrics_readings import readings
from e2c_portal.upkeep.metrics_store import counted

CONTENT_TYPE = CONTENT_TYPE_LATEST
SCHEME = "bearer "


def exposition() -> bytes:
    """Return every figure, one a line."""
    return generate_latest(counted()) + generate_latest(readings())


def is_open() -> bool:
    """Say whether anybody at all may read: without a token nor a network, the door does not exist."""
    return bool(settings.METRICS_TOKEN or settings.METRICS_NETWORKS)


def may_read(request: HttpRequest) -> bool:
    """Say whether this request bears the token, or comes from an allowed network."""
    return _bears_the_token(request) or _comes_from_inside(request)


def _bears_the_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not given.lower().startswith(SCHEME):
        return False
    # As bytes: a comparison of texts refuses what is not ASCII, and would say so.
    return compare_digest(given[len(SCHEME) :].strip().encode(), settings.METRICS_TOKEN.encode())


def _comes_from_inside(request: HttpRequest) -> bool:
    address = client_address(request)
    return bool(address) and any(ip_address(address) in ip_network(net) for net in settings.METRICS_NETWORKS)
