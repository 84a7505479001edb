"""What a test of faults asks for: a broker and workers of its own, and their end whatever happens."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from e2c_portal.documents import building
from e2c_portal.kernel import jobs
from tests.faults.broker import Broker, publishing_to
from tests.faults.workshop import LEASE_SECONDS, Workshop


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker that this process publishes to, and that the test may stop."""
    own = Broker(tmp_path)
    own.start()
    with publishing_to(own.address):
        yield own
    own.stop()


@pytest.fixture
def workshop(
    transactional_db: None, notices: None, broker: Broker, documents_folder: Path, tmp_path: Path, settings: Any
) -> Iterator[Workshop]:
    """A worker on that broker; this process sweeps with the same short lease."""
    settings.DOCUMENT_CLAIM_LEASE = timedelta(seconds=LEASE_SECONDS)
    own = Workshop(tmp_path, broker.address, documents_folder)
    own.start()
    yield own
    own.kill()


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sweeper send a waiting job at once."""
    monkeypatch.setattr(jobs, "PUBLISHING_GRACE", timedelta(seconds=1))
    assert building  # loaded before the clock of a test starts
