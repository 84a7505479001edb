"""A real browser on a real server. Whatever the console complains of fails the test that caused it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, ProxySettings, Request, Response, sync_playwright

from e2c_portal.accounts.models import User

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    # Pages live a second: compiling and collecting beside them, on other threads, takes more processor than it ever gives back.
    "--js-flags=--single-threaded",
]  # fmt: skip
# Whatever is not this machine is asked of a proxy that is not there. Playwright could stop each request itself, but it then
# hears of every one before it leaves and keeps nothing from one page to the next: opening a page cost twice as much.
NOWHERE = ProxySettings(server="http://127.0.0.1:9", bypass="localhost,127.0.0.1")
# What the console says of no fault: a refusal that the test asked for (404, 429), which the browser logs as an error of loading;
# a page left while it was still asking for something, which htmx logs as two errors. A request that fails has other words.
NO_FAULTS = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")
MISSING = "Il manque un navigateur pour ces tests. Tapez : sudo apt-get install -y chromium"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the machine's Chromium once. Without one the tests fail and say what to type: they never skip in silence."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.fail(MISSING)
    # Playwright keeps an event loop in this thread, and Django would then refuse every query of the test itself.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS, proxy=NOWHERE)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class LivePortal:
    """The portal as a person has it: a page, and the address of the server.

    `faults` gathers what the browser complained of; the test fails at its end unless it is empty.
    """

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> Response | None:
        """Go to a path of the portal, "/verifier/" for example."""
        return self.page.goto(self.url + path)

    def sign_in(self, user: User) -> None:
        """Become `user` without passing by the sign-in page, which has a journey of its own."""
        client = Client()
        client.force_login(user)
        session = client.cookies[portal_settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies(
            [{"name": portal_settings.SESSION_COOKIE_NAME, "value": session, "url": self.url}]
        )

    def picture(self, folder: Path, name: str, width: int = 1280) -> Path:
        """Show the page at a width and, when the environment asks for PICTURES, leave one of it whole, to be looked at."""
        self.page.set_viewport_size({"width": width, "height": 800})
        target = folder / f"{name}-{width}.png"
        # Nobody looks at those of an ordinary run: drawing one takes as long as opening the page.
        if "PICTURES" in os.environ:
            self.page.screenshot(path=target, full_page=True)
        return target


@pytest.fixture
def live(browser: Browser, transactional_db: None, live_server: Any, seal_key: None) -> Iterator[LivePortal]:
    """Give a page of a fresh browser on the test server, signed out. Nothing it asks for leaves the machine."""
    context = browser.new_context(
        locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 800}, accept_downloads=True
    )
    portal = LivePortal(context.new_page(), live_server.url)
    context.on("request", lambda request: _note_if_elsewhere(portal, request))
    portal.page.on("console", lambda message: _note(portal, message))
    portal.page.on("pageerror", lambda error: portal.faults.append(f"script error: {error}"))
    yield portal
    context.close()
    assert not portal.faults, "the browser complained:\n" + "\n".join(portal.faults)


def _note_if_elsewhere(portal: LivePortal, request: Request) -> None:
    # The browser’s own reader of PDF files is an extension: its pages come from the browser itself.
    if not request.url.startswith((portal.url, "data:", "blob:", "chrome-extension:", "chrome:")):
        portal.faults.append(f"the page asked another server: {request.url}")


def _note(portal: LivePortal, message: ConsoleMessage) -> None:
    if message.type == "error" and not message.text.startswith(NO_FAULTS):
        portal.faults.append(f"console: {message.text}")
