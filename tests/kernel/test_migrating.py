"""A migration that adds all at once leaves the very database, and the very state, of the same operations one by one."""

from functools import cache

import pgtrigger
import pytest
from django.core.management import get_commands, load_command_class
from django.db import connection, migrations, models, transaction
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from e2c_portal.kernel.migrating import AddedAtOnce, options_in_place

pytestmark = pytest.mark.django_db

SCHEMA = """
    SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod) || a.attnotnull || a.attnum
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relname LIKE 'shelves_%' AND c.relkind = 'r'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
      FROM pg_constraint WHERE conrelid::regclass::text LIKE 'shelves_%'
    UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'shelves_%'
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
      FROM pg_trigger WHERE tgrelid::regclass::text LIKE 'shelves_%' AND NOT tgisinternal
    ORDER BY 1, 2, 3
"""


def _key(to: str) -> models.ForeignKey:
    return models.ForeignKey(to, models.PROTECT, null=True, related_name="+")


def _trigger(name: str, row_of: str) -> pgtrigger.Trigger:
    """A trigger whose function names the row of a table: it cannot be made before that table."""
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.Before, operation=pgtrigger.Update, declare=[("found", f"{row_of}%ROWTYPE")],
        func=f"SELECT * INTO found FROM {row_of}; RETURN NEW;",
    )  # fmt: skip


@cache
def two_tables_in_a_circle() -> list[Operation]:
    """The operations in the order in which makemigrations writes them: tables, keys, indexes, constraints, triggers."""
    identity = ("id", models.BigAutoField(primary_key=True))
    named = models.Q(title__gt="")
    return [
        migrations.CreateModel("Book", [identity, ("title", models.CharField(max_length=20))]),
        migrations.CreateModel("Shelf", [identity, ("number", models.IntegerField())], {"ordering": ["number"]}),
        migrations.AddField("book", "shelf", _key("shelves.shelf")),
        migrations.AddField("shelf", "first", _key("shelves.book")),
        migrations.AddField("shelf", "readers", models.ManyToManyField("shelves.book", related_name="+")),
        migrations.AddIndex("book", models.Index(fields=["shelf", "title"], name="book_place")),
        migrations.AddConstraint("book", models.CheckConstraint(condition=named, name="book_named")),
        migrations.AddConstraint(
            "book", models.UniqueConstraint(fields=["shelf"], condition=named, name="one_a_shelf")
        ),
        migrations.AddConstraint("shelf", models.UniqueConstraint(fields=["number", "first"], name="shelf_once")),
        pgtrigger.migrations.AddTrigger("book", _trigger("book_kept", row_of="shelves_shelf")),
    ]


@cache
def later_additions() -> list[Operation]:
    """What a second migration adds: to a table that was there, and with a new one."""
    return [
        migrations.CreateModel("Label", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("book", "label", _key("shelves.label")),
        migrations.AddConstraint("book", models.UniqueConstraint(fields=["label"], name="label_once")),
        pgtrigger.migrations.AddTrigger("shelf", _trigger("shelf_kept", row_of="shelves_label")),
    ]


def migration(base: type[migrations.Migration], operations: list[Operation]) -> migrations.Migration:
    return type("Migration", (base,), {"operations": operations})("0001_initial", "shelves")


def apply(base: type[migrations.Migration], lists: list[list[Operation]] | None = None) -> ProjectState:
    """Apply one migration for each list of operations, and return the state after the last."""
    state = ProjectState()
    for operations in lists or [two_tables_in_a_circle(), later_additions()]:
        with connection.schema_editor() as editor:
            state = migration(base, operations).apply(state, editor)
    return state


def schema() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA)
        return cursor.fetchall()


def test_the_database_and_the_state_are_those_of_one_operation_after_another() -> None:
    with transaction.atomic():
        one_by_one = apply(migrations.Migration)
        expected = schema()
        transaction.set_rollback(True)
    assert schema() == []
    at_once = apply(AddedAtOnce)
    assert schema() == expected
    assert {kind for kind, *_ in expected} == {"column", "constraint", "index", "trigger"}
    assert at_once.models == one_by_one.models
    book = at_once.apps.get_model("shelves", "book")
    assert [trigger.name for trigger in book._meta.triggers] == ["book_kept"]
    assert book._meta.get_field("shelf").related_model._meta.ordering == ["number"]


