"""The main menu: each app adds its entries when it starts, so the pages' frame learns no business word."""

from collections.abc import Callable
from dataclasses import dataclass

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
    """One line of the menu. `order` sorts the lines; `visible_to` answers for a user, anonymous or not."""

    label: str
    url_name: str
    icon: str
    order: int
    visible_to: Callable[[object], bool] = signed_in


@dataclass(frozen=True)
class Link:
    """An entry as a page prints it."""

    label: str
    url: str
    icon: str
    current: str


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add a line to the main menu; the same URL name replaces its former line."""
    _entries[entry.url_name] = entry


def links_for(request: HttpRequest) -> list[Link]:
    """Return the lines this visitor sees, in order, the one of the present page marked."""
    shown = sorted((entry for entry in _entries.values() if entry.visible_to(request.user)), key=lambda e: e.order)
    return [_link(entry, request.path) for entry in shown]


def _link(entry: Entry, path: str) -> Link:
    url = reverse(entry.url_name)
    return Link(entry.label, url, entry.icon, _current(url, path))


def _current(url: str, path: str) -> str:
    """Return the value of aria-current: the page itself, a page under it, or none."""
    if path == url:
        return "page"
    # The home page is the root of every path: it is current only when it is the page itself.
    return "true" if url != "/" and path.startswith(url) else ""
