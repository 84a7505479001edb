"""Tables as people bring them, and files made to hurt: what is read, what is refused, in French."""

import io
import zipfile
from datetime import date

import pytest

from e2c_portal.kernel.errors import Refused
from e2c_portal.tables.days import day_in
from e2c_portal.tables.reading import Bounds, read_table
from tests.factories.spreadsheets import csv_file, xlsx

TITLES = ["Nom", "Prénom", "Né le"]
ROWS = [["D’Arc", "Zoé", date(2006, 3, 12)], ["Œuvrard", "Noé", "12 mars 2006"]]
READ = [["D’Arc", "Zoé", "12/03/2006"], ["Œuvrard", "Noé", "12 mars 2006"]]


def read(content: bytes, **bounds: int) -> list[list[str]]:
    return [cells for _, cells in read_table(io.BytesIO(content), Bounds(**bounds)).rows]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_csv_of_a_french_office(delimiter: str, encoding: str) -> None:
    assert read(csv_file(ROWS, TITLES, delimiter=delimiter, encoding=encoding).read()) == READ


def test_a_workbook_gives_its_days_and_its_whole_numbers() -> None:
    table = read_table(io.BytesIO(xlsx([["Pons", 612345678, date(2006, 3, 12)]], TITLES).read()), Bounds())
    assert table.titles == TITLES
    assert table.rows == [(2, ["Pons", "612345678", "2006-03-12"])]


def test_holes_are_passed_over_and_lines_keep_their_numbers() -> None:
    content = "sep=;\r\n;;\r\nNom;Prénom;Né le\r\n\r\nPons;Léa\r\n;;\r\nRoux;Noé;2006;de trop\r\n".encode()
    with pytest.raises(Refused, match="titre de chaque colonne"):
        read(b"Nom\r\nPons\r\n")
    table = read_table(io.BytesIO(content.removeprefix(b"sep=;\r\n")), Bounds())
    assert table.rows == [(4, ["Pons", "Léa", ""]), (6, ["Roux", "Noé", "2006"])]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "titre de chaque colonne"),
        (b"Nom;Pr\xc3\xa9nom\n", "aucune ligne"),
        (b"\xd0\xcf\x11\xe0 old", "ancien classeur Excel"),
        (b"%PDF-1.7", "n\u2019est pas un tableau"),
        (b"\x89PNG\0\0", "n\u2019est pas un tableau"),
        (b"PK\x03\x04 broken", "n\u2019est pas un classeur"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read(content)


def archive(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def workbook_with(sheet: bytes) -> bytes:
    """Return a true workbook whose sheet is replaced."""
    target, source = io.BytesIO(), io.BytesIO(xlsx(ROWS, TITLES).read())
    with zipfile.ZipFile(source) as known, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in known.namelist():
            made.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else known.read(name))
    return target.getvalue()


SHEET = b'<?xml version="1.0"?>%s<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</worksheet>'


class TestWorkbooksMadeToHurt:
    def test_a_bomb_is_refused_before_it_is_opened(self) -> None:
        bomb = archive(**{"xl__workbook.xml": b"0" * 60_000_000})
        assert len(bomb) < 100_000
        with pytest.raises(Refused, match="trop lourd une fois décompressé"):
            read(bomb)

    def test_entities_are_refused(self) -> None:
        entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
        cell = b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>'
        with pytest.raises(Refused, match="n’est pas un classeur"):
            read(workbook_with(SHEET % (entities, cell)))

    def test_announced_dimensions_are_not_believed(self) -> None:
        cells = b"".join(
            b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>a</t></is></c><c r="XFD%d" t="inlineStr"><is><t>z</t></is></c></row>'
            % (row, row, row)
            for row in (1, 2)
        )
        sheet = SHEET % (b"", b'<dimension ref="A1:XFD1048576"/><sheetData>' + cells + b"</sheetData>")
        with pytest.raises(Refused, match="titre de chaque colonne"):
            read(workbook_with(sheet))

    def test_a_row_at_the_end_of_the_world_stops_the_reading(self) -> None:
        row = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>a</t></is></c><c r="B%d" t="inlineStr"><is><t>b</t></is></c></row>'
        rows = b"".join(row % (number, number, number) for number in (1, 2, 1_048_576))
        assert read(workbook_with(SHEET % (b"", b"<sheetData>" + rows + b"</sheetData>"))) == [["a", "b"]]

    def test_more_lines_than_allowed_are_refused(self) -> None:
        with pytest.raises(Refused, match="plus de 2 lignes"):
            read(csv_file([*ROWS, ["Un", "De", "Plus"]], TITLES).read(), rows=2)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/03/2006", date(2006, 3, 12)), ("12.03.06", date(2006, 3, 12)), ("12-3-2006", date(2006, 3, 12)),
        ("12 mars 2006", date(2006, 3, 12)), ("1er août 2006", date(2006, 8, 1)), ("dimanche 12 Mars 2006", date(2006, 3, 12)),
        ("2006-03-12", date(2006, 3, 12)), ("2006-03-12 00:00:00", date(2006, 3, 12)), ("12032006", date(2006, 3, 12)),
        ("38788", date(2006, 3, 12)), ("4 déc. 2005", date(2005, 12, 4)), ("29/02/2004", date(2004, 2, 29)),
        ("31/02/2006", None), ("03/15/2006", None), ("mars 2006", None), ("hier", None), ("", None), ("12", None), ("99999", None),
    ],
)  # fmt: skip
def test_days_as_french_people_write_them(text: str, day: date | None) -> None:
    assert day_in(text) == day


def test_two_digits_of_a_birth_year_are_never_to_come() -> None:
    assert day_in("01/01/98", future_years=0) == date(1998, 1, 1)
    assert day_in("01/01/30", future_years=0) == date(1930, 1, 1)
    assert day_in("01/01/30", future_years=20) == date(2030, 1, 1)
