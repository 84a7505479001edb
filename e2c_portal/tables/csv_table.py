"""CSV as people's software writes it: UTF-8 with or without its mark, Windows-1252, UTF-16; semicolons, commas, tabs, bars."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO

from e2c_portal.kernel.errors import Refused

DELIMITERS = ";,\t|"
LONGEST_LINE = 64 * 1024
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
NOT_TEXT = "Ce fichier n’est pas un tableau : déposez un classeur Excel (.xlsx) ou un fichier CSV."
TOO_LARGE = "Ce fichier est trop lourd : coupez-le en plusieurs fichiers, chacun avec ses titres."
BROKEN = "Ce fichier CSV est abîmé à la ligne {line} : une cellule n’est pas fermée, ou une ligne n’a pas de fin."


def csv_rows(content: IO[bytes], limit: int) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows with the number of their line. Raises Refused when it is no text, or no CSV."""
    text = _text_of(content.read(limit + 1), limit)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text))
    csv.field_size_limit(LONGEST_LINE)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Refused(BROKEN.format(line=line)) from error
        if cells is None:
            return
        yield line, cells


def _text_of(raw: bytes, limit: int) -> str:
    if len(raw) > limit:
        raise Refused(TOO_LARGE)
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError as error:
                raise Refused(NOT_TEXT) from error
    if b"\0" in raw:
        raise Refused(NOT_TEXT)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # What is no UTF-8 comes from a French Windows: cp1252 leaves five bytes undefined, shown as unknown signs.
        return raw.decode("cp1252", errors="replace")


def _delimiter_of(text: str) -> str:
    """Return the sign that parts the titles, those between quotes aside; a line « sep=; » that Excel writes says it."""
    first = next((line for line in text.splitlines()[:20] if line.strip()), "")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[-1]
    outside = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=outside.count) if any(sign in outside for sign in DELIMITERS) else ";"
