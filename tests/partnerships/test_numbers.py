"""The numbers of conventions: CP-YYYY-NNN, one after the other within a year."""

import re

import pytest
from django.utils import timezone

from e2c_portal.accounts.models import User
from partnerships.operations.conventions import draft_convention, next_number
from tests.factories.partnerships import company_named, drafted, text_of


@pytest.fixture
def numbered(officer: User):
    """Return a function that drafts a convention with a number, or the next one of a year."""
    company = company_named("Fabrique", officer)

    def draft(number: str = "", year: int | None = None) -> str:
        return draft_convention(text_of(company), officer, number=number, year=year).number

    return draft


def test_the_first_of_a_year_is_one(numbered) -> None:
    assert numbered(year=2031) == "CP-2031-001"
    assert numbered(year=2031) == "CP-2031-002"
    assert numbered(year=2032) == "CP-2032-001"


def test_a_draft_takes_the_year_of_today(officer: User) -> None:
    assert re.fullmatch(rf"CP-{timezone.localdate().year}-\d{{3}}", drafted(officer).number)


def test_the_thousandth_follows_the_nine_hundred_and_ninety_ninth(numbered) -> None:
    numbered("CP-2031-999")
    assert [numbered(year=2031) for _ in range(3)] == ["CP-2031-1000", "CP-2031-1001", "CP-2031-1002"]


def test_the_own_number_of_an_archive_does_not_disturb_the_others(numbered) -> None:
    numbered("CP-2031-BIS")
    numbered("CP-2031-004")
    assert numbered(year=2031) == "CP-2031-005"


@pytest.mark.django_db
def test_asking_for_a_number_takes_none() -> None:
    assert next_number(2031) == next_number(2031) == "CP-2031-001"
