"""The report as a workbook (XLSX): the same frozen content, one sheet a section; the same content gives the same bytes."""

from collections.abc import Mapping
from typing import Any

from assises.reads.report_content import definitions_of, not_counted
from assises.reads.report_sections import RATE
from e2c_portal.exports.workbook import Book, cell_of


def workbook_of(content: Mapping[str, Any], reference: str) -> bytes:
    """Return the workbook of a frozen content."""
    book = Book(f"{content['edition']['name']} – {reference}", content["computed_at"])
    _summary(book, content, reference)
    for section in content["sections"]:
        book.section(section, f"Compté sur {section['behind']}, calculé le {content['computed_at']}.")
    if content["told"]:
        rows = [[fact["year"], fact["label"], fact["words"], fact["source"]] for fact in content["told"]]
        book.sheet("Selon les sources", ["Édition", "Fait", "Ce qui est rapporté", "Source"], rows, [10, 36, 60, 60])
    book.sheet(
        "Définitions", ["Chiffre", "Définition"], [list(pair) for pair in definitions_of(dict(content))], [40, 100]
    )
    return book.bytes()


def _summary(book: Book, content: Mapping[str, Any], reference: str) -> None:
    edition = content["edition"]
    rows: list[list[Any]] = [
        [
            figure["label"],
            cell_of(figure, RATE if figure["key"] == "rate" else ""),
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
    book.sheet("Ensemble", ["Chiffre", "Valeur", "Définition", "Compté sur"], rows, [34, 30, 90, 24])
