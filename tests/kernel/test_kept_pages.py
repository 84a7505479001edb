"""What is kept of a page: never what belongs to one request; and a cache that is away costs nothing."""

import pickle
import zlib
from contextlib import suppress
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.urls import reverse

from dev.valkey import free_port
from e2c_portal.kernel import kept_pages
from e2c_portal.kernel.addresses import address_of
from e2c_portal.kernel.kept_pages import kept


@pytest.fixture(autouse=True)
def nothing_known_of_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_pages, "_away_until", 0.0)


class Page:
    """A page that counts how often it is drawn."""

    def __init__(self, words: str = "Bonjour") -> None:
        self.words, self.drawn, self.name = words, 0, str(uuid4())

    def ask(self, request: HttpRequest | None = None, *, stamp: str = "1", stands_on: Any = ()) -> str:
        request = request or asked()

        def draw() -> HttpResponse:
            self.drawn += 1
            field = f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
            return HttpResponse(self.words.replace("FORM", field))

        return kept(request, self.name, stamp, stands_on, draw).content.decode()


def asked() -> HttpRequest:
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def test_a_page_is_drawn_once_for_each_stamp_and_each_thing_it_stands_on() -> None:
    page = Page()
    for stamp, stands_on in (("1", ["Ana"]), ("2", ["Ana"]), ("2", ["Bob"]), ("1", ["Ana"]), ("2", ["Bob"])):
        assert page.ask(stamp=stamp, stands_on=stands_on) == "Bonjour"
    assert page.drawn == 3
    page.ask(stamp="")
    page.ask(stamp="")
    assert page.drawn == 5, "nothing is known of its rows: it must be drawn"


def test_tokens_are_those_of_each_request() -> None:
    page = Page("FORM FORM")
    first, second = page.ask(), page.ask()
    assert (page.drawn, len(first)) == (1, len(second))
    assert first != second


@pytest.mark.parametrize("words", ["FORM <a href='?t=%s'>", "zéro \0"])
def test_what_cannot_be_taken_out_of_a_page_is_not_kept(words: str) -> None:
    request = asked()
    page = Page(words)
    draws = []

    def draw() -> HttpResponse:
        token = get_token(request)
        draws.append(token)
        field = f'name="csrfmiddlewaretoken" value="{token}"'
        return HttpResponse(words.replace("FORM", field).replace("%s", token))

    for _ in range(2):
        kept(request, page.name, "1", (), draw)
    assert len(draws) == 2


@pytest.mark.parametrize(
    "answer",
    [HttpResponse("refus", status=403), HttpResponse("x", headers={"X-One": "1"}), HttpResponse("x", "text/plain")],
)
def test_only_whole_pages_are_kept(answer: HttpResponse) -> None:
    name, drawn = str(uuid4()), []
    for _ in range(2):
        kept(asked(), name, "1", (), lambda: drawn.append(1) or answer)  # type: ignore[func-returns-value]
    assert len(drawn) == 2


def test_a_message_is_told_by_a_page_drawn_for_it() -> None:
    page, request = Page(), asked()
    page.ask()
    messages.success(request, "Enregistré.")
    page.ask(request)
    assert page.drawn == 2


def test_a_cache_that_is_away_is_left_alone(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    default = settings.CACHES["default"]
    settings.CACHES = {"default": default | {"LOCATION": f"redis://127.0.0.1:{free_port()}/0"}}
    page = Page()
    for _ in range(3):
        assert page.ask() == "Bonjour"
    assert page.drawn == 3
    assert kept_pages._away_until > monotonic()
    assert len([line for line in caplog.records if "cache of pages" in line.message]) == 1, "asked only once"


def test_the_cache_holds_no_word_of_a_page_and_gives_back_none_of_its_own() -> None:
    page = Page("Inès Alba " * 50)
    page.ask()
    client = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]
    keys = list(client.scan_iter(match=cache.make_key("page:*")))
    assert keys
    for key in keys:
        held = client.get(key)
        assert b"Alba" not in held
        assert b"Alba" not in _inflated(held)
        client.set(key, pickle.dumps(zlib.compress(b"an injected page")))
    assert page.ask().startswith("Inès Alba")
    assert page.drawn == 2


def _inflated(held: bytes) -> bytes:
    for start in range(min(len(held), 64)):
        with suppress(zlib.error):
            return zlib.decompress(held[start:])
    return b""


def test_pages_may_be_kept_nowhere(settings: Any) -> None:
    settings.KEPT_PAGES = False
    page = Page()
    page.ask()
    page.ask()
    assert page.drawn == 2


def test_an_address_written_at_once_is_that_of_the_portal() -> None:
    number = uuid4()
    assert address_of("trainees:trainee", number) == reverse("trainees:trainee", args=[number])
    assert address_of("trainees:internship", 12) == reverse("trainees:internship", args=[12])
    assert address_of("trainees:trainee", str(number)) == reverse("trainees:trainee", args=[number])  # type: ignore[arg-type]
