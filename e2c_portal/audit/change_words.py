"""Say a change in French: the name of each column, its old and new values in plain words, related records by their name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, DateField, DateTimeField, Field, ForeignKey, Model, TimeField
from django.utils import timezone

from e2c_portal.audit.histories import name_of
from e2c_portal.audit.models import Change
from e2c_portal.kernel.french import day_in_letters

EMPTY = "vide"
CHANGED = "modifié"
NOT_SHOWN = "valeur jamais copiée"
GONE = "fiche retirée"
Column = "Field[Any, Any]"


@dataclass(frozen=True)
class Value:
    """One column: its name, then what it said and says. `quiet` is set for what is never copied."""

    name: str
    before: str = ""
    after: str = ""
    quiet: bool = False


@dataclass(frozen=True)
class Line:
    """One change of one row: what is told of it, and its columns. `removed` and `added` tell whole rows."""

    title: str
    values: list[Value] = field(default_factory=list)
    removed: bool = False
    added: bool = False


@dataclass
class Names:
    """The records that some changes name, read once for each kind."""

    found: dict[type[Model], Mapping[Any, str]]

    def of(self, model: type[Model], key: Any) -> str:
        """Return the name of a record, by its number when it is gone."""
        return self.found.get(model, {}).get(key) or f"n° {key} ({GONE})"

    def known(self, model: type[Model], key: Any) -> str:
        """Return the name of a record, nothing when it is gone."""
        return self.found.get(model, {}).get(key, "")


def names_in(changes: Iterable[Change], own: str) -> Names:
    """Read the names of the records that these changes tell or refer to, one query for each kind of record.

    `own` is the name of the record whose page it is: it needs no name.
    """
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for change in changes:
        model, key = _row_of(change)
        if model is None:
            continue
        if change.subject != own:
            wanted[model].add(key)
        for column in columns_of(model, change):
            if isinstance(column, ForeignKey):
                target: Any = column.related_model
                wanted[target] |= {value for value in _both(change, column) if value is not None}
    return Names({model: _names_of(model, keys) for model, keys in wanted.items()})


def line_of(change: Change, names: Names, own: str) -> Line:
    """Return a change as people read it."""
    model, key = _row_of(change)
    if model is None:
        return Line(f"{change.get_operation_display()} : fiche d’un type retiré du portail")
    what, operation = str(model._meta.verbose_name), Change.Operation(change.operation)
    if change.subject == own:
        title = {"i": "Fiche créée", "d": "Fiche retirée", "u": ""}[operation]
    else:
        name = names.known(model, key)
        title = f"{operation.label} : {what}" + (f" « {name} »" if name else "")
    values = [_value(change, column, names) for column in columns_of(model, change)]
    if operation == Change.Operation.UPDATE and not values:
        values = [Value(what.capitalize(), quiet=True)]
    return Line(title, values, operation == Change.Operation.DELETE, operation == Change.Operation.INSERT)


def side_in_words(change: Change, side: str) -> str:
    """Return what one side of a change says, `before` or `after`, in one line: « Nom : Lefèvre ; Ville : vide »."""
    model, _ = _row_of(change)
    values = getattr(change, side) or {}
    if model is None:
        return ""
    told = [(column, values[column.column]) for column in columns_of(model, change) if column.column in values]
    return " ; ".join(
        f"{column.verbose_name} : {f'n° {value}' if value and column.is_relation else words(column, value, Names({}))}"
        for column, value in told
    )


def columns_of(model: type[Model], change: Change) -> "list[Field[Any, Any]]":
    """Return the columns that a change tells, in the order of the model; those that no longer exist are left out."""
    told = {**(change.before or {}), **(change.after or {})}
    return [column for column in model._meta.concrete_fields if column.column in told]


def _row_of(change: Change) -> tuple[type[Model] | None, Any]:
    label, _, key = change.subject.partition(":")
    try:
        model = apps.get_model(label)
        return model, model._meta.pk.to_python(key)
    except LookupError:
        return None, key


def _both(change: Change, column: "Field[Any, Any]") -> tuple[Any, Any]:
    return (change.before or {}).get(column.column), (change.after or {}).get(column.column)


def _names_of(model: type[Model], keys: set[Any]) -> dict[Any, str]:
    """Return how these records call themselves; what their name itself may read comes along."""
    near = [column.name for column in model._meta.concrete_fields if column.is_relation and not column.null]
    rows = model._base_manager.filter(pk__in=keys).select_related(*near)
    return {row.pk: name_of(row) for row in rows}


def _value(change: Change, column: "Field[Any, Any]", names: Names) -> Value:
    name = str(column.verbose_name)
    name = name[:1].upper() + name[1:]
    before, after = _both(change, column)
    if change.operation == Change.Operation.UPDATE and before == after:
        return Value(name, quiet=True)
    return Value(name, words(column, before, names), words(column, after, names))


def words(column: "Field[Any, Any]", value: Any, names: Names) -> str:
    """Return a value of a column as people read it."""
    if value in (None, "", [], {}):
        return EMPTY
    if isinstance(column, ForeignKey):
        target: Any = column.related_model
        return names.of(target, value)
    if isinstance(value, list):
        base = column.base_field if isinstance(column, ArrayField) else column
        return ", ".join(words(base, item, names) for item in value)
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(column, BooleanField):
        return "oui" if value else "non"
    return _moment(column, value) if isinstance(value, str) else str(value)


def _moment(column: "Field[Any, Any]", value: str) -> str:
    """Return a date, a moment or a time as PostgreSQL writes them in JSON, in French; any other text as it is."""
    try:
        if isinstance(column, DateTimeField):
            moment = timezone.localtime(datetime.fromisoformat(value))
            return f"{day_in_letters(moment.date())} à {moment:%H:%M}"
        if isinstance(column, DateField):
            return day_in_letters(date.fromisoformat(value))
    except ValueError:
        return value
    return value[:5] if isinstance(column, TimeField) else value
