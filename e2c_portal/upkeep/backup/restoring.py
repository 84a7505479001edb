"""Restore a backup into a new database and a new storage, then prove everything: nothing that exists is ever written over."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from e2c_portal.documents import storage
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import counted
from e2c_portal.kernel.removing import write_door
from e2c_portal.upkeep.backup import ledger, programs, proving, snapshot
from e2c_portal.upkeep.backup.checking import fault_of, faults_of_parts
from e2c_portal.upkeep.backup.elsewhere import on_database
from e2c_portal.upkeep.backup.layout import DUMP, FILES, Line, inside, lines_of, read_manifest

Say = Callable[[str], None]
EVERY = 5000
NOT_EMPTY = (
    "La base de destination contient déjà des tables. Une restauration n’écrase jamais rien : créez une base neuve "
    "(createdb), puis relancez vers elle."
)
FILES_THERE = "Le stockage de destination contient déjà des fichiers. Donnez un dossier ou un compartiment vide."
NEWER = (
    "Cette sauvegarde vient d’une version plus récente du portail ({version}) : restaurez-la avec cette version. "
    "Migrations inconnues ici : {names}."
)


@dataclass
class Restored:
    """What a restore gave. `faults` is empty when everything came back and was proven."""

    proof: proving.Proof = field(default_factory=proving.Proof)
    erased_again: dict[str, int] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    migrated: int = 0

    @property
    def faults(self) -> list[str]:
        return self.proof.faults


def folder_storage(path: Path) -> Storage:
    """Return the storage of documents in a folder, as the settings make it."""
    return FileSystemStorage(location=path, file_permissions_mode=0o600, directory_permissions_mode=0o700)


def restore(source: Path, database: str, into: Storage, say: Say, *, ledgers: Iterable[Path] = ()) -> Restored:
    """Restore the backup `source` into the empty database at an address and the empty storage `into`, and prove it.

    `ledgers` are registers of erasures newer than the backup: those of later backups, or the folder of documents that survived.
    Raises Refused, and touches nothing, when the destination is not empty or the backup is damaged or too new.
    """
    facts = read_manifest(source)
    if faults := list(faults_of_parts(source, facts)):
        raise Refused("Cette sauvegarde est abîmée : choisissez-en une autre.\n" + "\n".join(faults))
    outcome = Restored(gone=facts["files"]["gone"])
    with on_database(database), storage.kept_in(into):
        _refuse_what_is_not_new(facts)
        say(f"Sauvegarde du {_moment(facts['state_of'])}, version {facts['portal_version']} : base de données…")
        _restore_database(source)
        proving.compare_rows(snapshot.rows_by_table(), facts["database"]["rows"], outcome.proof)
        say(f"{counted(facts['files']['number'], 'fichier', 'fichiers')} à rendre…")
        _restore_files(source, into, outcome, say)
        outcome.migrated = _bring_up_to_date(say)
        _erase_again([source, *ledgers], outcome, say)
        _prove(outcome, say)
    return outcome


def _moment(text: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(text)):%d/%m/%Y à %H:%M:%S}"


def _refuse_what_is_not_new(facts: dict[str, Any]) -> None:
    if not snapshot.is_empty():
        raise Refused(NOT_EMPTY)
    if any(not key.startswith(f"{ledger.OWN}/") for key in storage.every_key()):
        raise Refused(FILES_THERE)
    known = {f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.disk_migrations}
    replaced = {
        f"{app}.{name}" for each in MigrationExecutor(connection).loader.disk_migrations.values() for app, name in each.replaces
    }  # fmt: skip
    if unknown := sorted(set(facts["schema"]) - known - replaced):
        raise Refused(NEWER.format(version=facts["portal_version"], names=", ".join(unknown[:5])))


def _restore_database(source: Path) -> None:
    """Restore in one transaction: all of it, or nothing."""
    parameters = connection.get_connection_params()
    connection.ensure_connection()
    major = connection.connection.info.server_version // 10000
    command = [
        str(programs.program("pg_restore", major)), "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
        "--no-password", f"--dbname={parameters['dbname']}", str(source / DUMP),
    ]  # fmt: skip
    programs.run(command, parameters, "La base n’a pas pu être restaurée : elle est restée vide.")
    write_door()


def _restore_files(source: Path, into: Storage, outcome: Restored, say: Say) -> None:
    """Give each file back under its own key; what the backup lost is named, and the others go on."""
    for number, line in enumerate(lines_of(source), 1):
        if fault := fault_of(source, line):
            outcome.proof.faults.append(fault)
        else:
            _give_back(source, line, into, outcome)
        if number % EVERY == 0:
            say(f"  {number}")


def _give_back(source: Path, line: Line, into: Storage, outcome: Restored) -> None:
    try:
        if isinstance(into, FileSystemStorage):
            target = Path(into.path(line.key))
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(inside(source / FILES, line.key), target)
            target.chmod(0o600)
        else:
            with inside(source / FILES, line.key).open("rb") as content:
                into.save(line.key, File(content))
    except storage.FAULTS as error:
        outcome.proof.faults.append(f"Fichier {line.key} : il n’a pas pu être écrit ({type(error).__name__}).")


def _bring_up_to_date(say: Say) -> int:
    """Apply the migrations that are newer than the backup. Returns how many."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        say(f"{counted(len(waiting), 'migration plus récente', 'migrations plus récentes')} que la sauvegarde…")
        call_command("migrate", interactive=False, verbosity=0)
    return len(waiting)


def _erase_again(sources: list[Path], outcome: Restored, say: Say) -> None:
    """Erase the people erased since the backup, and keep their register in the new storage."""
    notes = sorted({note for source in sources for note in ledger.notes_in(source)})
    with transaction.atomic():
        ledger.pass_over_numbers(notes)
        outcome.erased_again = ledger.replay(notes)
    if not ledger.keep_all(notes):
        outcome.proof.faults.append(
            "Registre des effacements : des notes n’ont pas pu être écrites dans le nouveau stockage."
        )
    for label, number in outcome.erased_again.items():
        say(f"Effacements refaits : {label}, {number}.")


def _prove(outcome: Restored, say: Say) -> None:
    say("Vérification de chaque document scellé…")
    proving.prove_documents(outcome.proof, lambda done: say(f"  {done}") if done and done % EVERY == 0 else None)
    say("Vérification des autres fichiers, puis de la chaîne de preuve…")
    with transaction.atomic():
        proving.prove_files(outcome.proof, frozenset(outcome.gone))
    proving.prove_chain(outcome.proof)
