"""Read a Sirene extract as Insee publishes it, line by line: CSV in UTF-8, commas or semicolons, alone or in a ZIP.

Nothing is kept in memory but the line at hand. What is no such file is refused in French before anything else is done.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from e2c_portal.kernel.errors import Refused

CONTENT_LIMIT_BYTES = 50 * 1024 * 1024
LONGEST_LINE = 64 * 1024
ZIP_MAGIC = b"PK\x03\x04"
GZIP_MAGIC = b"\x1f\x8b"
HEADER_BYTES = 16 * 1024

NO_EXTRACT = (
    "Ce fichier n’est pas un extrait Sirene : sa première ligne doit nommer les colonnes de l’Insee (siren, siret, "
    "denominationUniteLegale…). Téléchargez-le sur sirene.fr ou data.gouv.fr et déposez-le sans l’ouvrir dans un tableur."
)
TOO_LARGE = (
    "Ce fichier dépasse 50 Mo une fois décompressé. Faites une extraction plus étroite : par département, par commune ou "
    "par liste de SIREN."
)
NOT_UTF8 = "Ce fichier n’est pas en UTF-8, l’encodage de l’Insee : déposez-le tel que téléchargé, sans l’enregistrer dans un tableur."
BROKEN_ZIP = "Cette archive ZIP est abîmée ou protégée par un mot de passe : téléchargez-la de nouveau."
ONE_CSV = "Cette archive ZIP doit contenir un fichier CSV, et un seul."
BROKEN_CSV = "Ce fichier CSV est abîmé à la ligne {line} : téléchargez-le de nouveau."


class SireneFile:
    """An open extract. Iterate to get (line number as an editor shows it, {column: value}); `percent` follows."""

    def __init__(self, stored: IO[bytes]) -> None:
        """Check what the file is. Raises Refused, with what to do."""
        self._content, size = _content_of(stored)
        self._measured = _Measured(self._content, size)
        text = io.TextIOWrapper(io.BufferedReader(self._measured), encoding="utf-8-sig", newline="")
        self._lines = _BoundedLines(text)
        header = self._lines.first()
        self._reader = csv.reader(self._lines, delimiter=";" if header.count(";") > header.count(",") else ",")
        self.columns = [name.strip().lower() for name in self._header()]
        if not {"siren", "siret"} & set(self.columns):
            raise Refused(NO_EXTRACT)

    @property
    def percent(self) -> int:
        """Return how much of the file was read, 0 to 100."""
        return self._measured.percent

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the lines after the header; an empty one is passed over, a short or long one has "" for what it lacks."""
        while True:
            try:
                values = next(self._reader, None)
            except (csv.Error, UnicodeDecodeError, *FAULTS) as error:
                raise _refusal_of(error, self._reader.line_num + 1) from error
            if values is None:
                return
            if any(values):
                yield self._reader.line_num, dict(zip(self.columns, values, strict=False))

    def _header(self) -> list[str]:
        try:
            return next(self._reader, [])
        except (csv.Error, UnicodeDecodeError, *FAULTS) as error:
            raise _refusal_of(error, 1) from error


class _BoundedLines:
    """The lines of a text; one that never ends is refused before it fills the memory."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._held: str | None = None

    def first(self) -> str:
        """Return the first line and keep it for whoever iterates."""
        try:
            self._held = self._next()
        except (UnicodeDecodeError, *FAULTS) as error:
            raise _refusal_of(error, 1) from error
        if "\0" in self._held:
            raise Refused(NO_EXTRACT)
        return self._held

    def __iter__(self) -> "_BoundedLines":
        return self

    def __next__(self) -> str:
        line, self._held = self._held, None
        line = self._next() if line is None else line
        if not line:
            raise StopIteration
        return line

    def _next(self) -> str:
        line = self._text.readline(LONGEST_LINE)
        if len(line) == LONGEST_LINE:
            raise Refused(NO_EXTRACT)
        return line


class _Measured(io.RawIOBase):
    """Count what is read, and stop beyond the limit whatever the archive announced."""

    def __init__(self, content: IO[bytes], size: int) -> None:
        self._content = content
        self._size = size
        self._read = 0

    @property
    def percent(self) -> int:
        return min(100, 100 * self._read // self._size) if self._size else 100

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._content.read(len(buffer))
        self._read += len(piece)
        if self._read > CONTENT_LIMIT_BYTES:
            raise Refused(TOO_LARGE)
        buffer[: len(piece)] = piece
        return len(piece)


FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)


def _content_of(stored: IO[bytes]) -> tuple[IO[bytes], int]:
    """Return the bytes of the CSV and how many they are."""
    start = stored.read(HEADER_BYTES)
    size = stored.seek(0, io.SEEK_END)
    stored.seek(0)
    if start.startswith(ZIP_MAGIC):
        return _only_member(stored)
    if start.startswith(GZIP_MAGIC):
        raise Refused("Décompressez d’abord ce fichier .gz, ou mettez le CSV dans un ZIP.")
    if b"\0" in start or not start.strip():
        raise Refused(NO_EXTRACT)
    if size > CONTENT_LIMIT_BYTES:
        raise Refused(TOO_LARGE)
    return stored, size


def _only_member(stored: IO[bytes]) -> tuple[IO[bytes], int]:
    try:
        archive = zipfile.ZipFile(stored)
        members = [
            info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")
        ]
        if len(members) != 1 or not members[0].filename.lower().endswith(".csv"):
            raise Refused(ONE_CSV)
        if members[0].file_size > CONTENT_LIMIT_BYTES:
            raise Refused(TOO_LARGE)
        return archive.open(members[0]), members[0].file_size
    except (RuntimeError, *FAULTS) as error:
        raise Refused(BROKEN_ZIP) from error


def _refusal_of(error: Exception, line: int) -> Refused:
    if isinstance(error, UnicodeDecodeError):
        return Refused(NOT_UTF8)
    if isinstance(error, csv.Error):
        return Refused(BROKEN_CSV.format(line=line))
    return Refused(BROKEN_ZIP)
