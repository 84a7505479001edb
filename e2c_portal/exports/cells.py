"""What one cell holds, whatever the format: French words, local time, and nothing that a spreadsheet would run."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

# A spreadsheet that opens a CSV reads a cell beginning so as a formula (OWASP, "CSV Injection"); the wide forms are
# those that some of them turn into the narrow ones.
STARTS_A_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
# Neither XML nor a spreadsheet takes these; the database does.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

Cell = str | int | float | Decimal | date | datetime


def cell(value: Any) -> Cell:
    """Return what is written of a value: oui/non for a boolean, local time without zone for a moment, "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, date | int | float | Decimal):
        return value
    return FORBIDDEN.sub("", str(value))


def starts_a_formula(text: str) -> bool:
    """Say whether a spreadsheet could run this text; leading spaces hide nothing."""
    return text[:1] in STARTS_A_FORMULA or text.lstrip()[:1] in STARTS_A_FORMULA if text else False


def guarded(text: str) -> str:
    """Return the text with an apostrophe before it when a spreadsheet would run it: it is then shown as it is."""
    return f"'{text}" if starts_a_formula(text) else text


def french_text(value: Cell) -> str:
    """Return a cell as text for a format without types: 12/12/2014, 12/12/2014 14:30, 2,5. Only text needs a guard."""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, str):
        return guarded(value)
    return str(value).replace(".", ",")
