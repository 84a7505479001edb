"""The pages as production serves them: gunicorn, its configuration and its processes, spoken to over a real connection."""

import signal
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from django.conf import settings as portal_settings
from django.test import Client

from dev.valkey import free_port
from e2c_portal.accounts.models import User
from tests.faults.programs import READY_SECONDS, Nursery, Running
from tests.faults.waiting import until

PATIENCE_SECONDS = 30
TOKEN = "a" * 32


class Site:
    """One web server at a time, always at the same address."""

    def __init__(self, nursery: Nursery, log: Path) -> None:
        self.nursery, self.log, self.port = nursery, log, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.running: Running | None = None
        self.manners: dict[str, Any] = {}

    def start(self) -> None:
        command = [
            "gunicorn", "e2c_portal.wsgi:application", f"--bind=127.0.0.1:{self.port}", "--workers=2", "--threads=4",
            "--graceful-timeout=30", "--config=python:e2c_portal.settings.gunicorn", "--no-control-socket",
        ]  # fmt: skip
        self.running = self.nursery.grow(command, self.log, **self.manners)
        until(self.answers, f"the pages answer:\n{self.log}", READY_SECONDS)

    def kill(self) -> None:
        """SIGKILL to the server and all its processes."""
        if self.running:
            self.running.end(signal.SIGKILL)

    def answers(self) -> bool:
        try:
            requests.get(f"{self.url}/.well-known/security.txt", timeout=5)
        except requests.ConnectionError:
            return False
        return True

    def browser(self, user: User | None = None) -> "Browser":
        return Browser(self.url, user)


class Browser:
    """Somebody's browser. It follows no redirection by itself, and sends the mark of its own forms."""

    def __init__(self, url: str, user: User | None = None) -> None:
        self.url, self.session = url, requests.Session()
        self.session.cookies.set(portal_settings.CSRF_COOKIE_NAME, TOKEN)
        if user:
            client = Client()
            client.force_login(user)
            key = client.cookies[portal_settings.SESSION_COOKIE_NAME].value
            self.session.cookies.set(portal_settings.SESSION_COOKIE_NAME, key)

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.url + path, allow_redirects=False, timeout=PATIENCE_SECONDS)

    def post(self, path: str, typed: dict[str, Any], files: dict[str, Any] | None = None) -> requests.Response:
        data = {"csrfmiddlewaretoken": TOKEN, **typed}
        return self.session.post(self.url + path, data, files=files, allow_redirects=False, timeout=PATIENCE_SECONDS)

    def open_link(self, path: str) -> str:
        """Open a personal link and return the address of its first page."""
        return self.get(path).headers["Location"]


@dataclass
class Sent:
    """A form that is being sent; its answer, if any."""

    thread: threading.Thread
    answers: list[requests.Response]


def send(browser: Browser, path: str, typed: dict[str, Any]) -> Sent:
    """Send a form without waiting for the answer, which may never come."""
    answers: list[requests.Response] = []

    def run() -> None:
        try:
            answers.append(browser.post(path, typed))
        except requests.RequestException:
            return

    thread = threading.Thread(target=run)
    thread.start()
    return Sent(thread, answers)
