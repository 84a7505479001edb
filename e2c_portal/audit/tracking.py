"""Which tables keep their changes, and what of them is never copied: every model of ours, unless its app says why not.

An app writes its exceptions in one file (`tracked.py`) and registers them in `AppConfig.ready`. Nothing else is needed for a
new model: `manage.py migrate` gives its table the trigger (audit.triggers). What is never copied by default: JSON, files, and
columns whose name tells a secret; their changes read « modifié ».
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import BinaryField, Field, JSONField, Model

from e2c_portal.kernel import retention

# Kept by the portal for itself: a change of theirs tells nothing, and alone makes no history.
INNER = frozenset({
    "revision", "moves_made", "rank", "transaction", "claim", "claimed_at", "attempts", "queued_at", "retry_at", "form_key",
})  # fmt: skip
SECRET = ("password", "token", "secret", "fingerprint", "salt", "sha256", "ticket", "iban", "nir")
FILES = frozenset({"file", "proof"})
EVERY_COLUMN = "*"
IMMUTABLE = "Ligne inaltérable : elle est elle-même la trace, avec son auteur et son moment."


@dataclass(frozen=True)
class Exceptions:
    """What an app says of its tables. Models are named "app.Model"; all reasons are French.

    `left_out`: model → why its changes are not kept. `without_inserts`: model → why only changes and removals are.
    `quiet`: model → columns said « modifié » without their value, EVERY_COLUMN for a table of which not even the columns are
    told, and which is shown on no page but its own. `inner`: model → columns that tell nothing. `parents`: model → the foreign
    key of the record it belongs to, when no rule of retention says it. `also`: models of libraries whose changes are kept.
    """

    left_out: dict[str, str] = field(default_factory=dict)
    without_inserts: dict[str, str] = field(default_factory=dict)
    quiet: dict[str, tuple[str, ...]] = field(default_factory=dict)
    inner: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tracked:
    """How one table keeps its changes: what its trigger is told."""

    table: str
    label: str
    key: str
    inner: tuple[str, ...]
    quiet: tuple[str, ...]
    parent_column: str = ""
    parent_label: str = ""
    copies_inserts: bool = False
    inserts: bool = True

    @property
    def arguments(self) -> tuple[str, ...]:
        """What the trigger function receives."""
        return (
            self.label, self.key, ",".join(self.inner), ",".join(self.quiet), self.parent_column, self.parent_label,
            "copies" if self.copies_inserts else "",
        )  # fmt: skip


_said: dict[str, Exceptions] = {}


def register(app: str, said: Exceptions) -> None:
    """Say what an app makes an exception of. Once an app."""
    _said[app] = said


def exceptions() -> dict[str, Exceptions]:
    """Return what each app said."""
    return dict(_said)


def left_out() -> dict[str, str]:
    """Return the models whose changes are not kept, "app.Model" → why."""
    told = {label: why for said in _said.values() for label, why in said.left_out.items()}
    never_changed = {m._meta.label: IMMUTABLE for m in _models() if _is_immutable(m) and m._meta.label not in told}
    return told | never_changed


def tracked() -> Iterator[Tracked]:
    """Yield how each table keeps its changes, by table."""
    without = left_out()
    for model in sorted(_models(), key=lambda model: model._meta.db_table):
        if model._meta.label not in without and model._meta.managed and not model._meta.proxy:
            yield _tracked(model)


def is_tracked(model: type[Model]) -> bool:
    """Say whether the changes of a model are kept."""
    return any(line.table == model._meta.db_table for line in tracked())


def apart() -> list[str]:
    """Return the names, "app.model", of the models that no other page tells."""
    return [line.label for line in tracked() if line.quiet == (EVERY_COLUMN,)]


def _models() -> Iterable[type[Model]]:
    also = {label for said in _said.values() for label in said.also}
    for model in apps.get_models(include_auto_created=True):
        if _is_ours(model) or model._meta.label in also:
            yield model


def _is_ours(model: type[Model]) -> bool:
    path = Path(model._meta.app_config.path)
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts


def _is_immutable(model: type[Model]) -> bool:
    return any(rule.name == "immutable" for rule in getattr(model._meta, "triggers", []))


def _tracked(model: type[Model]) -> Tracked:
    label, columns = model._meta.label, model._meta.concrete_fields
    quiet = _of(label, "quiet")
    inner = _of(label, "inner") | INNER
    parent_column, parent_label = _parent(model)
    return Tracked(
        model._meta.db_table, model._meta.label_lower, str(model._meta.pk.column),
        tuple(sorted(str(column.column) for column in columns if column.name in inner or column.generated)),
        (EVERY_COLUMN,) if EVERY_COLUMN in quiet else tuple(
            sorted(str(column.column) for column in columns if column.name in quiet or _keeps_quiet(column))
        ),
        parent_column, parent_label,
        # A line between two records says nothing but which they are.
        copies_inserts=bool(model._meta.auto_created),
        inserts=not any(label in said.without_inserts for said in _said.values()),
    )  # fmt: skip


def _of(label: str, what: str) -> frozenset[str]:
    return frozenset(name for said in _said.values() for name in getattr(said, what).get(label, ()))


def _keeps_quiet(column: "Field[object, object]") -> bool:
    return (
        isinstance(column, JSONField | BinaryField)
        or column.name in FILES
        or any(word in column.name for word in SECRET) and not column.is_relation
    )  # fmt: skip


def _parent(model: type[Model]) -> tuple[str, str]:
    """Return the column that names the record a row belongs to, and what that record is; empty when it belongs to none."""
    name = next((said.parents[model._meta.label] for said in _said.values() if model._meta.label in said.parents), "")
    rule = retention.rule_of(model)
    if not name and rule and rule.follows:
        name = rule.follows[0]
    if not name and model._meta.auto_created:
        owner = model._meta.auto_created
        name = next(column.name for column in model._meta.concrete_fields if column.related_model is owner)
    if not name:
        return "", ""
    column = model._meta.get_field(name)
    target = column.related_model
    if target is None:
        return str(column.column), ""  # type: ignore[union-attr]
    if target is ContentType:
        raise ValueError(f"{model._meta.label}: a parent is one record of one model")
    return str(column.column), target._meta.label_lower  # type: ignore[union-attr]
