"""What an attacker reads first: the links and the forms of the pages somebody may open, followed one after the other."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client

SELF = "http://testserver"


@dataclass(frozen=True)
class Finding:
    """One hole: which attack found it, where, and what was seen."""

    attack: str
    where: str
    seen: str


@dataclass
class Form:
    """A form of a page: where it is sent, and what its fields hold."""

    page: str
    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.links, self.forms = page, [], []  # type: str, list[str], list[Form]
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "a" and (href := known.get("href")):
            self.links.append(urljoin(SELF + self.page, href))
        elif tag == "form":
            action = urlsplit(urljoin(SELF + self.page, known.get("action", "")))
            where = action.path + (f"?{action.query}" if action.query else "")
            self.forms.append(Form(self.page, where, known.get("method", "get").lower()))
        elif self.forms and (name := known.get("name")):
            self._field(tag, name, known)
        elif tag == "option" and self._select and self.forms:
            self._option(known)

    def _field(self, tag: str, name: str, known: dict[str, str]) -> None:
        form, kind = self.forms[-1], known.get("type", "text")
        self._select = name if tag == "select" else ""
        if kind == "file":
            form.files.append(name)
        elif tag == "select":
            form.values.setdefault(name, "")
        elif kind not in ("checkbox", "radio") or "checked" in known:
            form.values[name] = known.get("value", "")

    def _option(self, known: dict[str, str]) -> None:
        values = self.forms[-1].values
        if "selected" in known or not values.get(self._select):
            values[self._select] = known.get("value", "")


@dataclass
class Map:
    """What was found: each page with its text, and every form."""

    pages: dict[str, str] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)


def explore(client: Client, starts: Iterable[str], *, most: int = 150, skip: tuple[str, ...] = ()) -> Map:
    """Follow the links of the pages from these addresses, each path once, files left aside."""
    found, waiting, seen = Map(), deque(starts), set(starts)
    while waiting and len(found.pages) < most:
        page = waiting.popleft()
        answer = client.get(page, follow=True)
        if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        text = answer.content.decode()
        found.pages[page] = text
        reader = _Reader(page)
        reader.feed(text)
        found.forms += reader.forms
        for link in reader.links:
            path = urlsplit(link)
            if f"{path.scheme}://{path.netloc}" == SELF and path.path not in seen and not path.path.startswith(skip):
                seen.add(path.path)
                waiting.append(path.path)
    return found
