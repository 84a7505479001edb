"""Sirene extracts as files: what is read, what is refused before anything else, and what one line tells."""

import io
import zipfile

import pytest

from e2c_portal.kernel.errors import Refused
from partnerships.sirene_columns import SireneRow, row_of
from partnerships.sirene_file import SireneFile
from tests.factories.identifiers import new_siren, siret_of
from tests.factories.sirene import BOTH, COMPANIES, PLACES, company_cells, extract, place_cells, zipped

POST_OFFICE = "35600000009075"


def rows_of(content: bytes) -> list[SireneRow]:
    return [row_of(number, cells) for number, cells in SireneFile(io.BytesIO(content))]


def refusal_of(content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        rows_of(content)
    return refused.value.message


@pytest.mark.parametrize("comma", [",", ";"])
@pytest.mark.parametrize("bom", [True, False])
def test_both_separators_and_the_mark_of_utf8_are_read(comma: str, bom: bool) -> None:
    siret = siret_of(new_siren())
    line = place_cells(siret, enseigne1Etablissement=f"L’Étape{comma} gare")
    [row] = rows_of(extract([line], PLACES, comma=comma, bom=bom))
    assert row.place == {
        "name": f"L’Étape{comma} gare", "address": "12 B avenue DE LA GARE", "postal_code": "34000",
        "city": "MONTPELLIER", "commune_code": "34172", "headcount_range": "12", "diffusion_status": "O",
        "naf_code": "43.21A", "naf_version": "rév. 2", "is_head_office": True,
    }  # fmt: skip
    assert (row.line, row.siren, row.siret, row.company, row.closed) == (2, siret[:9], siret, {}, False)


def test_a_zip_with_one_file_is_read(tmp_path: object) -> None:
    content = extract([company_cells(new_siren())], COMPANIES)
    [row] = rows_of(zipped(StockUniteLegale_utf8_csv=content))
    assert row.company == {
        "legal_name": "FABRIQUE NOUVELLE", "legal_category": "5710",
        "legal_form": "Société par actions simplifiée (SAS)", "diffusion_status": "O",
    }  # fmt: skip
    assert row.place is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "n’est pas un extrait Sirene"),
        (b"%PDF-1.7\n\0\0", "n’est pas un extrait Sirene"),
        (b"nom,ville\nX,Y\n", "n’est pas un extrait Sirene"),
        (b"\x1f\x8b\x08\0\0", "Décompressez d’abord"),
        ("siren,libellé\n1,é\n".encode("cp1252"), "UTF-8"),
        (b'siren,siret\n1,"' + b"x" * 200_000 + b'"\n', "n’est pas un extrait Sirene"),
        (b"s" * 200_000, "n’est pas un extrait Sirene"),
        (b"PK\x03\x04 no archive", "abîmée"),
        (zipped(a_csv=b"siren\n", b_csv=b"siren\n"), "un seul"),
        (zipped(a_exe=b"siren\n"), "un seul"),
    ],
)
def test_what_is_no_extract_is_refused(content: bytes, words: str) -> None:
    assert words in refusal_of(content)


def test_a_bomb_is_refused_before_it_opens() -> None:
    bomb = zipped(a_csv=b"siren,siret\n" + b"0" * (51 * 1024 * 1024))
    assert len(bomb) < 100_000
    assert "50 Mo" in refusal_of(bomb)


def test_a_bomb_that_lies_about_its_size_is_stopped() -> None:
    line = b"000000000,00000000000000\n"
    honest = zipped(a_csv=b"siren,siret\n" + line * 100_000)
    size = (12 + len(line) * 100_000).to_bytes(4, "little")
    assert honest.count(size) == 2
    refusal_of(honest.replace(size, (40).to_bytes(4, "little")))


