"""The main menu: each app adds its entries when it starts, so the pages' frame learns no business word."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse


def signed_in(user: object) -> bool:
    """Show an entry to whoever is signed in."""
    return bool(getattr(user, "is_authenticated", False))


def everybody(user: object) -> bool:
    """Show an entry to all visitors."""
    return True


@dataclass(frozen=True)
class Entry:
    """One line of the menu. `order` sorts the lines; `visible_to` answers for a user, anonymous or not.

    With `section`, the URL name of a line of the menu, it is one of the ways shown under the menu on the pages of that line.
    `holds` names other pages that stand under this way, whatever their address; one that is `alone` is marked on its own page
    only, not on those whose address begins like its own.
    """

    label: str
    url_name: str
    icon: str
    order: int
    visible_to: Callable[[object], bool] = signed_in
    section: str = ""
    holds: tuple[str, ...] = ()
    alone: bool = False


@dataclass(frozen=True)
class Link:
    """An entry as a page prints it. `nearness` says how much of the page's address its own holds, in letters."""

    label: str
    url: str
    icon: str
    current: str
    nearness: int = 0


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add a line to the main menu, or a way under one; the same URL name in the same place replaces its former line."""
    _entries[f"{entry.section} {entry.url_name}".strip()] = entry


def links_for(request: HttpRequest) -> list[Link]:
    """Return the lines this visitor sees, in order, the one of the present page marked."""
    return _links(request, "")


def ways_for(request: HttpRequest) -> list[Link]:
    """Return the ways between the pages of the section this page is in, none elsewhere; only the closest one is marked."""
    section = next(
        (e.section for e in _entries.values() if e.section and _current(reverse(e.section), request.path)), ""
    )
    if not section:
        return []
    links = _links(request, section)
    closest = max((link for link in links if link.current), key=lambda link: link.nearness, default=None)
    return [link if link is closest else replace(link, current="") for link in links]


def section_links(request: HttpRequest, section_url: str) -> list[Link]:
    """Return the ways under the line of the menu that stands at this address, for the site map."""
    sections = {entry.section for entry in _entries.values() if entry.section}
    found = next((name for name in sections if reverse(name) == section_url), "")
    return [link for link in _links(request, found) if link.url != section_url] if found else []


def _links(request: HttpRequest, section: str) -> list[Link]:
    # A request refused before anybody is known, such as one for another host, has no user: it is a visitor's.
    user = getattr(request, "user", None) or AnonymousUser()
    shown = [entry for entry in _entries.values() if entry.section == section and entry.visible_to(user)]
    return [_link(entry, request.path) for entry in sorted(shown, key=lambda entry: entry.order)]


def _link(entry: Entry, path: str) -> Link:
    url = reverse(entry.url_name)
    own = _current(url, path)
    if entry.alone and own != "page":
        own = ""
    held = max((len(other) for name in entry.holds if _current(other := reverse(name), path)), default=0)
    return Link(entry.label, url, entry.icon, own or ("true" if held else ""), max(held, len(url) if own else 0))


def _current(url: str, path: str) -> str:
    """Return the value of aria-current: the page itself, a page under it, or none."""
    if path == url:
        return "page"
    # The home page is the root of every path: it is current only when it is the page itself.
    return "true" if url != "/" and path.startswith(url) else ""
