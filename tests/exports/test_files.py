"""The three formats: what a cell becomes, and nothing that a spreadsheet would run."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from odf.opendocument import load
from odf.table import TableCell, TableRow
from odf.teletype import extractText

from e2c_portal.exports.cells import cell, french_text, guarded, starts_a_formula
from e2c_portal.exports.csv_file import csv_lines
from e2c_portal.exports.lists import Column, Listing, register
from e2c_portal.exports.ods_file import write_ods
from e2c_portal.exports.xlsx_file import write_xlsx

ATTACKS = [
    "=1+1",
    "+33 4 67",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\N{NO-BREAK SPACE}=1",
    "＝1+1",
    '=HYPERLINK("x")',
]
HARMLESS = ["", "a=b", "12/12/2014", "l’été", "Dupont & Fils <SARL>", "'=1"]
COLUMNS = (Column("Nom", str), Column("Jour", str), Column("Moment", str), Column("Nombre", str))
# A cell holds local time without its zone, as spreadsheets do.
MOMENT = cell(datetime(2026, 1, 2, 2, 4, tzinfo=UTC))
ROW = ["Dupont & Fils <SARL>\nMontpellier", date(2014, 12, 12), MOMENT, Decimal("-2.5")]


def written(write, *rows: list) -> io.BytesIO:
    file = io.BytesIO()
    write(file, "Liste", COLUMNS, iter(rows))
    file.seek(0)
    return file


def ods_rows(file: io.BytesIO) -> list[list]:
    return [row.getElementsByType(TableCell) for row in load(file).spreadsheet.getElementsByType(TableRow)]


@pytest.mark.parametrize("text", ATTACKS)
def test_a_csv_cell_never_starts_a_formula(text: str) -> None:
    [_, line] = csv_lines(COLUMNS[:1], [[text]])
    [[found]] = csv.reader(io.StringIO(line, newline=""), delimiter=";")
    assert found == "'" + text


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text
    assert not starts_a_formula(text)


@pytest.mark.parametrize("text", ATTACKS)
def test_a_typed_cell_holds_text_and_no_formula(text: str) -> None:
    with zipfile.ZipFile(written(write_xlsx, [cell(text)])) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
    assert "<f>" not in sheet
    assert 't="inlineStr"' in sheet
    assert 'quotePrefix="1"' in styles
    with zipfile.ZipFile(written(write_ods, [cell(text)])) as book:
        content = book.read("content.xml").decode()
    assert "table:formula" not in content
    assert content.count('office:value-type="string"') == len(COLUMNS) + 1


def test_a_csv_opens_in_french_spreadsheets() -> None:
    text = "".join(csv_lines(COLUMNS, [ROW]))
    assert text == (
        '\ufeffNom;Jour;Moment;Nombre\r\n"Dupont & Fils <SARL>\nMontpellier";12/12/2014;02/01/2026 03:04;-2,5\r\n'
    )


def test_an_xlsx_keeps_types() -> None:
    with zipfile.ZipFile(written(write_xlsx, ROW)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314  written by us
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    values = [found.text for found in sheet.iter(f"{space}v")]
    assert values == ["41985", "46024.12777777778", "-2.5"]
    assert [found.text for found in sheet.iter(f"{space}t")][-1] == "Dupont & Fils <SARL>\nMontpellier"


def test_an_ods_is_read_by_another_library() -> None:
    titles, row = ods_rows(written(write_ods, ROW))
    assert [extractText(found) for found in titles] == ["Nom", "Jour", "Moment", "Nombre"]
    assert "Dupont & Fils <SARL>" in extractText(row[0])
    assert [found.getAttribute("valuetype") for found in row] == ["string", "date", "date", "float"]
    assert row[1].getAttribute("datevalue") == "2014-12-12"
    assert row[3].getAttribute("value") == "-2.5"


def test_an_ods_says_first_what_it_is() -> None:
    with zipfile.ZipFile(written(write_ods)) as book:
        first = book.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_what_xml_forbids_is_left_out() -> None:
    assert cell("a\x00\x0b\x1f\ufffeb\td") == "ab\td"
    ods_rows(written(write_ods, [cell("\x01a\x0c]]>")]))
    with zipfile.ZipFile(written(write_xlsx, [cell("\x01a")])) as book:
        ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314  written by us


def test_values_become_french() -> None:
    assert [cell(value) for value in (None, True, False)] == ["", "oui", "non"]
    assert cell(datetime(2026, 7, 1, 12, tzinfo=UTC)).replace() == datetime(2026, 7, 1, 14, tzinfo=UTC).replace(
        tzinfo=None
    )
    assert french_text(Decimal("-2.5")) == "-2,5"


def test_a_longer_text_than_a_cell_holds_is_cut_not_lost() -> None:
    with zipfile.ZipFile(written(write_xlsx, ["x" * 40_000])) as book:
        assert "x" * 32_767 in book.read("xl/worksheets/sheet1.xml").decode()


def test_two_columns_of_one_title_are_refused() -> None:
    with pytest.raises(ValueError, match="two columns"):
        register(Listing("essai", "Essai", (COLUMNS[0], COLUMNS[0]), lambda request: None))


def test_a_name_taken_is_refused() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        register(Listing("conventions", "Autre", COLUMNS, lambda request: None))
