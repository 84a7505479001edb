"""A migration runs while the former version of the portal still answers: it takes nothing away from it and refuses it nothing.

What is needed in two steps (a column renamed, a value made compulsory) is done in two versions: first what both can live with,
then, in the next version, what removes the old way. See docs/exploitation-sauvegarde.md, « Changer de version ».
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from tests.house.previous_version import files_of, previous_commit
from tests.house.source import ROOT

# "app.migration": why it is safe all the same. An entry is removed with the version that follows.
ALLOWED = {
    "figures.0001_initial": "triggers that mark in a new table which schools to count again: the former version writes as before",
    "partnerships.0015_named_rules_and_lists": "adds functions that the former version does not call, and an index made aside",
    "partnerships.0018_names_alike": "adds a function that the former version does not call; without the index taken "
    "away, it measures every name one by one: half a second among 20,000 companies, the time of the upgrade",
    "trainees.0013_school_news": "triggers that add a row to a new table: the former version writes as before, and reads nothing of it",
    "trainees.0014_offers_answered": "a trigger that refuses nothing and frees a place; a table that the former version goes on writing in, "
    "less its foreign key",
    "trainees.0016_periods_and_sentences": "triggers on the places of offers alone: the former version is refused what makes no sense, in the "
    "sentence of the trigger, which it shows, and goes on changing internships",
    "kernel.0007_identifiers_by_full_name": "writes two functions again, which answer the same: only their names are whole",
}
TAKES_AWAY = (
    migrations.RemoveField, migrations.DeleteModel, migrations.RenameField, migrations.RenameModel, migrations.AlterModelTable,
)  # fmt: skip
SAFE = (
    migrations.CreateModel, migrations.AlterModelOptions, migrations.AlterModelManagers, migrations.RemoveConstraint,
    # What a constraint says when it refuses: the database is not touched.
    migrations.AlterConstraint,
    migrations.RemoveIndex, migrations.RenameIndex, RemoveIndexConcurrently, AddIndexConcurrently, RemoveTrigger,
)  # fmt: skip
OURS = {"e2c_portal", "schools", "partnerships", "trainees", "assises"}


def dangers(migration: migrations.Migration, state: ProjectState) -> Iterator[str]:
    """Yield what a migration does that the former version would suffer from. `state` is that of before, and is moved on."""
    made: set[str] = set()
    for operation in migration.operations:
        if isinstance(operation, migrations.CreateModel):
            made.add(operation.name_lower)
        own = getattr(operation, "model_name_lower", getattr(operation, "model_name", "")).lower()
        if own not in made and (danger := _danger(operation, state, migration.app_label)):
            yield f"{migration.app_label}.{migration.name} : {operation.describe()} – {danger}"
        operation.state_forwards(migration.app_label, state)


def _danger(operation: Any, state: ProjectState, app: str) -> str:
    if isinstance(operation, TAKES_AWAY):
        return "the former version still reads or writes it: take it away in the version after"
    if isinstance(operation, migrations.AddField):
        return _danger_of_column(operation.field)
    if isinstance(operation, migrations.AlterField):
        before = state.models[app, operation.model_name_lower].fields[operation.name_lower]  # type: ignore[attr-defined]
        return _danger_of_change(before, operation.field)
    if isinstance(operation, AddIndexConcurrently):
        return ""
    if isinstance(operation, migrations.AddIndex):
        return "it stops writing while it is made: use AddIndexConcurrently (atomic = False)"
    if isinstance(operation, migrations.AddConstraint | AddTrigger):
        return "the former version may write what it refuses, and existing rows are read under a lock"
    if isinstance(operation, migrations.RunSQL | migrations.RunPython):
        return "nobody can tell: say why in ALLOWED"
    return "" if isinstance(operation, SAFE) else "unknown to this check: say why in ALLOWED"


def _danger_of_column(field: Any) -> str:
    if field.many_to_many or field.null or field.db_default is not models.NOT_PROVIDED:
        return ""
    return "the former version adds rows without it: null=True, or a db_default"


def _danger_of_change(before: Any, after: Any) -> str:
    if before.null and not after.null:
        return "the former version still writes it empty"
    if after.unique and not before.unique:
        return "the former version may write it twice"
    old, new = (field.db_parameters(connection)["type"] for field in (before, after))
    widened = str(old).startswith("varchar") and (new == "text" or (after.max_length or 0) >= (before.max_length or 0))
    return "" if old == new or widened else f"the table is written anew under a lock ({old} → {new})"


def fresh_migrations() -> Iterator[tuple[migrations.Migration, ProjectState]]:
    """Yield the migrations added since the last version, each with the state before it."""
    _, commit = previous_commit()
    loader = MigrationLoader(None)
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        module = type(migration).__module__
        path = module.replace(".", "/") + ".py"
        if module.split(".")[0] in OURS and (ROOT / path).exists() and path not in files_of(commit):
            yield migration, loader.project_state((app, name), at_end=False)


def test_what_was_added_since_the_last_version_lets_it_work() -> None:
    found = [
        danger for migration, state in fresh_migrations() if f"{migration.app_label}.{migration.name}" not in ALLOWED
        for danger in dangers(migration, state)
    ]  # fmt: skip
    assert not found, "\n".join(found)


def test_each_exception_is_a_migration_that_exists() -> None:
    names = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    assert set(ALLOWED) <= names


def _state_with_a_table() -> ProjectState:
    state = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=20, null=True))]
    migrations.CreateModel("Thing", fields).state_forwards("essai", state)
    return state


@pytest.mark.parametrize(
    ("operation", "word"),
    [
        (migrations.RemoveField("thing", "name"), "still reads"),
        (migrations.RenameField("thing", "name", "title"), "still reads"),
        (migrations.DeleteModel("Thing"), "still reads"),
        (migrations.AddField("thing", "size", models.IntegerField(default=0)), "without it"),
        (migrations.AlterField("thing", "name", models.CharField(max_length=20)), "still writes it empty"),
        (migrations.AlterField("thing", "name", models.IntegerField(null=True)), "written anew"),
        (migrations.AlterField("thing", "name", models.CharField(max_length=20, null=True, unique=True)), "twice"),
        (migrations.AddIndex("thing", models.Index(fields=["name"], name="i")), "Concurrently"),
        (migrations.AddConstraint("thing", models.UniqueConstraint(fields=["name"], name="u")), "refuses"),
        (migrations.RunSQL("SELECT 1"), "nobody can tell"),
        (migrations.AddField("thing", "size", models.IntegerField(db_default=0)), ""),
        (migrations.AddField("thing", "size", models.IntegerField(null=True)), ""),
        (migrations.AlterField("thing", "name", models.CharField("nom", max_length=40, null=True)), ""),
    ],
)
def test_each_danger_is_seen(operation: Any, word: str) -> None:
    migration = migrations.Migration("0002", "essai")
    migration.operations = [operation]
    found = list(dangers(migration, _state_with_a_table()))
    assert bool(found) == bool(word)
    assert word in "".join(found)


def test_a_table_made_here_may_be_completed_here() -> None:
    migration = migrations.Migration("0002", "essai")
    migration.operations = [
        migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("other", "size", models.IntegerField(default=0)),
        migrations.AddIndex("other", models.Index(fields=["size"], name="i")),
    ]
    assert list(dangers(migration, _state_with_a_table())) == []
