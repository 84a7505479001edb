"""Which stored files the database names: the columns that the rules of retention declare, read in the order of keys."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import CharField, Model, TextField

from e2c_portal.kernel import retention

AT_ONCE = 2000
# Where a model says what the file must be.
FINGERPRINTS = {"file": "sha256", "proof": "proof_sha256"}


@dataclass(frozen=True, order=True)
class Named:
    """A key that a row names, the fingerprint that the row tells ("" when it tells none), and the model and column."""

    key: str
    sha256: str
    model: str
    column: str


def file_columns() -> Iterator[tuple[type[Model], str, str]]:
    """Yield each model that names stored files, with the column of the key and that of the fingerprint ("" without one)."""
    for rule in retention.all_rules():
        columns = {field.name: field for field in rule.model_class._meta.concrete_fields}
        for name in rule.files:
            if isinstance(columns.get(name), CharField | TextField):
                fingerprint = FINGERPRINTS.get(name, "")
                yield rule.model_class, name, fingerprint if fingerprint in columns else ""


def named_files() -> Iterator[Named]:
    """Yield every file that the database names, once, in the order of keys. Asks with one cursor a model: needs a transaction."""
    sources = [_of(model, column, fingerprint) for model, column, fingerprint in file_columns()]
    for _, same in groupby(heapq.merge(*sources), lambda named: named.key):
        rows = list(same)
        # Two rows may name one file (a document ready to sign and its first revision): the fingerprint told is enough.
        yield next((row for row in rows if row.sha256), rows[0])


def _of(model: type[Model], column: str, fingerprint: str) -> Iterator[Named]:
    rows = model._base_manager.exclude(**{column: ""}).exclude(**{column: None}).order_by(column)
    wanted = (column, fingerprint) if fingerprint else (column,)
    for key, *told in rows.values_list(*wanted).iterator(AT_ONCE):
        yield Named(key, (told or [""])[0] or "", model._meta.label, column)


def still_named(key: str) -> bool:
    """Say whether a row of the present database names a key."""
    return any(model._base_manager.filter(**{column: key}).exists() for model, column, _ in file_columns())
