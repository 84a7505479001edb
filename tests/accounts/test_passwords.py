"""The CNIL's rule: each of its three forms is accepted, and a refusal says what is missing."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from e2c_portal.accounts.passwords import CnilPasswordValidator, what_is_missing
from e2c_portal.demo.personas import DEMO_PASSWORD

STRONG = [
    "Chemin-creux9",  # 12 characters and more, four classes
    "Ab1!Ab1!xyzw",
    "chemincreux2014A",  # 14 and more, three classes
    "chemin-creux-2014",
    "le mistral souffle encore souvent dans les garrigues humides",  # seven words
    "Été à Nîmes : 40 °C",
    DEMO_PASSWORD,
]
WEAK = [
    ("", "Il répète toujours"),
    ("Ab1!Ab1!xyz", "Il lui manque 1 caractère."),
    ("Ab1!", "Il répète toujours"),
    ("Abcdef1!", "Il lui manque 4 caractères."),
    ("chemincreux2014", "une majuscule et un caractère spécial"),
    ("Chemincreux2", "Il lui manque 2 caractères, ou un caractère spécial"),
    ("abcdefghijklmnopqrstuvwxyz", "une majuscule, un chiffre et un caractère spécial"),
    ("Aa1!Aa1!Aa1!Aa1!Aa1!", "Il répète toujours"),
    ("la la la la la la la la la", "Il répète toujours"),
    ("souvent souvent souvent souvent souvent souvent souvent", "un chiffre"),
]


@pytest.mark.parametrize("password", STRONG)
def test_strong_password_is_accepted(password: str) -> None:
    CnilPasswordValidator().validate(password)


@pytest.mark.parametrize(("password", "told"), WEAK)
def test_weak_password_is_refused_with_what_it_lacks(password: str, told: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        CnilPasswordValidator().validate(password)
    assert told in refusal.value.message
    assert "12 caractères au moins" in refusal.value.message


@given(st.text(max_size=11))
def test_nothing_shorter_than_twelve_passes_without_seven_words(password: str) -> None:
    assert what_is_missing(password)
