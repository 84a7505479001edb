"""A purpose of the tests: two pages, a version that may change, and a message asked for in the portal's own way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html

from e2c_portal.accounts.models import User
from e2c_portal.links import issuing, purposes
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.purposes import Purpose
from e2c_portal.links.visits import Visit

NAME = "tests.reading"
LIFETIME = timedelta(days=30)


@dataclass
class Desk:
    """What the purpose was asked and did."""

    version: str | None = "1"
    renewable: bool = True
    sent: list[int] = field(default_factory=list)
    acted: list[str] = field(default_factory=list)
    refuse: Exception | None = None
    send: Callable[[PersonalLink], object] = lambda link: None


desk = Desk()


def send(link: PersonalLink) -> None:
    if desk.refuse:
        raise desk.refuse
    desk.sent.append(link.pk)
    desk.send(link)


def first_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    form = '<h1>{}</h1><form method="post" action="{}"><button>Agir</button></form><a href="{}">Suite</a>'
    return HttpResponse(format_html(form, visit.link.holder_label, visit.url("agir"), visit.url("agir", "12")))


def act(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method == "POST":
        desk.acted.append(f"{visit.link.pk} {visit.item}".strip())
    return HttpResponse(f"page {visit.page} {visit.item} {request.user.is_authenticated}")


def broken(request: HttpRequest, visit: Visit) -> HttpResponse:
    raise RuntimeError(f"broken at {request.path}")


READING = Purpose(
    name=NAME, label="Lire un document d’essai", lifetime=LIFETIME, pages={"": first_page, "agir": act, "casse": broken},
    send=send, current_version=lambda link: desk.version, may_renew=lambda link: desk.renewable,
    contact=lambda link: "École d’essai, 04 67 00 00 00",
)  # fmt: skip


def registered() -> Iterator[Desk]:
    """Know the purpose while a test runs."""
    purposes.register(READING)
    for name, value in vars(Desk()).items():
        setattr(desk, name, value)
    yield desk
    purposes._purposes.pop(NAME)


def link_to(subject: User, email: str = "paul@exemple.fr", version: str = "1", **options: object) -> PersonalLink:
    """Prepare a link of the sample purpose."""
    holder = issuing.Holder("Paul Exemple", email, str(options.pop("phone", "")))
    return issuing.prepare(NAME, subject, version, holder, **options)  # type: ignore[arg-type]


def token_in(url: str) -> str:
    """Return the token of a full address."""
    return url.rstrip("/").rpartition("/")[2]


def path_in(url: str) -> str:
    """Return the path of a full address."""
    return url[url.index("/lien/") :]
