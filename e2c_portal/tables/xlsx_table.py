"""XLSX through openpyxl's reading mode, row by row: what an archive could do to the machine is refused before it is parsed.

Zip bombs: the announced sizes are summed first, and zipfile never gives more than announced. Entities: defusedxml parses.
Giant sheets: the announced dimensions are not believed, and no more rows and columns than the bounds are read.
"""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml import DEFUSEDXML

from e2c_portal.kernel.errors import Refused

MOST_MEMBERS = 500
# openpyxl parses a workbook's own parts with defusedxml when it is there: it is locked with it, and this says so aloud.
if not DEFUSEDXML:
    raise ImportError("defusedxml is needed to read workbooks")
TOO_LARGE = (
    "Ce classeur est trop lourd une fois décompressé : copiez la feuille utile dans un classeur neuf, puis déposez-le."
)
NO_WORKBOOK = (
    "Ce fichier n’est pas un classeur Excel (.xlsx) lisible : ouvrez-le, enregistrez-le de nouveau, puis déposez-le."
)
# Rows without a cell between two others are read too: far beyond the rows that count, the sheet is not a list.
GAPS = 2000
FAULTS = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, DefusedXmlException, ParseError, KeyError, ValueError, TypeError,
    AttributeError, IndexError, EOFError, NotImplementedError, OverflowError, RuntimeError, AssertionError, OSError,
)  # fmt: skip


def xlsx_rows(content: IO[bytes], limit: int, rows: int, columns: int) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows of the first visible sheet that holds something, as texts. Raises Refused for what is no such file."""
    _refuse_bombs(content, limit)
    try:
        yield from _rows(content, rows + GAPS, columns)
    except Refused:
        raise
    except FAULTS as error:
        raise Refused(NO_WORKBOOK) from error


def _refuse_bombs(content: IO[bytes], limit: int) -> None:
    try:
        with zipfile.ZipFile(content) as archive:
            members = archive.infolist()
    except FAULTS as error:
        raise Refused(NO_WORKBOOK) from error
    finally:
        content.seek(0)
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > limit:
        raise Refused(TOO_LARGE)
    if not any(member.filename.startswith("xl/") for member in members):
        raise Refused(NO_WORKBOOK)


def _rows(content: IO[bytes], last: int, columns: int) -> Iterator[tuple[int, Sequence[str]]]:
    book = load_workbook(content, read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            sheet.reset_dimensions()
            found = False
            for line, row in enumerate(sheet.iter_rows(max_row=last, max_col=columns, values_only=True), start=1):
                texts = [as_text(value) for value in row]
                found = found or any(texts)
                yield line, texts
            if found:
                return
    finally:
        book.close()


def as_text(value: Any) -> str:
    """Return what a cell holds as text: a date as "2006-03-12", a whole number without decimals, oui or non."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)
