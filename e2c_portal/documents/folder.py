"""The private folder of sealed bytes: a file has its name once it is whole and on the disk, or it is not there.

Django writes under the final name: a disk that fills up, or a worker that dies, leaves half a file there, and a power cut may
leave a document recorded as sealed whose bytes never reached the disk.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.storage import FileSystemStorage

DRAFT = ".part"


class WholeFilesStorage(FileSystemStorage):
    """Django's storage in a folder, where each file appears whole."""

    def _save(self, name: str, content: Any) -> str:
        target = Path(self.path(name))
        self._make_folder(target.parent)
        draft = target.with_name(f".{uuid4()}{DRAFT}")
        try:
            self._write(draft, content)
            # Taken meanwhile by another process: the next free name is asked for, as Django does.
            while target.exists():
                name = self.get_available_name(name)
                target = Path(self.path(name))
            draft.rename(target)
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
        _to_disk(target.parent)
        return str(name).replace("\\", "/")

    def _make_folder(self, folder: Path) -> None:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(mode=self.directory_permissions_mode or 0o777, exist_ok=True)
            _to_disk(path.parent)

    def _write(self, draft: Path, content: Any) -> None:
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, self.file_permissions_mode or 0o666)
        with os.fdopen(opened, "wb") as file:
            for chunk in content.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())


def _to_disk(folder: Path) -> None:
    """Have the names of a folder reach the disk too: some network disks do not know how, and say so."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):
            os.fsync(opened)
    finally:
        os.close(opened)
