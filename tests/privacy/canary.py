"""A person whose every column holds a word of its own, and a search of those words everywhere the portal writes.

The rows are not lawful ones: the rules of the tables are put aside while they are written, inside the test's transaction.
What is tested is that each of them goes, whatever it says.
"""

from collections import defaultdict
from itertools import count
from typing import Any
from uuid import uuid4

import redis
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.files.base import ContentFile
from django.db import connection, models
from django.utils import timezone

from e2c_portal.documents import storage
from e2c_portal.kernel import retention
from e2c_portal.privacy.closure import Found, followers_of

STEM = "zqk"
SHORTEST = 5
# Words of lists that a row keeps once it is emptied: they say what happened, not to whom.
LIST_WORDS = ("origin", "target", "status", "kind")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Words:
    """The numbers of the words given so far; a new canary begins anew."""

    numbers = count(1)


def word() -> str:
    """Return a word that stands nowhere else: zqk, then two characters."""
    number = next(Words.numbers)
    assert number < len(DIGITS) ** 2, "too many columns for words of five characters"
    return STEM + DIGITS[number // len(DIGITS)] + DIGITS[number % len(DIGITS)]


def put_rules_aside() -> None:
    """Drop the CHECK constraints and let triggers sleep, until the test is over."""
    Words.numbers = count(1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint "
            "WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute("SET session_replication_role = replica")


def wake_triggers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")


def complete(root: models.Model, found: Found) -> Found:
    """Write one row of each model that follows, directly or not, and has none; fill every text of every row with a word."""
    rows: dict[type[models.Model], set[Any]] = defaultdict(set, {model: set(keys) for model, keys in found.items()})
    waiting = [type(root)]
    seen = set(waiting)
    while waiting:
        parent = waiting.pop(0)
        for follower, column in followers_of(parent):
            if not rows[follower]:
                rows[follower] = {_row_of(follower, column, parent, next(iter(rows[parent])))}
            if follower not in seen:
                seen.add(follower)
                waiting.append(follower)
    for model, keys in rows.items():
        for key in keys:
            fill(model, key)
    return dict(rows)


def _row_of(model: type[models.Model], column: str, parent: type[models.Model], key: Any) -> Any:
    named = f"{parent._meta.label_lower}:{key}" if column == retention.SUBJECT else key
    values = {}
    for field in model._meta.concrete_fields:
        if field.generated or (field.primary_key and isinstance(field, models.AutoField)):
            continue
        values[field.column] = named if field.name == column else _plain(field, stays=_stays(model))
    names = ", ".join(connection.ops.quote_name(name) for name in values)
    marks = ", ".join(["%s"] * len(values))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING {connection.ops.quote_name(model._meta.pk.column)}",
            list(values.values()),
        )
        return cursor.fetchone()[0]


def _stays(model: type[models.Model]) -> bool:
    """Say whether the row stays, emptied: what it points to must then be there."""
    rule = retention.rule_of(model)
    return bool(rule and rule.blank)


def _plain(field: models.Field, *, stays: bool) -> Any:
    """Return a value that the column's type accepts."""
    if field.is_relation:
        # Any row of the kind: the figures that survive name the school.
        there = field.related_model._base_manager.order_by("pk").values_list("pk", flat=True).first()
        if there is None and stays and not field.null:
            there = _row_of(field.related_model, "", field.related_model, None)
        return None if field.null else there or 1
    for kind, value in (
        (ArrayField, []),
        (models.JSONField, "{}"), (models.UUIDField, uuid4()), (models.BooleanField, False), (models.DateTimeField, timezone.now()),
        (models.DateField, timezone.localdate()), (models.TimeField, "08:00"), (models.GenericIPAddressField, None),
        (models.CharField, ""), (models.TextField, ""),
    ):  # fmt: skip
        if isinstance(field, kind):
            return value
    return 1


def fill(model: type[models.Model], key: Any) -> None:
    """Write a word of its own in each text and JSON column of a row that names nothing else, and a stored file in each file."""
    rule = retention.rule_of(model)
    own_files = rule.files if rule else ()
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.generated or field.primary_key or field.name == retention.SUBJECT:
            continue
        if _stays(model) and (field.choices or field.name in LIST_WORDS or field.name.endswith(("hash", "sha256"))):
            continue
        if field.name in own_files and isinstance(field, models.CharField):
            values[field.column] = storage.document_storage().save(
                f"essais/{uuid4()}.bin", ContentFile(word().encode())
            )
        elif isinstance(field, models.JSONField):
            values[field.column] = f'{{"dit": ["{word()}"]}}'
        elif isinstance(field, models.TextField) or (
            isinstance(field, models.CharField) and (field.max_length or SHORTEST) >= SHORTEST
        ):
            values[field.column] = word()
    if values:
        quoted = connection.ops.quote_name
        columns = ", ".join(f"{quoted(name)} = %s" for name in values)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {quoted(model._meta.db_table)} SET {columns} WHERE {quoted(model._meta.pk.column)} = %s",
                [*values.values(), key],
            )


class Search:
    """Looks for the words everywhere, and keeps what it looked through."""

    def __init__(self, stem: str = STEM) -> None:
        self.stem = stem
        self.tables: dict[str, int] = {}
        self.columns = self.files = self.keys = 0

    def database(self) -> set[tuple[str, str]]:
        """Return the (table, column) where a word is, walking every column of every table by SQL."""
        found = set()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
            )
            for table, column in cursor.fetchall():
                self.columns += 1
                cursor.execute(
                    f'SELECT count(*) FILTER (WHERE "{column}"::text ILIKE %s), count(*) FROM "{table}"',
                    [f"%{self.stem}%"],
                )
                with_word, total = cursor.fetchone()
                self.tables[table] = total
                if with_word:
                    found.add((table, column))
        return found

    def stored_files(self) -> set[str]:
        """Return the stored files whose name or bytes hold a word."""
        found = set()
        for key in storage.every_key():
            self.files += 1
            with storage.document_storage().open(key) as stored:
                if self.stem.encode() in stored.read().lower() or self.stem in key.lower():
                    found.add(key)
        return found

    def queue(self) -> set[str]:
        """Return the keys of the broker and of the cache that hold a word."""
        server = redis.Redis.from_url(settings.REDIS_URL)
        found = set()
        for key in server.scan_iter(count=500):
            self.keys += 1
            value = server.dump(key) or b""
            if self.stem.encode() in value.lower() or self.stem.encode() in key.lower():
                found.add(key.decode(errors="replace"))
        return found

    def told(self) -> str:
        """Say what was looked through."""
        rows = sum(self.tables.values())
        return f"{len(self.tables)} tables, {self.columns} columns, {rows} rows, {self.files} files, {self.keys} keys of the queue"
