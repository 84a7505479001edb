"""Where a request comes from, as far as it can be believed."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

FORWARDED = "X-Forwarded-For"


def client_address(request: HttpRequest) -> str:
    """Return the address of the visitor in its shortest writing, empty when unknown.

    Each of our own proxies (settings.TRUSTED_PROXY_COUNT) adds the address it saw at the end of X-Forwarded-For; what
    stands before was written by the visitor and is never believed.
    """
    nearest = _address(request.META.get("REMOTE_ADDR", ""))
    count = settings.TRUSTED_PROXY_COUNT
    if count < 1:
        return nearest
    seen = request.headers.get(FORWARDED, "").split(",")
    return (_address(seen[-count]) if len(seen) >= count else "") or nearest


def network_of(address: str) -> str:
    """Return what stands for one visitor: an IPv4 address, or the /64 that one IPv6 line commands as a whole."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        return str(IPv6Address(int(found) >> 64 << 64)) + "/64"
    return str(found)


def _address(text: str) -> str:
    try:
        found: IPv4Address | IPv6Address = ip_address(text.strip().strip("[]"))
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(found)
