"""A workbook (XLSX) of figures: sheets of typed cells. The same content gives the same bytes: no clock is read.

A text is never read as a formula, an address or a number.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from e2c_portal.exports.cells import FORBIDDEN, starts_a_formula

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
SHEET_NAME = str.maketrans("[]:*?/\\", "       ")
XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RATE = "rate"


def rate(value: float) -> tuple[float, str]:
    """Return a cell that reads as a percentage."""
    return (value, RATE)


class Book:
    """A workbook being written. `made_at` is an ISO date and time, that of the content."""

    def __init__(self, title: str, made_at: str) -> None:
        self._file = io.BytesIO()
        self._book = Workbook(self._file, OPTIONS)
        self._book.set_properties({
            "title": title, "author": "Portail des Écoles de la 2e chance",
            "created": datetime.fromisoformat(made_at).replace(tzinfo=None),
        })  # fmt: skip
        self._title: Format = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._rate: Format = self._book.add_format({"num_format": '0.0"\N{NO-BREAK SPACE}%"'})
        self._quoted: Format = self._book.add_format({"quote_prefix": True})

    def sheet(self, name: str, titles: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
        """Add a sheet: a line of titles, then the rows. A cell is a value, or what `rate` returns."""
        sheet: Worksheet = self._book.add_worksheet(name.translate(SHEET_NAME)[:31])
        for number, (title, width) in enumerate(zip(titles, widths, strict=True)):
            sheet.set_column(number, number, width)
            self._write(sheet, 0, number, title, self._title)
        sheet.freeze_panes(1, 0)
        for place, row in enumerate(rows, start=1):
            for number, value in enumerate(row):
                self._write(sheet, place, number, value)

    def section(self, section: Mapping[str, Any], last_line: str) -> None:
        """Add the sheet of a section: its lines, its definition, then `last_line` that says what it was counted from."""
        columns = section["columns"]
        rows: list[list[Any]] = [
            [
                line["label"],
                *(cell_of(cell, column["kind"]) for column, cell in zip(columns, line["cells"], strict=True)),
            ]
            for line in section["lines"]
        ]
        rows += [[], [section["definition"]], [last_line]]
        if section["note"]:
            rows.append([section["note"]])
        titles = [section["heading"], *(column["label"] for column in columns)]
        self.sheet(section["title"], titles, rows, [44, *[20] * len(columns)])

    def bytes(self) -> bytes:
        """Close the workbook and return it."""
        self._book.close()
        return self._file.getvalue()

    def _write(self, sheet: Worksheet, row: int, number: int, value: Any, style: Format | None = None) -> None:
        style = self._rate if isinstance(value, tuple) else style
        value = value[0] if isinstance(value, tuple) else value
        if isinstance(value, int | float):
            sheet.write_number(row, number, value, style)
        elif value:
            text = FORBIDDEN.sub("", str(value))
            sheet.write_string(row, number, text, style or (self._quoted if starts_a_formula(text) else None))


def cell_of(cell: Mapping[str, Any], kind: str) -> Any:
    """Return the cell of a figure: its number, or its words when it has none. A cell that says its own kind is believed."""
    if cell["value"] is None or isinstance(cell["value"], str):
        return cell["words"]
    return rate(cell["value"]) if cell.get("kind", kind) == RATE else cell["value"]