def test_it_is_undone() -> None:
    state = apply(AddedAtOnce, [two_tables_in_a_circle()])
    assert len(state.models) == 2
    with connection.schema_editor() as editor:
        migration(AddedAtOnce, two_tables_in_a_circle()).unapply(ProjectState(), editor)
    assert schema() == []


def test_it_is_shown_as_sql() -> None:
    """`sqlmigrate` says every order once, a table with all it holds."""
    editor = connection.schema_editor(collect_sql=True)
    with editor:
        migration(AddedAtOnce, two_tables_in_a_circle()).apply(ProjectState(), editor, collect_sql=True)
    text = "\n".join(editor.collected_sql)
    assert schema() == []
    assert text.count("CREATE TABLE") == 3
    assert text.count("book_named") == 1
    assert text.count("shelves_shelf%ROWTYPE") == 1


@pytest.mark.parametrize(
    "stranger",
    [
        migrations.RunPython(migrations.RunPython.noop),
        migrations.RemoveField("book", "title"),
        migrations.AlterField("book", "title", models.TextField()),
    ],
)
def test_what_needs_an_order_is_refused(stranger: Operation) -> None:
    with pytest.raises(TypeError, match=r"shelves\.0001_initial .* needs a migration of its own"):
        apply(AddedAtOnce, [[*two_tables_in_a_circle(), stranger]])
    assert schema() == []


def changed_rules() -> list[Operation]:
    """What a third migration takes away and adds, on tables that are there."""
    return [
        migrations.RemoveIndex("book", "book_place"),
        migrations.RemoveConstraint("shelf", "shelf_once"),
        migrations.AddIndex("shelf", models.Index(fields=["number"], name="shelf_number")),
        migrations.AddField("shelf", "height", models.IntegerField(default=1)),
        migrations.AddConstraint("shelf", models.UniqueConstraint(fields=["height", "number"], name="shelf_height")),
        pgtrigger.migrations.RemoveTrigger("book", "book_kept"),
        pgtrigger.migrations.AddTrigger("book", _trigger("book_again", row_of="shelves_label")),
    ]


def test_rules_changed_in_place_leave_the_same_database_and_the_same_state() -> None:
    lists = [two_tables_in_a_circle(), later_additions(), changed_rules()]
    with transaction.atomic():
        redrawn = apply(migrations.Migration, lists)
        expected = schema()
        transaction.set_rollback(True)
    assert schema() == []
    with options_in_place():
        in_place = apply(migrations.Migration, lists)
    assert schema() == expected
    assert in_place.models == redrawn.models
    for name in ("book", "shelf", "label"):
        drawn, wanted = (state.apps.get_model("shelves", name)._meta for state in (in_place, redrawn))
        for rules in ("indexes", "constraints", "total_unique_constraints"):
            assert getattr(drawn, rules) == getattr(wanted, rules)
        assert [one.name for one in getattr(drawn, "triggers", [])] == [
            one.name for one in getattr(wanted, "triggers", [])
        ]


def _methods() -> tuple[object, ...]:
    return ProjectState._append_option, ProjectState._remove_option, pgtrigger.migrations.AddTrigger.state_forwards


def _a_migration_that_breaks(before: tuple[object, ...]) -> None:
    with options_in_place():
        assert not set(before) & set(_methods())
        raise ZeroDivisionError


def test_what_django_does_comes_back_even_after_a_fault() -> None:
    before = _methods()
    with pytest.raises(ZeroDivisionError):
        _a_migration_that_breaks(before)
    assert _methods() == before


def test_the_command_is_ours() -> None:
    command = load_command_class(get_commands()["migrate"], "migrate")
    assert type(command).__module__ == "e2c_portal.kernel.management.commands.migrate"
