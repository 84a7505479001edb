"""The storage refuses, then takes again: nothing half written, each document made by itself, and staff told meanwhile."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psutil import Process

from e2c_portal.accounts.models import User
from e2c_portal.documents import sweeping
from e2c_portal.documents.models import Document, Status
from e2c_portal.kernel.sweepers import sweep_once
from e2c_portal.upkeep import incidents
from e2c_portal.upkeep.incidents_words import SERVICES
from tests.faults.counting import doubled_documents, half_files, lost_documents, sealed
from tests.faults.repeats import REPEATS, note, repeated, told_of
from tests.faults.scene import ask_for
from tests.faults.waiting import until
from tests.faults.workshop import Workshop

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NUMBER = 3 if REPEATS == 1 else 10
PATIENCE_SECONDS = 120
# More than any log says meanwhile; less than any document.
FULL_BYTES = 8_000


@contextmanager
def read_only(workshop: Workshop) -> Iterator[None]:
    """Nobody may write in the folder, as on a disk mounted for reading."""
    folder = workshop.nursery.storage
    folder.chmod(0o500)
    try:
        yield
    finally:
        folder.chmod(0o700)


@contextmanager
def full(workshop: Workshop) -> Iterator[None]:
    """No file of a worker may grow beyond a few kilobytes: the write is cut in the middle, as on a disk that fills up."""
    _limit(workshop, FULL_BYTES)
    try:
        yield
    finally:
        _limit(workshop, resource.RLIM_INFINITY)


def _limit(workshop: Workshop, size: int) -> None:
    assert workshop.running is not None
    worker = Process(workshop.running.number)
    for process in worker.children(recursive=True):
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


FAULTS: dict[str, Callable[[Workshop], object]] = {
    "stockage en lecture seule": read_only,
    "écriture coupée au milieu": full,
}


@repeated
@pytest.mark.parametrize("name", FAULTS)
def test_a_storage_that_refuses_then_takes_again(
    name: str,
    turn: int,
    idle_workshop: Workshop,
    officer: User,
    documents_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    idle_workshop.manners = {"obeys_folders": True}
    idle_workshop.start()
    with FAULTS[name](idle_workshop):  # type: ignore[attr-defined]
        ask_for(NUMBER, officer)
        failed = Document.objects.filter(status=Status.FAILED, retry_at__isnull=False)
        until(lambda: failed.count() == NUMBER, "each is refused", 20, meanwhile=sweep_once)
        assert all("Vérifiez la place disponible" in one.failure for one in failed)
        assert [path for path in documents_folder.rglob("*") if path.is_file()] == []
        incidents.look()
        told = told_of(SERVICES)
        assert any("Vérifiez la place disponible" in one.reason for one in incidents.open_incidents())
    # The minute during which a service that refused is left alone.
    failed.update(retry_at=sweeping.Now())
    until(lambda: sealed() == NUMBER, "all are sealed", PATIENCE_SECONDS, meanwhile=sweep_once)
    assert half_files(documents_folder) == []
    note(name, lost=lost_documents(documents_folder), doubled=doubled_documents(documents_folder), told=told)
