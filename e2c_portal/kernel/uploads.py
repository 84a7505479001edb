"""A bound on uploads, held while the bytes arrive and not after."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

# A browser shows our answer only once its sending is over, so what remains is read and thrown away; beyond this many
# times the limit nobody sent the file by mistake, and the connection is dropped instead.
DRAINED_TIMES_LIMIT = 10
PIECE_BYTES = 64 * 1024


class BoundedUploadHandler(FileUploadHandler):
    """Stop keeping a request whose files pass the limit, and mark it so that the view can say why.

    The fields before the file are read all the same: without its CSRF token the request would be refused for the wrong
    reason.
    """

    request: Any

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.input_data: Any = None
        self.announced = self.received = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: str, encoding: str | None = None
    ) -> None:
        self.input_data = input_data
        self.announced = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.announced > settings.UPLOAD_LIMIT_BYTES:
            self._refuse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_LIMIT_BYTES:
            self._refuse()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _refuse(self) -> None:
        self.request.upload_too_large = True
        if self.announced <= DRAINED_TIMES_LIMIT * settings.UPLOAD_LIMIT_BYTES:
            # Django would drain it line by line, and a file without line breaks is one line: all of it in memory.
            while self.input_data.read(PIECE_BYTES):
                pass
        raise StopUpload(connection_reset=True)


def let_go(request: Any) -> None:
    """Remove what a request that could not be read whole has left on the disk of temporary files: a full disk needs the room.

    Django leaves it until the request is collected, which an exception that remembers it may put off for long.
    """
    for handler in request.upload_handlers:
        if (file := getattr(handler, "file", None)) is not None:
            # Closing writes what was not, on a disk that takes nothing more.
            with suppress(OSError):
                file.close()
