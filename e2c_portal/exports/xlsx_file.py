"""XLSX through XlsxWriter, one row in memory at a time. Cells are typed: a text never becomes a formula."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from e2c_portal.exports.cells import Cell, starts_a_formula
from e2c_portal.exports.lists import Column

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
LONGEST_TEXT = 32_767
FORBIDDEN_IN_A_SHEET_NAME = str.maketrans("[]:*?/\\", "       ")


def write_xlsx(file: IO[bytes], title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the list into an open binary file."""
    book = Workbook(file, OPTIONS)
    book.set_properties({"title": title, "author": "Portail des Écoles de la 2e chance"})
    formats = {
        "title": book.add_format({"bold": True, "bottom": 1}),
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
        datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        # Excel keeps such a text a text even when somebody edits its cell, or saves the list as CSV.
        "quoted": book.add_format({"quote_prefix": True}),
    }
    sheet = book.add_worksheet(title.translate(FORBIDDEN_IN_A_SHEET_NAME)[:31])
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, column.title, formats["title"])
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, start=1):
        for number, value in enumerate(row):
            _write(sheet, last, number, value, formats)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    book.close()


def _write(sheet: Worksheet, row: int, number: int, value: Cell, formats: dict) -> None:
    if value == "":
        return
    if isinstance(value, str):
        quoted = formats["quoted"] if starts_a_formula(value) else None
        sheet.write_string(row, number, value[:LONGEST_TEXT], quoted)
    elif isinstance(value, date):
        sheet.write_datetime(row, number, value, formats[type(value)])
    else:
        sheet.write_number(row, number, value)
