"""A process of a worker has a temporary folder of its own, swept only once it is dead; no trap laid beside it is walked into."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2c_portal.kernel import tasks, worker_rooms


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give temporary files a folder of the test, and put everything back: this process is no worker."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(worker_rooms, "_held", {})
    yield tmp_path
    worker_rooms.move_out()


def dead_room(name: str) -> Path:
    """Return a room that nobody holds, with a file in it."""
    room = worker_rooms.parent() / name
    room.mkdir(parents=True)
    (room / "police.otf").write_bytes(b"police")
    return room


def test_all_temporary_files_go_to_the_room_and_leave_with_it() -> None:
    room = worker_rooms.move_in()
    assert room is not None
    assert Path(tempfile.mkdtemp(prefix="weasyprint-")).parent == room
    assert os.environ["TMPDIR"] == str(room)
    assert room.stat().st_mode & 0o077 == room.parent.stat().st_mode & 0o077 == 0
    worker_rooms.move_out()
    assert not room.exists()


def test_the_night_sweeps_the_dead_and_leaves_the_living_and_strange_names() -> None:
    dead, living = dead_room("ouvrier-1-a"), dead_room("ouvrier-2-b")
    stranger = dead_room("note")
    lock = os.open(living, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    own = worker_rooms.move_in()
    assert [room.exists() for room in (dead, living, stranger)] == [False, True, True]
    os.close(lock)
    tasks.sweep_worker_rooms()
    assert [room.exists() for room in (living, stranger, own)] == [False, True, True]  # type: ignore[union-attr]


def test_a_link_in_place_of_a_room_is_not_followed(elsewhere: Path) -> None:
    precious = elsewhere / "precious"
    precious.mkdir()
    dead_room("ouvrier-1-a")
    (worker_rooms.parent() / "ouvrier-2-b").symlink_to(precious)
    worker_rooms.sweep()
    assert precious.is_dir()


def test_a_process_works_without_a_room_when_its_place_is_a_trap(
    elsewhere: Path, caplog: pytest.LogCaptureFixture
) -> None:
    trap = elsewhere / "trap"
    trap.mkdir()
    worker_rooms.parent().symlink_to(trap)
    assert worker_rooms.move_in() is None
    assert tempfile.gettempdir() == str(elsewhere)
    assert list(trap.iterdir()) == []
    assert "no temporary folder of its own" in caplog.text
