"""Folding text for search: Python and the database fold alike, so what is typed finds what is stored."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from e2c_portal.kernel.search import SIGNS, fold

# What French and its neighbours print, typographic signs included.
LETTERS = "abcXYZ 019 éèêëàâäçîïôöùûüÿñÉÈÀÇåíóúãõšžčęąőűÅ'-°€²³·,.;:!?/()&@\u00a0\u202f" + "".join(map(chr, SIGNS))


def folded_by_the_database(text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT e2c_fold(%s)", [text])
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize("letter", list(LETTERS))
def test_each_sign_folds_alike(letter: str) -> None:
    assert fold(letter) == folded_by_the_database(letter)


@pytest.mark.django_db
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(LETTERS, max_size=40))
def test_any_text_folds_alike(text: str) -> None:
    assert fold(text) == folded_by_the_database(text)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("École d’Alès", "ecole d'ales"), ("ŒUVRE", "oeuvre"), ("Béziers", "beziers"), ("MAÏS", "mais")],
)
def test_accents_and_case_do_not_count(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text(LETTERS))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