def test_a_protected_archive_is_refused() -> None:
    content = bytearray(zipped(a_csv=b"siren\n"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.infolist()[0].header_offset
    content[start + 6] |= 1
    central = content.index(b"PK\x01\x02")
    content[central + 8] |= 1
    assert "mot de passe" in refusal_of(bytes(content))


def test_a_line_across_two_lines_keeps_the_number_that_an_editor_shows() -> None:
    siren, siret = new_siren(), siret_of(new_siren())
    content = f'siren,denominationUniteLegale\n{siren},"Deux\nlignes"\n\n{siret[:9]},Une\n'.encode()
    assert [row.line for row in rows_of(content)] == [3, 5]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"siren": "", "siret": ""}, "SIREN non valable (vide)"),
        ({"siren": "123456789"}, "SIREN non valable"),
        ({"siren": "356000000", "siret": "35600000009076"}, "SIRET non valable"),
        ({"siren": "356000000", "siret": "3,56E+13"}, "tableur"),
        ({"siren": "356000000", "siret": "73282932000074"}, "ne commence pas"),
        ({"siren": "356000000", "siret": ""}, "n’a pas de SIRET"),
    ],
)
def test_a_wrong_number_is_a_fault(cells: dict[str, str], words: str) -> None:
    assert words in row_of(7, cells).fault


def test_la_poste_has_its_own_rule() -> None:
    assert row_of(2, {"siren": "356000000", "siret": POST_OFFICE}).fault == ""


@pytest.mark.parametrize(
    ("code", "kept"),
    [("34172", "34172"), ("2A004", "2A004"), ("97411", "97411"), ("[ND]", ""), ("3417", ""), ("2C004", "")],
)
def test_a_commune_has_five_characters(code: str, kept: str) -> None:
    cells = {"siren": "356000000", "siret": POST_OFFICE, "codecommuneetablissement": code}
    assert (row_of(2, cells).place or {}).get("commune_code", "") == kept


@pytest.mark.parametrize(("told", "kept"), [("NAFRev2", "rév. 2"), ("NAF2025", "NAF 2025"), ("NAP", None), ("", None)])
def test_an_activity_says_its_nomenclature(told: str, kept: str | None) -> None:
    cells = {
        "siren": "356000000", "siret": POST_OFFICE, "activiteprincipaleetablissement": "53.10Z",
        "nomenclatureactiviteprincipaleetablissement": told,
    }  # fmt: skip
    place = row_of(2, cells).place or {}
    assert (place.get("naf_version"), place.get("naf_code")) == (kept, "53.10Z" if kept else None)


@pytest.mark.parametrize("status", ["P", "N"])
@pytest.mark.parametrize("shown", ["DUPRÉ", "[ND]"])
def test_what_partial_diffusion_hides_is_never_read(status: str, shown: str) -> None:
    """Even from a file that shows it: an old one, or one got under another right."""
    siret = siret_of(new_siren())
    cells = place_cells(
        siret, statutDiffusionEtablissement=status, statutDiffusionUniteLegale=status, nomUniteLegale=shown,
        prenom1UniteLegale="Marie", categorieJuridiqueUniteLegale="1000", libelleVoieEtablissement=shown,
        enseigne1Etablissement=shown, denominationUsuelleEtablissement=shown, codePostalEtablissement="34000",
    )  # fmt: skip
    [row] = rows_of(extract([cells], BOTH))
    assert row.company == {
        "legal_category": "1000", "legal_form": "Entrepreneur individuel", "diffusion_status": "P"
    }  # fmt: skip
    assert row.place is not None
    assert {"name", "address", "postal_code"} & set(row.place) == set()
    assert (row.place["city"], row.place["diffusion_status"]) == ("MONTPELLIER", "P")


def test_a_person_who_agreed_is_named() -> None:
    cells = company_cells(
        new_siren(), denominationUniteLegale="", nomUniteLegale="DUPRÉ", nomUsageUniteLegale="MARTIN",
        prenom1UniteLegale="Marie", categorieJuridiqueUniteLegale="1000",
    )  # fmt: skip
    [row] = rows_of(extract([cells], COMPANIES))
    assert row.company["legal_name"] == "Marie MARTIN"


def test_a_legal_person_keeps_its_name_in_partial_diffusion() -> None:
    [row] = rows_of(extract([company_cells(new_siren(), statutDiffusionUniteLegale="P")], COMPANIES))
    assert row.company["legal_name"] == "FABRIQUE NOUVELLE"
