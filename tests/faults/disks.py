"""Small disks that fill up for good: real ones, in memory, that one program and the processes it makes alone see."""

import errno
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.faults.programs import Running

SIZE_BYTES = 4 * 1024 * 1024
BALLAST = "lest"
BLOCK_BYTES = 4096
# Less than any document, more than nothing: a write is cut in the middle.
LEFT_BLOCKS = 2


@dataclass
class SmallDisk:
    """One folder of a program that runs, which is a disk of its own. `seen` is where this process reads it."""

    program: Running
    folder: Path

    @property
    def seen(self) -> Path:
        """Return the folder as the program sees it: elsewhere, nothing is mounted on it."""
        return Path(f"/proc/{self.program.number}/root") / self.folder.relative_to("/")

    def fill(self, left_blocks: int = LEFT_BLOCKS) -> None:
        """Write until the disk takes nothing more, then give some blocks back."""
        written, block = 0, bytes(BLOCK_BYTES)
        with (self.seen / BALLAST).open("wb", buffering=0) as ballast:
            try:
                while True:
                    written += ballast.write(block)
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
            ballast.truncate(max(0, written - left_blocks * BLOCK_BYTES))

    def make_room(self) -> None:
        with suppress(FileNotFoundError):
            (self.seen / BALLAST).unlink()

    def files(self) -> list[Path]:
        """Return what the program wrote there."""
        return [path for path in self.seen.rglob("*") if path.is_file() and path.name != BALLAST]
