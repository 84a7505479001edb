"""The workbooks of an import: the template to fill in, and the lines refused, each with its reason."""

import tempfile
from collections.abc import Iterable
from typing import IO, Any

from django.http import FileResponse
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from e2c_portal.exports.cells import cell
from e2c_portal.exports.formats import FORMATS, XLSX_MIME
from e2c_portal.exports.lists import Column
from e2c_portal.kernel.french import typeset
from trainees.models import TraineeImport, TraineeImportLine
from trainees.reads.import_columns import FIELDS, LINE_TITLE, REASON_TITLE
from trainees.sheets.imports import why_refused

EMPTY_LINES = 1000
NOTES = (
    "Une ligne par personne. Les colonnes peuvent changer d’ordre ; celles dont vous n’avez pas besoin peuvent disparaître.",
    "Effacez la ligne d’exemple avant de déposer le fichier.",
    "N’écrivez jamais de numéro de sécurité sociale : le portail refuse le fichier, ou la ligne, et n’en garde rien.",
    "Rien ne s’enregistre au dépôt : le portail montre d’abord, ligne par ligne, ce qu’il ferait.",
    "Une personne déjà connue (mêmes nom, prénom et date de naissance) n’est pas créée deux fois : ce qui manque à sa fiche est complété.",
)


def template_answer() -> FileResponse:
    """Answer the template: a sheet with the titles and one example, a sheet of notes."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it once it is sent
    write_template(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="modele-import-stagiaires.xlsx", content_type=XLSX_MIME)


def write_template(file: IO[bytes]) -> None:
    """Write the template into an open binary file."""
    book = Workbook(file, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    book.set_properties({"title": "Import de stagiaires", "author": "Portail des Écoles de la 2e chance"})
    bold, text = book.add_format({"bold": True, "bottom": 1, "text_wrap": True}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("Stagiaires")
    for number, field in enumerate(FIELDS):
        # Columns typed as text keep the zeros of a postal code and the dates as they are written.
        sheet.set_column(number, number, max(14, len(field.label) + 2), text)
        sheet.write_string(0, number, f"{field.label}{' *' if field.required else ''}", bold)
        sheet.write_string(1, number, field.example, text)
    sheet.freeze_panes(1, 3)
    _lists(sheet)
    _notes(book.add_worksheet("Notice"), bold, book.add_format({"text_wrap": True, "valign": "top"}))
    book.close()


def _lists(sheet: Worksheet) -> None:
    names = [field.name for field in FIELDS]
    for name, words in (("gender", ["F", "H"]), ("driving_licence", ["oui", "non"])):
        column = names.index(name)
        sheet.data_validation(1, column, EMPTY_LINES, column, {"validate": "list", "source": words})


def _notes(sheet: Worksheet, bold: Any, wrapped: Any) -> None:
    sheet.set_column(0, 0, 34, wrapped)
    sheet.set_column(1, 1, 70, wrapped)
    sheet.set_column(2, 2, 30, wrapped)
    for row, note in enumerate(NOTES):
        sheet.merge_range(row, 0, row, 2, typeset(note), wrapped)
        sheet.set_row(row, 32)
    first = len(NOTES) + 1
    sheet.write_row(first, 0, ["Colonne", "Ce qu’il faut y écrire", "Exemple"], bold)
    for row, field in enumerate(FIELDS, start=first + 1):
        sheet.write_row(row, 0, [field.label, typeset(field.note), field.example], wrapped)


def refused_answer(asked: TraineeImport, lines: Iterable[TraineeImportLine]) -> Any:
    """Answer the lines refused as they were brought, with the reason of each: corrected, the file may be brought again."""
    columns = [Column(LINE_TITLE, lambda line: line.number, 10), Column(REASON_TITLE, why_refused, 60)]
    columns += [Column(title or f"Colonne {rank + 1}", _cell_at(rank), 18) for rank, title in enumerate(asked.titles)]
    rows = ([cell(column.value(line)) for column in columns] for line in lines)
    return FORMATS["xlsx"].answer("Lignes refusées", columns, rows)


def _cell_at(rank: int) -> Any:
    return lambda line: line.cells[rank] if rank < len(line.cells) else ""
