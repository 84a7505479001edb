"""A social security number is seen however it is written, by Python and by PostgreSQL alike; other numbers pass."""

import pytest
from django.db import connection

from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.nir import NIR_PATTERN, holds_nir, refuse_nir

NUMBERS = [
    "185057800608436", "1850578006084", "1 85 05 78 006 084 36", "1 85 05 78 006 084", "1.85.05.78.006.084.36",
    "1-85-05-78-006-084", "2 98 12 2A 004 018 51", "2 98 12 2b 004 018", "son numéro : 2991234567890, merci",
    "1\N{NO-BREAK SPACE}85\N{NO-BREAK SPACE}05\N{NO-BREAK SPACE}78\N{NO-BREAK SPACE}006\N{NO-BREAK SPACE}084",
    "né le 3/5/1985 185057800608436",
]  # fmt: skip
OTHERS = [
    "", "SIRET 73282932000074", "356 000 000 00048", "SIREN 732 829 320", "04 67 22 80 00", "04 67 22 80 00 06 12 34 56 78",
    "+33 4 67 22 80 00", "le 12 décembre 2014, 12 500 stagiaires", "FR76 3000 4000 0312 3456 7890 143", "18505780060843612",
    "185 000 000 euros", "CP-2026-0012", "9 85 05 78 006 084 36", "1 85 15 78 006 084 36",
]  # fmt: skip


@pytest.mark.parametrize("text", NUMBERS)
def test_it_is_seen(text: str) -> None:
    assert holds_nir(text)
    with pytest.raises(Refused, match="sécurité sociale"):
        refuse_nir(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_numbers_pass(text: str) -> None:
    assert not holds_nir(text)
    refuse_nir(text)


@pytest.mark.django_db
def test_the_database_sees_the_same() -> None:
    with connection.cursor() as cursor:
        for text in (*NUMBERS, *OTHERS):
            cursor.execute("SELECT %s ~ %s", [text, NIR_PATTERN])
            assert cursor.fetchone()[0] == holds_nir(text), text
