"""The departments of France by their number, read from the official list kept beside (departements.csv names its source)."""

import csv
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("departements.csv")


@cache
def names() -> dict[str, str]:
    """Return the name of each department by its number: « 30 » is « Gard », « 2A » is « Corse-du-Sud »."""
    with LIST.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        return {row["numero"]: row["nom"] for row in csv.DictReader(lines, delimiter=";")}


def department_name(number: str) -> str:
    """Return « Gard (30) »; « Département 99 » for a number that the list does not know."""
    name = names().get(number.strip().upper())
    return f"{name} ({number})" if name else f"Département {number}"
