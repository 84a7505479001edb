"""From where somebody acts: what an act keeps of a request."""

from dataclasses import dataclass

from django.http import HttpRequest

from e2c_portal.kernel.client_address import client_address

AGENT_LIMIT = 300


@dataclass(frozen=True)
class Visitor:
    """The address and the browser of whoever acts, as far as they can be believed."""

    ip: str | None = None
    user_agent: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Visitor":
        """Read a request."""
        agent = request.headers.get("User-Agent", "").replace("\0", "")
        return cls(client_address(request) or None, agent[:AGENT_LIMIT])
