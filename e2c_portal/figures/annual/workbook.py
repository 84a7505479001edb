"""The report as a workbook (XLSX): the same frozen content, one sheet a section; the same content gives the same bytes."""

from collections.abc import Mapping
from typing import Any

from e2c_portal.exports.workbook import Book, rate


def workbook_of(content: Mapping[str, Any], reference: str) -> bytes:
    """Return the workbook of a frozen content."""
    book = Book(f"Rapport d’activité {content['year']} – {reference}", content["computed_at"])
    _summary(book, content, reference)
    for section in content["sections"]:
        book.section(section, f"Compté sur {section['behind']}, calculé le {content['computed_at']}.")
    book.sheet(
        "Définitions",
        ["Chiffre", "Définition"],
        [[one["label"], one["text"]] for one in content["definitions"]],
        [40, 110],
    )
    return book.bytes()


def _summary(book: Book, content: Mapping[str, Any], reference: str) -> None:
    year = content["year"]
    rows: list[list[Any]] = [
        [
            figure["label"],
            _cell(figure, "value", "words"),
            _cell(figure, "before_value", "before"),
            figure["basis"],
            figure["definition"],
        ]
        for figure in content["summary"]
    ]
    rows += [
        [], ["Réseau", content["network"]], ["Rapport", reference], ["Calculé le", content["computed_at"]],
        ["Lignes connues le", content["known_on"]], ["Empreinte des chiffres (SHA-256)", content["data_sha256"]],
        *([text] for text in content["introduction"]),
    ]  # fmt: skip
    book.sheet(
        "Ensemble", ["Chiffre", str(year), str(year - 1), "Sur combien", "Définition"], rows, [38, 20, 20, 40, 100]
    )


def _cell(figure: Mapping[str, Any], value: str, words: str) -> Any:
    found = figure[value]
    if found is None:
        return figure[words]
    return rate(found) if figure["kind"] == "rate" else found
