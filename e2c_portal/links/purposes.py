"""What a link may be for: apps register their purposes in AppConfig.ready, so that this floor learns no business word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

from e2c_portal.kernel.errors import PortalError

if TYPE_CHECKING:
    from e2c_portal.links.models import PersonalLink
    from e2c_portal.links.visits import Visit

    Page = Callable[[HttpRequest, Visit], HttpResponse]


def same_version(link: "PersonalLink") -> str | None:
    """Say that what the link opens has only one version."""
    return link.version


def always(link: "PersonalLink") -> bool:
    """Say that the link may always be sent again to its holder."""
    return True


def nobody(link: "PersonalLink") -> str:
    """Name nobody to ask."""
    return ""


@dataclass(frozen=True)
class Purpose:
    """One use of links.

    `pages` are the views reached once the link is open: "" is the first one, the others are named in the address
    (`visit.url("signer")`). They show on GET and act on POST: mail scanners open links.
    `send` asks for the message that carries the link, in the transaction under way; its secret is made at the moment of
    sending by `issuing.rotate(link, delivery=…)`, and `issuing.delivered(…)` is called once that message left.
    `current_version` tells the version of the subject today, None when there is nothing left to open.
    `contact` is one French line: whom to call when the link does not open. It may be read by whoever holds the link.
    """

    name: str
    label: str
    lifetime: timedelta
    pages: "Mapping[str, Page]"
    send: "Callable[[PersonalLink], object]"
    current_version: "Callable[[PersonalLink], str | None]" = same_version
    may_renew: "Callable[[PersonalLink], bool]" = always
    contact: "Callable[[PersonalLink], str]" = nobody
    expired_text: str = ""
    revoked_text: str = ""
    outdated_text: str = ""
    renewal_cooldown: timedelta = field(default=timedelta(minutes=10))


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    """Add a purpose. Raises ValueError when its name is taken by another."""
    if _purposes.get(purpose.name, purpose) != purpose:
        raise ValueError(f"link purpose {purpose.name!r} is registered twice")
    _purposes[purpose.name] = purpose


def purpose_named(name: str) -> Purpose:
    """Return the purpose of that name. Raises PortalError when no app registered it."""
    try:
        return _purposes[name]
    except KeyError:
        raise PortalError("Cet usage de lien n’est plus connu du portail.", code="unknown_purpose") from None


def all_purposes() -> list[Purpose]:
    """Return every purpose, by name."""
    return [_purposes[name] for name in sorted(_purposes)]
