"""The register of erasures: who left, kept beside the documents and not in the database, so that a restore forgets nobody.

A backup brings back the people erased since it was made. Each erasure is therefore noted outside the database, in the storage
of documents and in the backups made later: a restore reads those notes and erases the same people again. A note names
records ("trainees.trainee:12"), when and why: never a name. Until it is kept there, the database holds what it will say.
"""

import json
import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql

from e2c_portal.accounts.models import User
from e2c_portal.documents import storage
from e2c_portal.kernel.models import Removal
from e2c_portal.privacy.erasing import erase_people
from e2c_portal.privacy.holds import record_named
from e2c_portal.privacy.people import PersonKind, all_kinds, kind_of
from e2c_portal.upkeep.backup.layout import LEDGER
from e2c_portal.upkeep.models import ErasureToNote

logger = logging.getLogger(__name__)
# Everything that operating the portal keeps in the storage of documents lives under this folder.
OWN = "exploitation"
NOTES = f"{OWN}/effacements"
NOTED_AT_ONCE = 200
PASS_OVER = sql.SQL(
    "SELECT setval(pg_get_serial_sequence({name}, 'id'), GREATEST({number}, (SELECT COALESCE(max(id), 0) FROM {table}), 1))"
)


@dataclass(frozen=True, order=True)
class Note:
    """One erasure: its moment, the number of its row, the rule or demand, the people, and who decided."""

    at: str
    removal: int
    why: str
    reason: str
    actor: int | None
    people: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{NOTES}/{self.at[:4]}/{self.at[:10]}-{self.removal}.json"


def note(act: Removal) -> None:
    """Note an erasure once its transaction is committed: listens to kernel.removing."""
    if act.people:
        ErasureToNote.objects.create(removal=act, people=list(act.people))
        transaction.on_commit(keep_waiting, robust=True)


def keep_waiting() -> None:
    """Keep the notes that wait, the oldest first, until the storage refuses one: the erasure holds, its note waits."""
    for row in ErasureToNote.objects.select_related("removal").order_by("pk")[:NOTED_AT_ONCE]:
        if not keep_all([note_of(row.removal, row.people)]):
            return
        row.delete()


def note_of(act: Removal, people: Iterable[str]) -> Note:
    """Return the note of an erasure."""
    return Note(act.at.isoformat(), act.pk, act.why, act.reason, act.actor_id, tuple(people))


def _is_kept(written: Note) -> bool:
    """Keep a note in the storage of documents, unless it is there already. Returns whether it is there."""
    try:
        if not storage.document_storage().exists(written.key):
            storage.document_storage().save(written.key, ContentFile(_text(written).encode()))
    except storage.FAULTS as error:
        # Tried again with the next one, and by night: the check of erasures tells of those that wait.
        logger.error("erasure %s could not be noted: %s", written.removal, type(error).__name__)
        return False
    return True


def own_files(keys: Collection[str]) -> set[str]:
    """Return those of the keys that operating the portal keeps: the sweep of orphan files leaves them."""
    return {key for key in keys if key.startswith(f"{OWN}/")}


def notes_in_storage() -> Iterator[Note]:
    """Yield the notes kept beside the documents."""
    for key in storage.every_key(NOTES):
        with storage.document_storage().open(key) as stored:
            yield _read(stored.read().decode())


def notes_in(source: Path) -> Iterator[Note]:
    """Yield the notes of a backup, of its register alone, or of a folder of documents that survived."""
    if (source / LEDGER).exists() or source.is_file():
        text = (source if source.is_file() else source / LEDGER).read_text(encoding="utf-8")
        yield from map(_read, text.splitlines())
    for path in sorted((source / NOTES).rglob("*.json")):
        yield _read(path.read_text(encoding="utf-8"))


def notes_that_wait() -> Iterator[Note]:
    """Yield the notes that the storage of documents has not taken yet."""
    for row in ErasureToNote.objects.select_related("removal"):
        yield note_of(row.removal, row.people)


def write_to(path: Path) -> int:
    """Write the register in one file, the notes that still wait included. Returns how many erasures it holds."""
    # Those that wait are read first: one that is kept meanwhile is then read twice, never missed.
    notes = sorted({*notes_that_wait(), *notes_in_storage()})
    path.write_text("".join(f"{_text(each)}\n" for each in notes), encoding="utf-8")
    return len(notes)


def keep_all(notes: Iterable[Note]) -> bool:
    """Keep the notes in the storage of documents. Returns whether all of them are there."""
    return all([_is_kept(each) for each in notes])


def replay(notes: Iterable[Note]) -> dict[str, int]:
    """Erase again, in a database just restored, the people whose erasure it does not know. Returns how many of each kind.

    To be called before anybody works there: a number could otherwise be that of somebody who came later.
    """
    again: dict[str, int] = {}
    for each in sorted(set(notes)):
        if Removal.objects.filter(pk=each.removal, at=each.at).exists():
            continue
        for kind, rows in _people(each.people).values():
            actor = User.objects.filter(pk=each.actor).first() if each.actor else None
            erase_people(kind, rows, each.why, actor, each.reason)
            again[kind.label] = again.get(kind.label, 0) + len(rows)
    return again


def _people(subjects: Collection[str]) -> dict[str, tuple[PersonKind, list[Model]]]:
    found: dict[str, tuple[PersonKind, list[Model]]] = {}
    for subject in subjects:
        row = record_named(subject)
        kind = kind_of(type(row)) if row is not None else None
        if row is not None and kind is not None:
            found.setdefault(kind.slug, (kind, []))[1].append(row)
    return found


def pass_over_numbers(notes: Collection[Note]) -> None:
    """Have new rows numbered after all those that the notes name: nobody new ever takes the number of somebody erased."""
    highest: dict[type[Model], int] = {Removal: max((each.removal for each in notes), default=0)}
    for subject in {subject for each in notes for subject in each.people}:
        label, _, key = subject.partition(":")
        if key.isdecimal() and label in _labels():
            highest[_labels()[label]] = max(highest.get(_labels()[label], 0), int(key))
    with connection.cursor() as cursor:
        for model, number in highest.items():
            table = sql.Identifier(model._meta.db_table)
            cursor.execute(
                PASS_OVER.format(table=table, name=sql.Literal(model._meta.db_table), number=sql.Literal(number))
            )


def _labels() -> dict[str, type[Model]]:
    return {kind.model_class._meta.label_lower: kind.model_class for kind in all_kinds()}


def _text(written: Note) -> str:
    return json.dumps(asdict(written), ensure_ascii=False)


def _read(text: str) -> Note:
    values = json.loads(text)
    return Note(**values | {"people": tuple(values["people"])})
