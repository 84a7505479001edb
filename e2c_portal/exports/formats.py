"""The formats on offer: how each is called, and the answer that carries it."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from e2c_portal.exports.cells import Cell
from e2c_portal.exports.csv_file import csv_lines
from e2c_portal.exports.lists import Column
from e2c_portal.exports.ods_file import MIME as ODS_MIME
from e2c_portal.exports.ods_file import write_ods
from e2c_portal.exports.xlsx_file import write_xlsx

XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Rows = Iterable[Sequence[Cell]]
Writer = Callable[[IO[bytes], str, Sequence[Column], Rows], None]


@dataclass(frozen=True)
class Format:
    """One format: the end of the file's name, the word people know it by, and how it is answered."""

    extension: str
    label: str
    answer: Callable[[str, Sequence[Column], Rows], HttpResponseBase]


def _csv(title: str, columns: Sequence[Column], rows: Rows) -> HttpResponseBase:
    return StreamingHttpResponse(csv_lines(columns, rows), content_type="text/csv; charset=utf-8")


def _by_file(write: Writer, content_type: str) -> Callable[[str, Sequence[Column], Rows], HttpResponseBase]:
    """Zipped formats end with their table of contents: they grow in a file on disk, which then leaves in pieces."""

    def answer(title: str, columns: Sequence[Column], rows: Rows) -> HttpResponseBase:
        file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it once it is sent
        try:
            write(file, title, columns, rows)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return FileResponse(file, content_type=content_type)

    return answer


FORMATS = {
    item.extension: item
    for item in (
        Format("xlsx", "Excel (XLSX)", _by_file(write_xlsx, XLSX_MIME)),
        Format("csv", "CSV", _csv),
        Format("ods", "LibreOffice (ODS)", _by_file(write_ods, ODS_MIME)),
    )
}
