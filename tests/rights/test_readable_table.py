"""docs/droits.md says what the rules answer today, right by right, and leaves nobody behind in the database."""

import os

import pytest
from django.core.management import CommandError, call_command
from rules.permissions import permissions

from e2c_portal.accounts.models import User
from e2c_portal.home.management.commands.rights_table import TARGET
from e2c_portal.home.right_words import WORDS
from e2c_portal.home.rights import NO, rights_table

pytestmark = pytest.mark.django_db


def test_every_right_has_words_and_no_words_stand_for_nothing() -> None:
    assert set(map(str, permissions)) == set(WORDS)


def test_the_file_is_up_to_date() -> None:
    try:
        call_command("rights_table", verifier=True)
    except CommandError:
        if os.environ.get("REWRITE_RIGHTS"):
            TARGET.write_text(rights_table(), encoding="utf-8")
        raise
    assert not User.objects.exists()


def test_door_staff_have_no_right() -> None:
    lines = [line.split(" | ") for line in rights_table().splitlines() if line.startswith("| ")]
    column = lines[0].index("Accueil des Assises")
    assert {line[column] for line in lines if line[column] != "Accueil des Assises"} <= {NO, "selon la fiche"}
