"""The server that browsers ask: Django's own, whose style sheets, scripts and fonts a browser keeps as it does in production."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest, HttpResponse
from pytest_django.live_server_helper import LiveServer

# Longer than any test. Production says ten years of files whose names change with what they hold.
KEPT_SECONDS = 3600


class KeptFilesHandler(StaticFilesHandler):
    """Say how long a file may be kept: unsaid, the browser asks for a dozen of them again at nearly every page."""

    def serve(self, request: HttpRequest) -> HttpResponse:
        answer = super().serve(request)
        answer.headers["Cache-Control"] = f"max-age={KEPT_SECONDS}"
        return answer


@pytest.fixture(scope="session")
def live_server() -> Iterator[Any]:
    """Serve the portal on a port of this process's own, as the fixture of pytest-django that it stands for."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = KeptFilesHandler
    server.start()
    yield server
    server.stop()
