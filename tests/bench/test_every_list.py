"""Every list of the portal is measured when the network grows, or says why it need not be."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, path, resolve, reverse
from django.urls.resolvers import RegexPattern

from e2c_portal.exports.lists import all_lists
from e2c_portal.ui.pages import ShortPaginator
from tests.bench.page_list import EDITION, EXEMPT, INTERNSHIP, PAGES, TODAY, TRAINEE, Page
from tests.house.addresses import Address, all_addresses

# What a view uses when it shows rows page by page, or rows that are also exported.
MARKS = {"Paginator", "ShortPaginator", "export_links", "Listing"}
OURS = ("e2c_portal", "schools", "partnerships", "trainees", "assises")
EXAMPLES = {TRAINEE: "00000000-0000-0000-0000-000000000001", INTERNSHIP: 1, EDITION: 2026, TODAY: "2026-10-05"}


def is_a_list(address: Address) -> bool:
    """Say whether a view shows rows page by page: by its name, by what it uses, or by what its views' own functions use."""
    view = inspect.unwrap(address.callback)
    name = getattr(view, "__name__", "")
    return name == "changelist_view" or name.endswith("_list") or not MARKS.isdisjoint(_words(view, set()))


def _words(function: Callable[..., Any], seen: set[Any]) -> Iterator[str]:
    """Yield the names that a function uses, and those of the functions of views that it calls."""
    code = getattr(function, "__code__", None)
    if code is None or function in seen:
        return
    seen.add(function)
    for name in code.co_names:
        yield name
        called = function.__globals__.get(name)  # type: ignore[attr-defined]
        if inspect.isfunction(called) and called.__module__.split(".")[0] in OURS and ".views" in called.__module__:
            yield from _words(inspect.unwrap(called), seen)


def route_of(page: Page) -> str:
    return resolve(reverse(page.url_name, args=[EXAMPLES.get(argument, argument) for argument in page.args])).route


def unmeasured(addresses: list[Address], measured: set[str]) -> list[str]:
    return sorted(address.route for address in addresses if is_a_list(address) and address.route not in measured)


def test_every_list_is_measured_or_says_why_not() -> None:
    lists = {address.route for address in all_addresses() if is_a_list(address)}
    assert len(lists) > 55, "the walk must see the admin too"
    assert unmeasured(all_addresses(), {route_of(page) for page in PAGES} | set(EXEMPT)) == []
    assert set(EXEMPT) <= lists, "an exemption for no list"


def test_measures_have_each_a_name_of_their_own() -> None:
    names = [page.name for page in PAGES]
    assert len(names) == len(set(names))


def test_there_are_as_many_pages_as_lists_that_leave_as_files() -> None:
    assert len(PAGES) > len(all_lists())


def test_the_walk_sees_a_list_that_nobody_measures() -> None:
    """The test itself is tried on a list that nobody named."""

    def rows(request: HttpRequest) -> HttpResponse:
        return HttpResponse(ShortPaginator([], 25).page(1))

    def plain(request: HttpRequest) -> HttpResponse:
        return HttpResponse("")

    inner = type("Urls", (), {"urlpatterns": [path("oubliee/", rows), path("page/", plain)]})
    assert unmeasured(all_addresses(URLResolver(RegexPattern(r"^/"), inner)), set()) == ["oubliee/"]
