"""Read an open file of trades or communes: its columns are recognised, each line that cannot be kept is told in French.

Nothing is written here. CSV (comma, semicolon or tab; UTF-8 or Windows-1252) for both, JSON for communes: a list of objects as the
State’s API gives them, or a GeoJSON of points.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.search import fold

TRADE_CODE = re.compile(r"^[A-N][0-9]{4}$")
COMMUNE_CODE = re.compile(r"^([0-9]{2}|2[AB])[0-9]{3}$")
POSTAL_CODE = re.compile(r"\b[0-9]{5}\b")
LONGEST_LABEL, LONGEST_NAME, LONGEST_POSTAL_CODES = 200, 150, 250
ERRORS_TOLD = 200
MOST_LINES = 200_000
STEP = Decimal("0.00001")
Row = Mapping[str, Any]

TRADE_COLUMNS = {
    "code": ("rome_code", "code_rome", "rome", "code"),
    "label": ("libelle_rome", "rome_libelle", "libelle_code_rome", "intitule", "libelle", "label"),
    "title": ("libelle_appellation_long", "libelle_appellation", "appellation"),
    "ogr": ("ogr_appellation", "code_ogr", "ogr"),
}
COMMUNE_COLUMNS = {
    "code": ("code_commune_insee", "code_commune", "code_insee", "insee_com", "insee", "codgeo", "com", "code"),
    "name": ("nom_standard", "nom_commune_complet", "nom_de_la_commune", "nom_commune", "nom_com", "libelle", "nom", "name"),
    "postal": ("codes_postaux", "codespostaux", "code_postal", "codepostal", "cp"),
    "latitude": ("latitude_centre", "latitude", "lat", "gps_lat"),
    "longitude": ("longitude_centre", "longitude", "lon", "lng", "gps_lng"),
    "point": ("coordonnees_gps", "_geopoint", "geopoint", "geo_point_2d", "centre"),
}  # fmt: skip


@dataclass
class TradeRead:
    """A trade as the file gives it; `titles` are the names people call it by, with their OGR code."""

    code: str
    label: str
    titles: dict[str, str] = field(default_factory=dict)


@dataclass
class CommuneRead:
    """A commune as the file gives it. A file with one line for each postal code gives them all."""

    code: str
    name: str
    latitude: Decimal
    longitude: Decimal
    postal_codes: set[str] = field(default_factory=set)


@dataclass
class Reading:
    """What was read of a file: what may be kept, and what is wrong with the other lines."""

    lines: int = 0
    rows: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    refused: int = 0

    def refuse(self, number: int, sentence: str) -> None:
        """Tell what is wrong with a line; beyond two hundred, they are counted alone."""
        self.refused += 1
        if len(self.errors) < ERRORS_TOLD:
            self.errors.append(f"Ligne {number} : {sentence}")


def read_trades(content: bytes) -> Reading:
    """Read codes with labels, or appellations with the code of their trade. Raises Refused for a file that is neither."""
    lines, columns = _table(content, TRADE_COLUMNS)
    if "code" not in columns or not {"label", "title"} & set(columns):
        raise Refused(
            "Ce fichier n’est pas une liste de métiers : une colonne « code_rome » et une colonne « libelle_rome » (ou "
            "« libelle_appellation_long ») sont attendues."
        )
    return _each(lines, columns, _keep_trade)


def read_communes(content: bytes) -> Reading:
    """Read communes with their centre. Raises Refused for a file that has no code, no name or no coordinates."""
    if content.lstrip()[:1] in (b"[", b"{"):
        return _each(_json_rows(content), {name: name for name in COMMUNE_COLUMNS}, _keep_commune)
    lines, columns = _table(content, COMMUNE_COLUMNS)
    centre = {"latitude", "longitude"} <= set(columns) or "point" in columns
    if not {"code", "name"} <= set(columns) or not centre:
        raise Refused(
            "Ce fichier n’est pas une liste de communes : le code officiel (INSEE), le nom, la latitude et la longitude du "
            "centre sont attendus, avec leurs titres en première ligne."
        )
    return _each(lines, columns, _keep_commune)


def _each(
    lines: Iterator[tuple[int, Row]], columns: dict[str, str], keep: Callable[[Reading, int, dict[str, Any]], None]
) -> Reading:
    reading = Reading()
    for number, row in lines:
        reading.lines += 1
        if reading.lines > MOST_LINES:
            raise Refused("Ce fichier a plus de 200 000 lignes : ce n’est pas la liste attendue.")
        keep(reading, number, {name: row.get(title) for name, title in columns.items()})
    if not reading.lines:
        raise Refused("Ce fichier ne contient aucune ligne.")
    return reading


def _keep_trade(reading: Reading, number: int, row: dict[str, Any]) -> None:
    code, label, title = _text(row, "code").upper(), _text(row, "label"), _text(row, "title")
    if not TRADE_CODE.match(code):
        return reading.refuse(
            number, f"« {code[:20]} » n’est pas un code ROME (une lettre de A à N et quatre chiffres)."
        )
    if not label and not title:
        return reading.refuse(number, f"le métier {code} n’a pas de libellé.")
    if len(label) > LONGEST_LABEL or len(title) > LONGEST_LABEL:
        return reading.refuse(number, f"le libellé de {code} dépasse {LONGEST_LABEL} caractères.")
    known = reading.rows.setdefault(code, TradeRead(code, label))
    if label and known.label and label != known.label:
        return reading.refuse(number, f"le métier {code} a déjà le libellé « {known.label} ».")
    known.label = known.label or label
    if title:
        known.titles.setdefault(title, _text(row, "ogr")[:6])
    return None


def _keep_commune(reading: Reading, number: int, row: dict[str, Any]) -> None:
    code, name = _text(row, "code").upper().zfill(5), _text(row, "name")
    if not COMMUNE_CODE.match(code):
        return reading.refuse(
            number, f"« {code[:20]} » n’est pas un code de commune (5 caractères, 2A ou 2B en Corse)."
        )
    if not name or len(name) > LONGEST_NAME:
        return reading.refuse(
            number, f"la commune {code} n’a pas de nom, ou un nom de plus de {LONGEST_NAME} caractères."
        )
    centre = _centre(row)
    if centre is None:
        return reading.refuse(number, f"la commune {code} ({name}) n’a pas de coordonnées lisibles.")
    postal = set(POSTAL_CODE.findall(_text(row, "postal")))
    known = reading.rows.get(code)
    if known is None:
        known = reading.rows[code] = CommuneRead(code, name, *centre)
    known.postal_codes |= postal
    if len(" ".join(known.postal_codes)) > LONGEST_POSTAL_CODES:
        return reading.refuse(number, f"la commune {code} a trop de codes postaux.")
    return None


def _centre(row: dict[str, Any]) -> tuple[Decimal, Decimal] | None:
    point = row.get("point")
    if isinstance(point, dict):
        # GeoJSON writes the longitude first.
        pair = list(reversed(point.get("coordinates") or []))
    elif point:
        pair = re.split(r"[,;\s]+", str(point).strip())
    else:
        pair = [row.get("latitude"), row.get("longitude")]
    try:
        latitude, longitude = (Decimal(str(value).strip().replace(",", ".")).quantize(STEP) for value in pair)
    except (InvalidOperation, ValueError, TypeError):
        return None
    inside = abs(latitude) <= 90 and abs(longitude) <= 180
    return (latitude, longitude) if inside else None


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    if isinstance(value, list):
        return " ".join(str(one) for one in value)
    return str(value if value is not None else "").strip()


def _table(content: bytes, wanted: dict[str, tuple[str, ...]]) -> tuple[Iterator[tuple[int, Row]], dict[str, str]]:
    """Return the lines of a CSV by title, and which title stands for each column known."""
    text = _decoded(content)
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=separator)
    titles = {_title(name): name for name in reader.fieldnames or [] if name}
    columns = {
        column: next(titles[name] for name in names if name in titles)
        for column, names in wanted.items() if set(names) & set(titles)
    }  # fmt: skip
    return _numbered(reader), columns


def _numbered(reader: "csv.DictReader[str]") -> Iterator[tuple[int, Row]]:
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise Refused(
            f"Le fichier est illisible à partir de la ligne {reader.line_num} : vérifiez ses guillemets."
        ) from error


def _title(name: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "_", fold(name.strip().lstrip("\ufeff"))).strip("_") if name != "_geopoint" else name


def _decoded(content: bytes) -> str:
    if b"\0" in content[:4096]:
        raise Refused("Ce fichier n’est pas un texte : enregistrez-le en CSV, ou déposez le fichier d’origine.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _json_rows(content: bytes) -> Iterator[tuple[int, Row]]:
    try:
        found = json.loads(content)
    except ValueError as error:
        raise Refused(
            "Ce fichier JSON est illisible : déposez le fichier d’origine, sans l’ouvrir dans un tableur."
        ) from error
    if isinstance(found, dict):
        found = found.get("features")
    if not isinstance(found, list):
        raise Refused("Ce fichier JSON n’est pas une liste de communes.")
    for number, item in enumerate(found, start=1):
        yield number, _flat(item)


def _flat(item: Any) -> Row:
    """Bring an object of the API, or a GeoJSON feature, to the names of our columns."""
    if not isinstance(item, dict):
        return {}
    facts = {_title(str(name)): value for name, value in {**item, **(item.get("properties") or {})}.items()}
    row = {
        column: next((facts[name] for name in names if name in facts), None)
        for column, names in COMMUNE_COLUMNS.items()
    }
    geometry = item.get("geometry")
    if row["point"] is None and isinstance(geometry, dict) and geometry.get("type") == "Point":
        row["point"] = geometry
    return row
