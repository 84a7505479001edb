"""ODS written as it goes: OpenDocument 1.3 asks for little, and a library would hold the whole list as a tree of objects."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from e2c_portal.exports.cells import Cell, french_text
from e2c_portal.exports.lists import Column

MIME = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{uri}"'
    for name, uri in (
        ("office", "office:1.0"), ("table", "table:1.0"), ("text", "text:1.0"), ("style", "style:1.0"),
        ("fo", "xsl-fo-compatible:1.0"), ("number", "datastyle:1.0"),
    )
)  # fmt: skip
DAY = '<number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
STYLES = (
    f'<number:date-style style:name="day">{DAY}</number:date-style>'
    f'<number:date-style style:name="moment">{DAY}<number:text> </number:text><number:hours number:style="long"/>'
    '<number:text>:</number:text><number:minutes number:style="long"/></number:date-style>'
    '<style:style style:name="title" style:family="table-cell"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="day-cell" style:family="table-cell" style:data-style-name="day"/>'
    '<style:style style:name="moment-cell" style:family="table-cell" style:data-style-name="moment"/>'
)
CENTIMETRES_PER_CHARACTER = 0.22


def write_ods(file: IO[bytes], title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the list into an open binary file."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        # The type comes first and uncompressed: that is how the format is recognised.
        archive.writestr("mimetype", MIME, ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        with archive.open("content.xml", "w", force_zip64=True) as content:
            content.write(_opening(title, columns).encode())
            for row in rows:
                content.write(_row("".join(_cell(value) for value in row)).encode())
            content.write(b"</table:table></office:spreadsheet></office:body></office:document-content>")


def _opening(title: str, columns: Sequence[Column]) -> str:
    widths = "".join(
        f'<style:style style:name="c{number}" style:family="table-column"><style:table-column-properties '
        f'style:column-width="{column.width * CENTIMETRES_PER_CHARACTER:.2f}cm"/></style:style>'
        for number, column in enumerate(columns)
    )
    places = "".join(f'<table:table-column table:style-name="c{number}"/>' for number in range(len(columns)))
    titles = "".join(_text(column.title, ' table:style-name="title"') for column in columns)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES} office:version="1.3">'
        f"<office:automatic-styles>{STYLES}{widths}</office:automatic-styles><office:body><office:spreadsheet>"
        f"<table:table table:name={quoteattr(title)}>{places}"
        f"<table:table-header-rows>{_row(titles)}</table:table-header-rows>"
    )


def _row(cells: str) -> str:
    return f"<table:table-row>{cells}</table:table-row>"


def _cell(value: Cell) -> str:
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        return _text(value)
    shown = f"<text:p>{escape(french_text(value))}</text:p></table:table-cell>"
    if isinstance(value, datetime):
        return f'<table:table-cell table:style-name="moment-cell" office:value-type="date" office:date-value="{value.isoformat(timespec="seconds")}">{shown}'
    if isinstance(value, date):
        return f'<table:table-cell table:style-name="day-cell" office:value-type="date" office:date-value="{value.isoformat()}">{shown}'
    return f'<table:table-cell office:value-type="float" office:value="{value}">{shown}'


def _text(text: str, attributes: str = "") -> str:
    """A cell typed as text: what it holds is never computed. One paragraph for each line."""
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.splitlines())
    return f'<table:table-cell{attributes} office:value-type="string">{lines}</table:table-cell>'
