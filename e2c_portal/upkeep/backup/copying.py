"""Copy the stored files, each one once: what the backup before already holds is shared with it."""

import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone

from e2c_portal.documents import storage
from e2c_portal.upkeep.backup.layout import CHUNK, FILES, LISTING, Line, as_text, inside, lines_of, sha256_of
from e2c_portal.upkeep.backup.stored_files import Named, still_named

# A shared file is read again once in so many backups: a disk that ages is found, and the file copied anew.
READ_AGAIN_EVERY = 7


class NotGiven(Exception):
    """The storage does not give a file. A backup that cannot be written is another matter: nothing of it must be kept."""


@dataclass
class Copied:
    """What the copy gave. `missing` and `altered` name files that the database wants and the storage no longer gives."""

    number: int = 0
    size: int = 0
    shared: int = 0
    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)


def copy_files(wanted: Path, folder: Path, previous: Path | None, advance: Callable[[Copied], None]) -> Copied:
    """Bring every file of the list `wanted` into the backup `folder`, and write its listing.

    A file that left the storage since the snapshot, with the row that named it, is `gone`: that is no fault.
    """
    done, days = Copied(), timezone.localdate().toordinal()
    before = _Former(previous)
    with (folder / LISTING).open("w", encoding="utf-8") as listing:
        for named in _read(wanted):
            line = _shared(named, folder, before, days, done) or _copied(named, folder, done)
            if line is not None:
                listing.write(as_text(line))
                done.number += 1
                done.size += line.size
            advance(done)
    return done


def _read(path: Path) -> Iterator[Named]:
    with path.open(encoding="utf-8") as listing:
        for text in listing:
            yield Named(**json.loads(text))


class _Former:
    """The listing of the backup before, read beside ours: both are in the order of keys."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.lines = lines_of(folder) if folder else iter(())
        self.line = next(self.lines, None)

    def at(self, key: str) -> Line | None:
        while self.line is not None and self.line.key < key:
            self.line = next(self.lines, None)
        return self.line if self.line is not None and self.line.key == key else None


def _shared(named: Named, folder: Path, before: _Former, days: int, done: Copied) -> Line | None:
    """Share the file of the backup before, unless it is not what it was."""
    line = before.at(named.key)
    if line is None or before.folder is None or (named.sha256 and named.sha256 != line.sha256):
        return None
    source, target = inside(before.folder / FILES, named.key), inside(folder / FILES, named.key)
    try:
        if source.stat().st_size != line.size or _is_read_again(named.key, days) and sha256_of(source) != line.sha256:
            done.mended.append(named.key)
            return None
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, target)
    except OSError:
        # Not there, or a disk that cannot share: it is copied.
        return None
    done.shared += 1
    return line


def _is_read_again(key: str, days: int) -> bool:
    return zlib.crc32(key.encode()) % READ_AGAIN_EVERY == days % READ_AGAIN_EVERY


def _copied(named: Named, folder: Path, done: Copied) -> Line | None:
    target = inside(folder / FILES, named.key)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        size, sha256 = _write(named.key, target)
    except NotGiven:
        target.unlink(missing_ok=True)
        (done.missing if still_named(named.key) else done.gone).append(named.key)
        return None
    if named.sha256 and sha256 != named.sha256:
        done.altered.append(named.key)
    return Line(named.key, size, sha256)


def _write(key: str, target: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as copy:
        for piece in _pieces(key):
            digest.update(piece)
            size += copy.write(piece)
    return size, digest.hexdigest()


def _pieces(key: str) -> Iterator[bytes]:
    """Read a stored file. Raises NotGiven, whatever the storage raises; what the disk of the backup raises is not its doing."""
    try:
        with storage.document_storage().open(key) as stored:
            while piece := stored.read(CHUNK):
                yield piece
    except storage.FAULTS as error:
        raise NotGiven from error
