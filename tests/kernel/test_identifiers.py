"""SIREN and SIRET: python-stdnum and the database's own functions give the same answer."""

import random
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret

from e2c_portal.kernel.identifiers import compact, validate_siren, validate_siret

POST = "356000000"
KNOWN = {
    "35600000000048": True,  # La Poste, head office: Luhn
    "35600000009075": True,  # La Poste, sum of the digits divided by five
    "35600000009076": False,
    "73282932000074": True,
    "73282932000079": False,
    "47869292400010": True,  # Réseau E2C France
}  # fmt: skip


def judged(function: str, numbers: list[str]) -> list[bool]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(n) FROM unnest(%s::text[]) WITH ORDINALITY AS t(n, i) ORDER BY i", [numbers])
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_both_know_the_known_ones() -> None:
    assert judged("e2c_siret_valid", list(KNOWN)) == list(KNOWN.values())
    assert [stdnum_siret.is_valid(number) for number in KNOWN] == list(KNOWN.values())


@pytest.mark.django_db
def test_they_agree_on_ten_thousand_numbers() -> None:
    drawn = random.Random(20141212)  # noqa: S311  repeatable, not secret
    numbers = [f"{drawn.randrange(10**14):014d}" for _ in range(6000)]
    numbers += [POST + f"{drawn.randrange(10**5):05d}" for _ in range(4000)]
    expected = [stdnum_siret.is_valid(number) for number in numbers]
    assert judged("e2c_siret_valid", numbers) == expected
    assert sum(expected[:6000]) > 40, "the sample must hold valid numbers"
    assert sum(expected[6000:]) > 700


@pytest.mark.django_db
def test_they_agree_on_sirens() -> None:
    drawn = random.Random(356)  # noqa: S311  repeatable, not secret
    numbers = [f"{drawn.randrange(10**9):09d}" for _ in range(10_000)]
    expected = [stdnum_siren.is_valid(number) for number in numbers]
    assert judged("e2c_siren_valid", numbers) == expected
    assert sum(expected) > 900


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "abc", "7328293200007", "732829320000744", "73282932 00074", "７３２８２９３２００００７４"]
)
def test_the_database_takes_nothing_but_digits(text: str) -> None:
    assert judged("e2c_siret_valid", [text]) == [False]
    assert judged("e2c_siren_valid", [text]) == [False]


def refusal_of(validate: Callable[[str], None], text: str) -> str | None:
    try:
        validate(text)
    except ValidationError as error:
        return error.messages[0]
    return None


@given(st.text(max_size=20))
def test_whatever_is_typed_the_answer_is_a_french_sentence(text: str) -> None:
    for validate in (validate_siren, validate_siret):
        assert refusal_of(validate, text) is None or "n’est pas valable" in str(refusal_of(validate, text))


@pytest.mark.parametrize(
    "typed", ["732 829 320 00074", " 732.829.320.00074 ", "732-829-320-00074", "732\u00a0829\u202f320 00074"]
)
def test_spaces_and_dots_are_for_people(typed: str) -> None:
    assert compact(typed) == "73282932000074"
