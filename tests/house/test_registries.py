"""What is registered by name exists: tasks, timed tasks, document kinds, menu entries, migrations."""

import ast
import re

import pytest
from django.conf import settings as portal_settings
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse

from e2c_portal.celery import app
from e2c_portal.documents.kinds import all_kinds
from e2c_portal.kernel import sweepers
from e2c_portal.kernel.migrating import AddedAtOnce
from e2c_portal.ui import navigation
from tests.harness.worker import load_tasks
from tests.house.source import ROOT, python_files, shown, tree

OURS = {"assises", "e2c_portal", "partnerships", "schools", "trainees"}
MANY_ADDITIONS = 20
# They were deployed before that rule, and what was deployed is never written again.
DEPLOYED = {
    ("documents", "0001_initial"),
    ("links", "0001_initial"),
    ("mailing", "0001_initial"),
    ("partnerships", "0001_initial"),
    ("partnerships", "0003_merged_companies"),
    ("partnerships", "0004_life_of_a_convention"),
    ("partnerships", "0011_sirene_extracts"),
    ("signing", "0001_initial"),
}

TASK_NAME = re.compile(r"^[a-z_]+\.[a-z_]+$")


@pytest.fixture(scope="module")
def tasks() -> set[str]:
    load_tasks()
    return {name for name in app.tasks if not name.startswith("celery.")}


def asked_for() -> set[str]:
    """Return the names given to enqueue_on_commit, as they are or through a constant of the same file."""
    return {name for path in python_files("e2c_portal", "schools", "partnerships") for name in names_in(tree(path))}


def names_in(module: ast.Module) -> set[str]:
    constants = {
        target.id: node.value.value
        for node in module.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets if isinstance(target, ast.Name)
    }  # fmt: skip
    calls = [
        n for n in ast.walk(module) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "enqueue_on_commit"
    ]
    first = [call.args[0] for call in calls if call.args]
    found = {node.value for node in first if isinstance(node, ast.Constant)}
    return found | {constants[node.id] for node in first if isinstance(node, ast.Name) and node.id in constants}


def test_every_task_asked_for_exists(tasks: set[str]) -> None:
    assert "documents.build" in asked_for()
    assert asked_for() - tasks == set()


def test_every_timed_task_exists(tasks: set[str]) -> None:
    assert {entry["task"] for entry in portal_settings.CELERY_BEAT_SCHEDULE.values()} - tasks == set()


def test_every_task_has_a_short_name(tasks: set[str]) -> None:
    """A name that is a path of the code would break the jobs that wait when the code moves."""
    assert [name for name in tasks if not TASK_NAME.match(name)] == []


def test_every_document_kind_has_its_template() -> None:
    kinds = all_kinds()
    assert "convention" in {kind.name for kind in kinds}
    for kind in kinds:
        folder = ROOT / "templates" / "documents" / kind.template / kind.version
        assert (folder / "document.html").is_file() or kind.template.startswith("tests"), shown(folder)


def test_every_line_of_the_menu_leads_somewhere() -> None:
    for entry in navigation._entries.values():
        assert reverse(entry.url_name)


def test_lost_documents_and_jobs_are_watched_for() -> None:
    assert {"jobs", "documents"} <= set(sweepers._sweepers)


@pytest.mark.django_db
def test_the_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_migration_of_many_additions_makes_them_at_once() -> None:
    """One by one they take a tenth of a second each, on every new machine and in every test run."""
    slow = [
        f"{app}.{name} : class Migration(AddedAtOnce)"
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if (app, name) not in DEPLOYED
        and type(migration).__module__.split(".")[0] in OURS
        and len([1 for operation in migration.operations if type(operation) in AddedAtOnce.ACCEPTED]) > MANY_ADDITIONS
        and not isinstance(migration, AddedAtOnce)
    ]
    assert not slow, "\n".join(slow)
