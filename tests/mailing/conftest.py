"""Messages under test: sample types, their templates, and a real mail server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template import engines

from tests.mailing import samples
from tests.mailing.samples import Probe
from tests.mailing.smtp_sink import Sink, listening

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def sample_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = engines["django"].engine  # type: ignore[attr-defined]
    monkeypatch.setattr(engine, "dirs", [*engine.dirs, TEMPLATES])


@pytest.fixture(autouse=True)
def probe() -> Iterator[Probe]:
    """The sample types, known while the test runs."""
    yield from samples.registered()


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """A real mail server, and the portal told to use it."""
    with listening() as server:
        use(settings, server.port)
        yield server


def use(settings: Any, port: int) -> None:
    """Tell the portal to send by SMTP to a port of this machine."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 3
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
