"""No social security number rests in the tables of trainees: the database's own rules are asked for each text column."""

from json import dumps

import pytest
from django.apps import apps
from django.db import connection, models

from trainees.models import Trainee

NIR = "2 06 01 34 172 123 45"
# Loaded from files of reference, never typed about anybody: lists of postal codes look like numbers that they are not.
REFERENCES = {
    "ReferenceDataset", "Trade", "TradeTitle", "Commune", "SkillFramework", "SkillLevel", "SkillDomain", "Skill", "SkillLevelWords",
}  # fmt: skip
# Made by the portal alone, of texts that were refused it already, or of numbers.
MADE_HERE = {"SkillsCredential", "SchoolDay"}
# Written by the portal alone: where a file is kept, and its fingerprint.
OF_FILES = {"proof", "proof_sha256", "file", "sha256"}
SHORT = 60


def texts_of(model: type[models.Model]) -> list[str]:
    """Return the columns where people type at length: choices, codes and what the database computes aside."""
    return [
        field.column for field in model._meta.concrete_fields
        if not field.generated and not field.choices and field.column not in OF_FILES
        and (isinstance(field, models.TextField) or (isinstance(field, models.CharField) and (field.max_length or 0) > SHORT))
    ]  # fmt: skip


COLUMNS = [
    (model, column)
    for model in apps.get_app_config("trainees").get_models() if model.__name__ not in REFERENCES | MADE_HERE
    for column in texts_of(model)
]  # fmt: skip


def refused_by(model: type[models.Model], column: str, text: str) -> list[str]:
    """Return the CHECK constraints of the table that this text breaks, every other text being empty.

    The database evaluates the very expressions it holds, on a row that is never written.
    """
    table = model._meta.db_table
    row = {name: "" for name in texts_of(model)} | {column: text}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conname, pg_get_expr(c.conbin, c.conrelid) FROM pg_constraint c "
            "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey) "
            "WHERE c.contype = 'c' AND c.conrelid = %s::regclass AND a.attname = %s",
            [table, column],
        )
        broken = []
        for name, expression in cursor.fetchall():
            ask = f"SELECT {expression} FROM (SELECT (jsonb_populate_record(NULL::{table}, %s::jsonb)).*) AS typed"
            cursor.execute(ask.replace("%", "%%").replace("%%s", "%s"), [dumps(row)])
            if cursor.fetchone() == (False,):
                broken.append(name)
        return broken


def test_the_walk_sees_the_texts() -> None:
    known = {f"{model.__name__}.{column}" for model, column in COLUMNS}
    assert {
        "Trainee.address",
        "SensitiveFlag.arrangements",
        "PathwayMove.reason",
        "Exit.employer",
        "TraineeTransfer.reason",
    } <= known
    assert len(known) > 40


@pytest.mark.django_db
def test_the_database_refuses_a_nir_in_every_text() -> None:
    silent = []
    for model, column in COLUMNS:
        told = set(refused_by(model, column, f"N° {NIR}.")) - set(refused_by(model, column, "Rue des Lilas"))
        if not told:
            silent.append(f"{model.__name__}.{column}")
    assert silent == []


@pytest.mark.django_db
def test_the_check_sees_a_column_left_open() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trainees_trainee DROP CONSTRAINT trainee_without_nir")
    assert refused_by(Trainee, "address", NIR) == []
