"""Shared scenery of the sealing tests: one trust service per session, one sample, one sealed file per level."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from e2c_portal.documents.sealing import SealedPdf, SealSettings, TrustAnchors, seal_pdf
from tests.documents.authority_scene import TrustService, serving
from tests.documents.rich_sample import sample_pdf

PLAIN = sample_pdf  # drawn once: see `unsealed`


@cache
def unsealed() -> bytes:
    """The sample, before any seal."""
    return PLAIN()


@dataclass
class Scene:
    """A trust service that answers, and what it was asked."""

    service: TrustService
    asked: list[str]

    def settings(self, level: str) -> SealSettings:
        """Return the configuration that reaches `level`."""
        revocation = "files" if level in ("B-LT", "B-LTA") else ""
        return self.service.settings(timestamps=level != "B-B", revocation=revocation)

    def sealed(self, level: str) -> SealedPdf:
        """Return the sample sealed at `level`."""
        return seal_pdf(unsealed(), self.settings(level), at=datetime.now(UTC), archive=level == "B-LTA")

    @property
    def trust(self) -> TrustAnchors:
        """The root of the service."""
        return TrustAnchors.from_settings(self.settings("B-B"))


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A trust service that answers on the loopback interface for the whole session."""
    with serving(service := TrustService(tmp_path_factory.mktemp("confiance"))) as asked:
        yield Scene(service, asked)


def new_service(folder: Path) -> TrustService:
    """Return another trust service, with its own folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return TrustService(folder)
