"""Erase rows with all that follows them: the database, the stored files, and the name in the rows of others.

One transaction opens the door of kernel.removing, and says in a row who, why and how many. What is held stays.
"""

import json
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents import storage
from e2c_portal.kernel import retention
from e2c_portal.kernel.models import Removal
from e2c_portal.kernel.removing import removal
from e2c_portal.privacy.closure import Found, closure_of, labels_of
from e2c_portal.privacy.holds import kept_by_holds
from e2c_portal.privacy.people import PersonKind, watched

if TYPE_CHECKING:
    from e2c_portal.accounts.models import User

logger = logging.getLogger(__name__)
# What is written in the place of somebody's name in the rows of others.
ERASED_NAME = "[personne effacée]"
SHORTEST_NAME = 4


@dataclass
class Outcome:
    """What an erasure did: rows gone by model, rows held, why a part stays."""

    gone: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Say whether nothing is left."""
        return not self.held and not self.refused


@transaction.atomic
def erase_people(
    kind: PersonKind, rows: Sequence[Model], why: str, actor: "User | None" = None, reason: str = ""
) -> Outcome:
    """Erase people of one kind, whole or what the law lets go. `why` and `reason` hold no name."""
    outcome = Outcome()
    whole = [row for row in rows if not kind.obligations(row)]
    for part in ([row for row in rows if row not in whole], whole):
        if part:
            _erase_part(kind, part, why, actor, reason, outcome, whole=part is whole)
    return outcome


def _erase_part(
    kind: PersonKind,
    rows: Sequence[Model],
    why: str,
    actor: "User | None",
    reason: str,
    outcome: Outcome,
    *,
    whole: bool,
) -> None:
    names = [name for row in rows for name in kind.names(row)]
    found = closure_of([*rows, *(more for row in rows for more in kind.also(row))])
    if not whole:
        outcome.refused += [sentence for row in rows for sentence in kind.obligations(row)]
        found = {model: keys for model, keys in found.items() if model._meta.label in kind.first_to_go}
    own = kind.model_class
    if not kind.deletes:
        found.pop(own, None)
    kept = kept_by_holds(found)
    goes = _without(found, kept)
    subject = subject_of(rows[0]) if len(rows) == 1 else ""
    with (
        watched(own, [row.pk for row in rows]),
        removal(why, actor, models=_touched(goes, own), subject=subject, reason=reason) as act,
    ):
        _erase(goes, act, outcome)
        stays = [row for row in rows if row.pk not in goes.get(own, ())]
        for row in stays:
            if kept.get(own) is None or row.pk not in kept[own]:
                own._base_manager.filter(pk=row.pk).update(**kind.blank(row))
        if whole or not kind.deletes:
            redact(names, act)
        for row in rows:
            kind.after(row)
        act.counts = labels_of(goes)
        act.people = tuple(map(subject_of, rows))
    for label, number in labels_of(kept).items():
        outcome.held[label] = outcome.held.get(label, 0) + number


@transaction.atomic
def erase_rows(rows: Iterable[Model], why: str, actor: "User | None" = None) -> Outcome:
    """Erase records that are nobody in particular, with all that follows them, the held ones aside."""
    found = closure_of(rows)
    kept = kept_by_holds(found)
    goes, outcome = _without(found, kept), Outcome(held=labels_of(kept))
    if goes:
        with removal(why, actor, models=list(goes)) as act:
            _erase(goes, act, outcome)
            act.counts = labels_of(goes)
    return outcome


def _without(found: Found, kept: Found) -> Found:
    left = {model: keys - kept.get(model, set()) for model, keys in found.items()}
    return {model: keys for model, keys in left.items() if keys}


def _touched(goes: Found, own: type[Model]) -> list[type[Model]]:
    mentioned = [rule.model_class for rule in retention.all_rules() if rule.mentions]
    return list({*goes, own, *mentioned})


def _erase(goes: Found, act: Removal, outcome: Outcome) -> None:
    """Delete or empty the rows, whatever their order: the database looks at its keys once all are gone."""
    files: list[str] = []
    _look_at_keys("DEFERRED")
    for model, keys in goes.items():
        rule = retention.rule_of(model)
        files += _files_of(model, keys, rule)
        if rule is not None and rule.blank:
            model._base_manager.filter(pk__in=keys).update(
                **{name: value(act) if callable(value) else value for name, value in rule.blank.items()}
            )
        else:
            _delete(model, keys)
        outcome.gone[model._meta.label] = outcome.gone.get(model._meta.label, 0) + len(keys)
    _look_at_keys("IMMEDIATE")
    _look_at_keys("DEFERRED")
    transaction.on_commit(lambda: _discard(files))


def _look_at_keys(when: str) -> None:
    """Have the database look at foreign keys now, or at the end."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL {when}")


def _delete(model: type[Model], keys: Collection[Any]) -> None:
    """Delete rows by one order of the database, many-to-many lines first: Django's own cascade would load them all."""
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        for relation in model._meta.many_to_many:
            through = relation.remote_field.through._meta  # type: ignore[union-attr]
            if through.auto_created:
                column = quoted(relation.m2m_column_name())
                cursor.execute(f"DELETE FROM {quoted(through.db_table)} WHERE {column} = ANY(%s)", [list(keys)])  # noqa: S608
        key = quoted(str(model._meta.pk.column))  # type: ignore[union-attr]
        cursor.execute(f"DELETE FROM {quoted(model._meta.db_table)} WHERE {key} = ANY(%s)", [list(keys)])  # noqa: S608


def _files_of(model: type[Model], keys: Collection[Any], rule: retention.Rule | None) -> list[str]:
    own = {column.name for column in model._meta.concrete_fields}
    columns = [name for name in (rule.files if rule else ()) if name in own]
    rows = model._base_manager.filter(pk__in=keys)
    return [key for name in columns for key in rows.order_by().values_list(name, flat=True) if key]


def _discard(files: Sequence[str]) -> None:
    """Delete stored files once nothing names them; what cannot be now is an orphan that the nightly sweep deletes."""
    for key in files:
        try:
            storage.discard(key)
        except storage.FAULTS as error:
            logger.warning("stored file left to the sweep: %s", type(error).__name__)


def redact(names: Sequence[str], act: Removal) -> None:
    """Take names and addresses out of the rows of others, in the columns that the rules say may print them."""
    wanted = sorted({name for name in names if len(name) >= SHORTEST_NAME}, key=len, reverse=True)
    if not wanted:
        return
    for rule in retention.all_rules():
        for column in rule.mentions:
            _redact_column(rule.model_class, column, wanted)


def _redact_column(model: type[Model], column: str, names: Sequence[str]) -> None:
    concrete = model._meta.get_field(column)
    is_json = concrete.get_internal_type() == "JSONField"
    rows = model._base_manager.annotate(printed=Cast(column, TextField()))
    said = Q()
    for name in names:
        said |= Q(printed__contains=_within(name, is_json))
    for pk, printed in rows.filter(said).values_list("pk", "printed").iterator(500):
        for name in names:
            printed = printed.replace(_within(name, is_json), ERASED_NAME)
        value = json.loads(printed) if is_json else printed[: getattr(concrete, "max_length", None) or len(printed)]
        model._base_manager.filter(pk=pk).update(**{column: value})


def _within(name: str, is_json: bool) -> str:
    """Return a text as PostgreSQL writes it inside JSON: quotes and backslashes escaped, letters as they are."""
    return json.dumps(name, ensure_ascii=False)[1:-1] if is_json else name
