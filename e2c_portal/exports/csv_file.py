"""CSV as French spreadsheets open it by a double click: UTF-8 with its mark, semicolons, Windows line ends."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from e2c_portal.exports.cells import Cell, french_text
from e2c_portal.exports.lists import Column

BYTE_ORDER_MARK = "\ufeff"


class _Line:
    """A file that gives back at once the line written to it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Write the list line by line; nothing is kept."""
    writer = csv.writer(_Line(), delimiter=";", quoting=csv.QUOTE_MINIMAL)
    yield BYTE_ORDER_MARK + writer.writerow([french_text(column.title) for column in columns])
    for row in rows:
        yield writer.writerow([french_text(value) for value in row])
