"""Pages that upper apps add to the space of a company, in AppConfig.ready: partnerships learns nothing of what they hold."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from e2c_portal.links.visits import Visit


@dataclass(frozen=True)
class SpacePage:
    """One page: its word in the address, its entry in the menu of the space, and the button that leads there from the first page.

    `show` receives the request and the visit; it shows on GET and acts on POST, as all pages reached by a link.
    """

    name: str
    label: str
    button: str
    icon: str
    show: "Callable[[HttpRequest, Visit], HttpResponse]"


_pages: dict[str, SpacePage] = {}
# The views by name, as a link purpose wants them: the same object for ever, so that what is registered later is found.
VIEWS: "dict[str, Callable[[HttpRequest, Visit], HttpResponse]]" = {}


def register(page: SpacePage) -> None:
    """Add a page; the same name replaces its former page, as Django may set its apps up anew."""
    _pages[page.name] = page
    VIEWS[page.name] = page.show


def all_pages() -> list[SpacePage]:
    """Return the pages added, in the order they came."""
    return list(_pages.values())
