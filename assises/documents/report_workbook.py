"""The report as a workbook (XLSX): the same frozen content, one sheet a section; the same content gives the same bytes."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assises.reads.report_content import definitions_of, not_counted
from assises.reads.report_sections import RATE
from e2c_portal.exports.cells import FORBIDDEN, starts_a_formula

# A text is never read as a formula, an address or a number; dates inside the file are those of the content, not of the clock.
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
SHEET_NAME = str.maketrans("[]:*?/\\", "       ")
XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_of(content: Mapping[str, Any], reference: str) -> bytes:
    """Return the workbook of a frozen content."""
    file = io.BytesIO()
    book = Workbook(file, OPTIONS)
    book.set_properties({
        "title": f"{content['edition']['name']} – {reference}", "author": "Portail des Écoles de la 2e chance",
        "created": datetime.fromisoformat(content["computed_at"]).replace(tzinfo=None),
    })  # fmt: skip
    writer = _Writer(book)
    _summary(writer, content, reference)
    for section in content["sections"]:
        _section(writer, section, content["computed_at"])
    if content["told"]:
        rows = [[fact["year"], fact["label"], fact["words"], fact["source"]] for fact in content["told"]]
        writer.sheet("Selon les sources", ["Édition", "Fait", "Ce qui est rapporté", "Source"], rows, [10, 36, 60, 60])
    writer.sheet(
        "Définitions", ["Chiffre", "Définition"], [list(pair) for pair in definitions_of(dict(content))], [40, 100]
    )
    book.close()
    return file.getvalue()


class _Writer:
    """Writes sheets of typed cells."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.title: Format = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.rate: Format = book.add_format({"num_format": '0.0"\N{NO-BREAK SPACE}%"'})
        self.quoted: Format = book.add_format({"quote_prefix": True})

    def sheet(self, name: str, titles: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
        """Add a sheet: a line of titles, then the rows. A cell is a value, or a pair (rate, RATE)."""
        sheet: Worksheet = self.book.add_worksheet(name.translate(SHEET_NAME)[:31])
        for number, (title, width) in enumerate(zip(titles, widths, strict=True)):
            sheet.set_column(number, number, width)
            self._write(sheet, 0, number, title, self.title)
        sheet.freeze_panes(1, 0)
        for place, row in enumerate(rows, start=1):
            for number, value in enumerate(row):
                self._write(sheet, place, number, value)

    def _write(self, sheet: Worksheet, row: int, number: int, value: Any, style: Format | None = None) -> None:
        style = self.rate if isinstance(value, tuple) else style
        value = value[0] if isinstance(value, tuple) else value
        if isinstance(value, int | float):
            sheet.write_number(row, number, value, style)
        elif value:
            text = FORBIDDEN.sub("", str(value))
            sheet.write_string(row, number, text, style or (self.quoted if starts_a_formula(text) else None))


def _summary(writer: _Writer, content: Mapping[str, Any], reference: str) -> None:
    edition = content["edition"]
    rows: list[list[Any]] = [
        [
            figure["label"],
            _cell(figure, RATE if figure["key"] == "rate" else ""),
            figure["definition"],
            figure["behind"],
        ]
        for figure in content["summary"]
    ]
    rows += [
        [], ["Édition", edition["name"]], ["Jour", edition["held_on"]], ["Lieu", edition["place"]], ["Bilan", reference],
        ["Calculé le", content["computed_at"]], ["Empreinte des données (SHA-256)", content["data_sha256"]],
    ]  # fmt: skip
    if sentence := not_counted(dict(content)):
        rows.append(["À savoir", sentence])
    writer.sheet("Ensemble", ["Chiffre", "Valeur", "Définition", "Compté sur"], rows, [34, 30, 90, 24])


def _section(writer: _Writer, section: Mapping[str, Any], computed_at: str) -> None:
    columns = section["columns"]
    rows: list[list[Any]] = [
        [line["label"], *(_cell(cell, column["kind"]) for column, cell in zip(columns, line["cells"], strict=True))]
        for line in section["lines"]
    ]
    rows += [[], [section["definition"]], [f"Compté sur {section['behind']}, calculé le {computed_at}."]]
    if section["note"]:
        rows.append([section["note"]])
    titles = [section["heading"], *(column["label"] for column in columns)]
    writer.sheet(section["title"], titles, rows, [44, *[20] * len(columns)])


def _cell(cell: Mapping[str, Any], kind: str) -> Any:
    if cell["value"] is None or isinstance(cell["value"], str):
        return cell["words"]
    return (cell["value"], RATE) if kind == RATE else cell["value"]
