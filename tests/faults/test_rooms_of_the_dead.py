"""What a killed worker had written among temporary files goes with the next one, and nobody touches what the living have there."""

import os
import signal
from pathlib import Path

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.kernel.sweepers import sweep_once
from e2c_portal.upkeep.incidents_words import INTERRUPTED
from tests.faults.counting import doubled_documents, lost_documents, sealed
from tests.faults.repeats import note, repeated, told_of
from tests.faults.scene import all_reached, ask_for
from tests.faults.waiting import until
from tests.faults.workshop import PROCESSES, Workshop

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DRAWN = ("rendered", "sealed")


def rooms(temporary: Path) -> set[Path]:
    return set(temporary.glob("portail-e2c-ouvriers-*/ouvrier-*"))


def fonts(folder: Path) -> list[Path]:
    return sorted(folder.rglob("weasyprint-*"))


@repeated
def test_the_temporary_files_of_a_killed_worker_are_swept_and_those_of_the_living_stay(
    turn: int, idle_workshop: Workshop, officer: User, documents_folder: Path, tmp_path: Path
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    workshop = idle_workshop
    workshop.manners = {"temporary": str(temporary)}
    workshop.nursery.want(*DRAWN)
    workshop.start()
    ask_for(len(DRAWN), officer)
    until(all_reached(workshop.nursery.stopped_at, DRAWN), "each process has drawn", 60, meanwhile=sweep_once)
    before = rooms(temporary)
    assert len(before) == PROCESSES
    # Each has written its fonts in its own room, and nothing anywhere else.
    assert [bool(fonts(room)) for room in before] == [True, True]
    assert sum(len(fonts(room)) for room in before) == len(fonts(temporary))

    first, second = (workshop.nursery.stopped_at(name) or 0 for name in DRAWN)
    os.kill(first, signal.SIGKILL)
    until(lambda: len(rooms(temporary) - before) == 1, "another process moves in", 30)
    left = rooms(temporary) & before
    assert [room.name.split("-")[1] for room in left] == [str(second)]
    assert all(fonts(room) for room in left)

    workshop.kill()
    workshop.start()
    until(lambda: sealed() == len(DRAWN), "all are sealed", 60, meanwhile=sweep_once)
    assert len(rooms(temporary)) == PROCESSES
    assert rooms(temporary) & before == set()
    workshop.running.end(signal.SIGTERM)  # type: ignore[union-attr]
    assert rooms(temporary) == set()
    assert fonts(temporary) == []
    note(
        "fichiers temporaires d’un ouvrier tué", lost=lost_documents(documents_folder), doubled=doubled_documents(documents_folder),
        told=told_of(INTERRUPTED),
    )  # fmt: skip
