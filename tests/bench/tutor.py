"""What the phone of a tutor downloads to assess a trainee: the page and every file it asks for, at the first visit."""

import gzip
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from e2c_portal.links.issuing import Holder, prepare, rotate
from partnerships.models import CompanyContact
from tests.bench.figures import CannotMeasure, Figure
from tests.bench.scene import Scene
from tests.bench.visitor import Response, Visitor
from trainees.models import CompanyAssessment
from trainees.reads.assessment_link import ASSESSMENTS_LINK

KILOBYTES = "form.tutor.kilobytes"
# As the reverse proxy of production compresses what is not compressed yet (deploy/Caddyfile).
PROXY_LEVEL = 5
ASSETS = re.compile(r"""(?:href|src)=["'](/static/[^"'#]+)""")
INNER = re.compile(rb"""url\(["']?([^"')]+)["']?\)""")
KINDS_LOADED = (".css", ".js", ".svg", ".png", ".woff2", ".ico", ".webmanifest")


def names() -> list[str]:
    """Return the figure promised."""
    return [KILOBYTES]


def measure(scene: Scene) -> Iterator[Figure]:
    """Yield the kilobytes (of 1,000 bytes) that travel."""
    scene.officer  # noqa: B018  the database of the size of the country
    visitor = Visitor(*scene.web)
    page = _form(visitor, _waiting())
    if b"<form" not in page.content:
        raise CannotMeasure("La page du tuteur ne montre pas de formulaire à remplir.")
    yield Figure(
        KILOBYTES, (len(gzip.compress(page.content, PROXY_LEVEL)) + _weight_of_files(visitor, page)) / 1000, "ko"
    )


def _waiting() -> CompanyAssessment:
    waiting = CompanyAssessment.objects.filter(status="open", respondent__isnull=False).order_by("pk").first()
    if waiting is None:
        raise CannotMeasure("La base n’a aucune évaluation qui attend un tuteur.")
    return waiting


def _form(visitor: Visitor, waiting: CompanyAssessment) -> Response:
    """Follow the link as a browser does, then open the form, from the list when this tutor was asked for several."""
    contact = waiting.respondent
    assert isinstance(contact, CompanyContact)
    link = prepare(ASSESSMENTS_LINK, contact, "", Holder(contact.full_name, email=contact.email))
    space = visitor.get(urlsplit(rotate(link)).path, expected=303).location
    return visitor.get(urljoin(space, f"evaluer/{waiting.public_id}/"))


def _weight_of_files(visitor: Visitor, page: Response) -> int:
    """Return the bytes of style sheets, scripts, pictures and fonts, compressed as they are served."""
    waiting, seen, total = list(ASSETS.findall(page.content.decode())), set[str](), 0
    while waiting:
        address = waiting.pop().split("?")[0]
        if address in seen or not address.endswith(KINDS_LOADED):
            continue
        seen.add(address)
        total += len(visitor.get(address, headers={"Accept-Encoding": "br, gzip"}).content)
        if address.endswith(".css"):
            plain = visitor.get(address).content
            waiting += [
                urljoin(address, found.decode()) for found in INNER.findall(plain) if not found.startswith(b"data:")
            ]
    return total
