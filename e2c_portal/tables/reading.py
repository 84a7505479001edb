"""Open a table somebody brought, whatever it really is, and read it once into rows of text, within bounds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import number
from e2c_portal.tables.csv_table import csv_rows
from e2c_portal.tables.xlsx_table import xlsx_rows

ZIP_MAGIC = b"PK\x03\x04"
# Excel 97-2003 and encrypted workbooks share this container.
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
PDF_MAGIC = b"%PDF"
OLD_EXCEL = (
    "Ce fichier est un ancien classeur Excel (.xls), ou un classeur protégé par un mot de passe. Enregistrez-le au format "
    "« Classeur Excel (.xlsx) » sans mot de passe, puis déposez-le de nouveau."
)
NO_TABLE = "Ce fichier n’est pas un tableau : déposez un classeur Excel (.xlsx) ou un fichier CSV."
NO_ROW = "Ce tableau n’a aucune ligne sous ses titres de colonnes."
NO_HEADER = "La première ligne du tableau doit donner le titre de chaque colonne : nom, prénom, date de naissance…"


@dataclass(frozen=True)
class Bounds:
    """How much is read at most: bytes once unpacked, rows under the titles, columns, characters in a cell."""

    content_bytes: int = 25 * 1024 * 1024
    rows: int = 5000
    columns: int = 80
    cell: int = 500


@dataclass(frozen=True)
class Table:
    """The titles of the columns, and the rows under them: each with the number a spreadsheet shows, one text per column."""

    titles: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(content: IO[bytes], bounds: Bounds) -> Table:
    """Read the whole table: the first row that is not empty names the columns. Raises Refused, with what to do.

    An XLSX gives its first visible sheet. Dates come as ISO days, whole numbers without decimals, the rest as it is shown.
    """
    numbered = _numbered(content, bounds)
    first = next(numbered, None)
    if first is None:
        raise Refused(NO_HEADER)
    titles = first[1]
    while titles and not titles[-1]:
        titles.pop()
    if sum(1 for title in titles if title) < 2:
        raise Refused(NO_HEADER)
    rows: list[tuple[int, list[str]]] = []
    for line, cells in numbered:
        if len(rows) == bounds.rows:
            raise Refused(
                f"Ce tableau a plus de {number(bounds.rows)} lignes : coupez-le en plusieurs fichiers, chacun avec ses titres."
            )
        rows.append((line, _fitted(cells, len(titles))))
    if not rows:
        raise Refused(NO_ROW)
    return Table(titles, rows)


def _fitted(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * width)[:width]


def _numbered(content: IO[bytes], bounds: Bounds) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold something, with their number."""
    start = content.read(8)
    content.seek(0)
    if start.startswith(OLE_MAGIC):
        raise Refused(OLD_EXCEL)
    if start.startswith(PDF_MAGIC):
        raise Refused(NO_TABLE)
    rows: Iterator[tuple[int, Sequence[str]]] = (
        xlsx_rows(content, bounds.content_bytes, bounds.rows, bounds.columns)
        if start.startswith(ZIP_MAGIC)
        else csv_rows(content, bounds.content_bytes)
    )
    for line, cells in rows:
        told = [_clean(cell, bounds.cell) for cell in cells[: bounds.columns]]
        if any(told):
            yield line, told


def _clean(cell: str, longest: int) -> str:
    """One line of text without what neither the database nor a page takes; no-break spaces are spaces."""
    return " ".join(cell.replace("\0", "").split())[:longest].strip()
