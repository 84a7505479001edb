"""One worker per phase of a document, and of a signature, all killed at that very phase: nothing lost, nothing double."""

import os
import signal
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.requesting import request_batch
from e2c_portal.kernel.sweepers import sweep_once
from e2c_portal.upkeep.incidents_words import INTERRUPTED
from tests.documents.notices.kind import order
from tests.faults.counting import doubled_documents, half_files, lost_documents, sealed
from tests.faults.portal.stops import BUILD
from tests.faults.repeats import note, repeated, told_of
from tests.faults.waiting import until
from tests.faults.workshop import Workshop

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PATIENCE_SECONDS = 120


def all_reached(workshop: Workshop, names: Iterable[str]) -> Callable[[], bool]:
    return lambda: all(workshop.nursery.stopped_at(name) for name in names)


def kill(workshop: Workshop, names: Iterable[str], turn: int) -> None:
    """A power cut every other time; otherwise the processes alone, as a lack of memory would do, and their worker goes on."""
    if turn % 2 == 0:
        workshop.kill()
        workshop.start()
        return
    for name in names:
        os.kill(workshop.nursery.stopped_at(name) or 0, signal.SIGKILL)


@repeated
def test_a_document_survives_at_each_phase(
    turn: int, idle_workshop: Workshop, officer: User, documents_folder: Path
) -> None:
    names = list(BUILD)
    idle_workshop.processes = len(names)
    idle_workshop.nursery.want(*names)
    idle_workshop.start()
    request_batch("À chaque étape", [order(number=number) for number in range(len(names))], officer)
    until(all_reached(idle_workshop, names), "a worker stands at each phase", 60, meanwhile=sweep_once)
    assert half_files(documents_folder) == []
    kill(idle_workshop, names, turn)
    until(lambda: sealed() == len(names), "all are sealed", PATIENCE_SECONDS, meanwhile=sweep_once)
    note(
        "ouvrier tué à chaque étape d’un document", lost=lost_documents(documents_folder),
        doubled=doubled_documents(documents_folder), told=told_of(INTERRUPTED),
    )  # fmt: skip
    assert half_files(documents_folder) == []
    assert not Document.objects.exclude(status=Status.SEALED).exists()
