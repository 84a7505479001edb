"""The published figures as open data: CSV and JSON, with the dictionary of their columns."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from e2c_portal.figures.models import PublishedYear
from e2c_portal.figures.public_content import lines_of

# Column → what it holds. The same words are on the page and in the JSON.
DICTIONARY = {
    "annee": "Année civile des chiffres.",
    "version": "Version publiée : 1, puis une de plus à chaque correction.",
    "arrete_au": "Jour auquel les chiffres sont arrêtés (AAAA-MM-JJ).",
    "indicateur": "Nom court et stable de l’indicateur.",
    "intitule": "Intitulé de l’indicateur.",
    "partie": "Intitulé de la part, pour une répartition ; vide pour l’indicateur entier.",
    "lieu": "Réseau ou département.",
    "code_lieu": "n pour le réseau, d suivi du numéro pour un département.",
    "valeur": "Nombre, pourcentage ou moyenne ; vide quand il n’est pas connu ou qu’il est masqué.",
    "unite": "Unité de la valeur.",
    "numerateur": "Nombre au numérateur, en minutes pour le temps en entreprise, en jours pour les durées.",
    "denominateur": "Nombre de lignes sur lesquelles la valeur est calculée, en minutes pour le temps en entreprise.",
    "masque": "oui quand la valeur n’est pas donnée parce qu’elle porterait sur moins de cinq personnes, ou qu’elle permettrait de "
    "retrouver une telle valeur.",
    "en_mots": "La valeur telle que la page l’imprime.",
    "regle": "Règle de calcul.",
}  # fmt: skip


def records_of(row: PublishedYear) -> list[dict[str, Any]]:
    """Return one record a number published, with the columns of the dictionary."""
    labels = {place["code"]: place["label"] for place in row.content["places"]}
    return [_record(row, labels, *line) for line in lines_of(row.content)]


def _record(
    row: PublishedYear,
    labels: Mapping[str, str],
    indicator: Mapping[str, Any],
    value: Mapping[str, Any],
    part: Mapping[str, Any] | None,
) -> dict[str, Any]:
    told = part or value
    return {
        "annee": row.year, "version": row.number, "arrete_au": row.counted_on.isoformat(), "indicateur": indicator["key"],
        "intitule": indicator["title"], "partie": part["label"] if part else "", "lieu": labels[value["place"]],
        "code_lieu": value["place"], "valeur": part["share"] if part else value["value"], "unite": indicator["unit"],
        "numerateur": part["number"] if part else value["numerator"], "denominateur": value["denominator"],
        "masque": "oui" if told["hidden"] else "non", "en_mots": told["words"], "regle": indicator["rule"],
    }  # fmt: skip


def csv_of(row: PublishedYear) -> str:
    """Return the figures as CSV: semicolons, decimal commas, a byte order mark so that spreadsheets read the accents."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(DICTIONARY), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for line in records_of(row):
        writer.writerow({name: _plain(value) for name, value in line.items()})
    return f"\N{ZERO WIDTH NO-BREAK SPACE}{out.getvalue()}"


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    return f"{value:.10g}".replace(".", ",") if isinstance(value, float) else value


def json_of(row: PublishedYear) -> str:
    """Return the figures as JSON, with their dictionary and their fingerprint."""
    told = {
        "annee": row.year, "version": row.number, "arrete_au": row.counted_on.isoformat(), "publie_le": row.published_at.isoformat(),
        "sha256": row.data_sha256, "motif": row.reason, "dictionnaire": DICTIONARY, "chiffres": records_of(row),
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=1)
