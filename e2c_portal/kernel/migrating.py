"""Migrations that make many tables, in the time their SQL takes.

Django draws anew, at each operation, every model that the changed one can reach. An app of forty models then takes half a
minute to be made, of which the database works for two seconds; every test run and every new machine waits for it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


class AddedAtOnce(migrations.Migration):
    """A migration that only adds, or changes what a constraint says (the database knows nothing of it), whose models are drawn once.

    To be written as the base of `Migration` in a file that makemigrations made, whose operations stay as they are:

        class Migration(AddedAtOnce): ...

    A table it makes is made whole, with the columns, constraints and indexes that its other operations add to it. Triggers
    come last, for their functions may name any of the tables. It is undone one operation at a time, as any migration.
    """

    ACCEPTED: ClassVar[tuple[type[Operation], ...]] = (
        migrations.CreateModel,
        migrations.AddField,
        migrations.AddIndex,
        migrations.AddConstraint,
        migrations.AlterConstraint,
        AddTrigger,
    )

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        """Make the whole and return the state after it.

        Raises TypeError for an operation whose place among the others counts: it belongs to a migration of its own.
        """
        self._refuse_what_needs_an_order()
        before = project_state.clone()
        triggers = [operation for operation in self.operations if isinstance(operation, AddTrigger)]
        others = [operation for operation in self.operations if operation not in triggers]
        self._foresee(others, project_state)
        for operation in [*_left_to_do(others), *triggers]:
            if collect_sql:
                schema_editor.collected_sql.extend(["--", f"-- {operation.describe()}", "--"])
            operation.database_forwards(self.app_label, schema_editor, before, project_state)
        self._foresee(triggers, project_state)
        return project_state

    def _refuse_what_needs_an_order(self) -> None:
        for operation in self.operations:
            if type(operation) not in self.ACCEPTED:
                raise TypeError(
                    f"{self.app_label}.{self.name} adds all at once: {operation.describe()} needs a migration of its own."
                )

    def _foresee(self, operations: Sequence[Operation], state: ProjectState) -> None:
        """Put the operations in the state without its drawn models: they are drawn when they are next asked for."""
        state.clear_delayed_apps_cache()
        state.__dict__.pop("apps", None)
        for operation in operations:
            operation.state_forwards(self.app_label, state)


def _left_to_do(operations: Sequence[Operation]) -> list[Operation]:
    """Leave out what a table made here already has, since it is made from its final model."""
    made = {operation.name_lower for operation in operations if isinstance(operation, migrations.CreateModel)}
    return [operation for operation in operations if getattr(operation, "model_name_lower", None) not in made]


@contextmanager
def options_in_place() -> Iterator[None]:
    """Let the migrations that run meanwhile change the rules of a model without drawing it, and all it can reach, anew.

    An index, a constraint or a trigger changes no field: what is drawn already stays true but for the list of them. It halves
    the time of making every table, and the database is the same to the last word. Only the first migration of a database runs so.
    """
    ours: dict[type, dict[str, Callable[..., None]]] = {
        ProjectState: {"_append_option": _append_option, "_remove_option": _remove_option},
        AddTrigger: {"state_forwards": _append_trigger},
    }
    theirs = {owner: {name: getattr(owner, name) for name in named} for owner, named in ours.items()}
    try:
        _give(ours)
        yield
    finally:
        _give(theirs)


def _give(methods: dict[type, dict[str, Callable[..., None]]]) -> None:
    for owner, named in methods.items():
        for name, method in named.items():
            setattr(owner, name, method)


def _append_option(state: ProjectState, app_label: str, model_name: str, option_name: str, added: Any) -> None:
    options = state.models[app_label, model_name].options
    _set_option(state, app_label, model_name, option_name, [*options.get(option_name, []), added])


def _remove_option(state: ProjectState, app_label: str, model_name: str, option_name: str, name: str) -> None:
    left = [one for one in state.models[app_label, model_name].options[option_name] if one.name != name]
    _set_option(state, app_label, model_name, option_name, left)


def _append_trigger(operation: AddTrigger, app_label: str, state: ProjectState) -> None:
    _append_option(state, app_label, operation.model_name_lower, "triggers", operation.trigger)


def _set_option(state: ProjectState, app_label: str, model_name: str, option_name: str, rules: list[Any]) -> None:
    """Write a list of rules in the state, and in the model drawn from it if there is one."""
    state.models[app_label, model_name].options[option_name] = rules
    if "apps" in state.__dict__:
        drawn = state.apps.get_model(app_label, model_name)._meta
        setattr(drawn, option_name, list(rules))
        drawn.__dict__.pop("total_unique_constraints", None)
