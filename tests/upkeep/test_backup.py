"""A backup alone: whole or nothing, never two at once, shared with the one before, and every way of spoiling it found by name."""

import fcntl
import json
import resource
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management.base import CommandError
from django.db.models import CharField, TextField
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents import storage
from e2c_portal.documents.models import Document
from e2c_portal.documents.sweeping import delete_orphan_files, owned_among
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.models import Removal
from e2c_portal.privacy.erasing import erase_people
from e2c_portal.privacy.people import kind_named
from e2c_portal.upkeep.backup import ledger, making, programs
from e2c_portal.upkeep.backup.copying import _is_read_again, copy_files
from e2c_portal.upkeep.backup.layout import FILES, MARK, backups_in, inside, lines_of, read_manifest
from e2c_portal.upkeep.backup.restoring import folder_storage
from e2c_portal.upkeep.backup.stored_files import Named, file_columns
from e2c_portal.upkeep.consistency.registry import Scope, check_named
from e2c_portal.upkeep.models import ErasureToNote
from schools.models import School
from tests.factories.trainees import trainee_in

Run = Callable[..., tuple[int, str]]
# Bytes that one file may hold: a disk that fills up in the middle of a copy.
SMALL_DISK = 100_000


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    return tmp_path / "sauvegardes"


@pytest.mark.django_db(transaction=True)
class TestABackup:
    """Transactions of its own: pg_dump sees what is committed."""

    def test_it_is_whole_shared_rotated_and_each_spoiled_byte_is_named(
        self, sealed_notice: Callable[..., Document], new_database: Callable[[], str], run_command: Run, destination: Path,
        documents_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        first = sealed_notice()
        assert run_command("backup", destination)[0] == 0
        [whole] = backups_in(destination)
        assert run_command("verify_backup", whole)[0] == 0
        assert (whole / FILES / first.file).read_bytes() == (documents_folder / first.file).read_bytes()
        assert not any("SECRET" in path.read_text(errors="ignore") for path in whole.glob("*.json*"))

        # The next one shares what has not changed, and the oldest leave.
        second = sealed_notice()
        monkeypatch.setattr(making, "datetime", _LaterClock)
        monkeypatch.setattr("e2c_portal.upkeep.backup.copying._is_read_again", lambda key, days: True)
        code, said = run_command("backup", destination, "--keep", "1")
        assert (code, "Sauvegarde " + whole.name + " retirée" in said) == (0, True)
        [latest] = backups_in(destination)
        assert read_manifest(latest)["files"]["shared"] == 1
        assert {line.key for line in lines_of(latest)} == {first.file, second.file}

        # A file of the storage itself is gone: the backup is made, and says so by its name.
        (documents_folder / second.file).unlink()
        (latest / FILES / first.file).write_bytes(b"abime")
        code, said = run_command("backup", tmp_path / "autre")
        assert (code, f"Fichier absent du stockage : {second.file}" in said) == (2, True)

        # Bytes of the backup are lost: named without restoring, and when restoring.
        (latest / FILES / second.file).unlink()
        code, said = run_command("verify_backup", latest)
        assert code == 1
        assert f"Modifié depuis la sauvegarde : {first.file}" in said
        assert f"Absent de la sauvegarde : {second.file}" in said
        code, said = run_command("restore", latest, "--database", new_database(), "--documents", tmp_path / "rendu")
        assert code == 1
        assert f"Absent de la sauvegarde : {second.file}" in said
        assert f"Document {second.reference}" in said
        assert "n’est PAS complète" in said
        # A shared file that the disk spoiled is copied anew the next time it is read again.
        storage.store(second.file, b"autre")
        assert run_command("backup", destination)[0] == 2
        assert read_manifest(backups_in(destination)[-1])["files"]["mended"] == [first.file]

    def test_nothing_that_exists_is_written_over(
        self,
        notice: Callable[..., Document],
        run_command: Run,
        destination: Path,
        new_database: Callable[[], str],
        tmp_path: Path,
    ) -> None:
        notice()
        run_command("backup", destination)
        [backup] = backups_in(destination)
        address = new_database()
        with pytest.raises(CommandError, match="contient déjà des tables"):
            run_command(
                "restore",
                backup,
                "--database",
                f"{address.rpartition('/')[0]}/{_own_name()}",
                "--documents",
                tmp_path / "d",
            )
        (tmp_path / "d").mkdir()
        (tmp_path / "d" / "un.pdf").write_bytes(b"x")
        with pytest.raises(CommandError, match="contient déjà des fichiers"):
            run_command("restore", backup, "--database", address, "--documents", tmp_path / "d")
        with pytest.raises(CommandError, match="pas lisible"):
            run_command("restore", backup, "--database", "mysql://ici", "--documents", tmp_path / "e")
        facts = json.loads((backup / "manifeste.json").read_text())
        making.write_manifest(backup, facts | {"schema": [*facts["schema"], "trainees.9999_demain"]})
        with pytest.raises(CommandError, match="trainees.9999_demain"):
            run_command("restore", backup, "--database", address, "--documents", tmp_path / "e")
        (backup / "base.dump").write_bytes(b"abime")
        with pytest.raises(CommandError, match="base.dump"):
            run_command("restore", backup, "--database", address, "--documents", tmp_path / "e")

    def test_a_dump_that_fails_leaves_nothing(
        self, db: None, destination: Path, run_command: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def missing(name: str, major: int) -> Path:
            raise programs.DatabaseProgramFailed(programs.MISSING.format(name=name, major=major))

        monkeypatch.setattr(programs, "program", missing)
        with pytest.raises(CommandError, match="postgresql-client"):
            run_command("backup", destination)
        assert [path.name for path in destination.iterdir()] == [making.LOCK]


class _LaterClock(datetime):
    """A minute later: two backups of one second would have one name."""

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return super().now(tz) + timedelta(minutes=1)


def _own_name() -> str:
    from django.db import connection  # noqa: PLC0415

    return str(connection.settings_dict["NAME"])


def test_two_backups_never_run_at_once_and_what_a_killed_one_left_is_removed(destination: Path) -> None:
    destination.mkdir()
    left = destination / ".en-cours-2026-01-01T000000Z"
    left.mkdir()
    with (destination / making.LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Refused, match="Une autre sauvegarde est en cours"):
            making.make_backup(destination, lambda text: None)
        assert left.exists()
    with making._alone_in(destination):
        assert not left.exists()


def test_a_manifest_that_was_changed_is_refused(destination: Path) -> None:
    destination.mkdir()
    with pytest.raises(Refused, match="pas une sauvegarde entière"):
        read_manifest(destination)
    making.write_manifest(destination, {"format": 1, "portal_version": "0"})
    assert read_manifest(destination)["format"] == 1
    (destination / MARK).write_text("0" * 64 + "  manifeste.json\n")
    with pytest.raises(Refused, match="a été modifié"):
        read_manifest(destination)
    with pytest.raises(Refused, match="mène hors"):
        inside(destination, "../../etc/passwd")


@pytest.mark.django_db
def test_a_full_disk_of_backups_is_not_taken_for_a_storage_that_lost_its_files(
    documents_folder: Path, destination: Path
) -> None:
    """Else a backup that lacks them would be kept, and the whole ones before it would leave in turn."""
    key = storage.store("essai/2026/grand.pdf", bytes(SMALL_DISK * 2))
    destination.mkdir()
    (destination / "voulus").write_text(json.dumps(asdict(Named(key, "", "essai", "file"))) + "\n")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_DISK, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            copy_files(destination / "voulus", destination, None, lambda done: None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert copy_files(destination / "voulus", destination, None, lambda done: None).number == 1


def test_each_shared_file_is_read_again_one_day_of_seven() -> None:
    days = [sum(_is_read_again(key, day) for day in range(7)) for key in ("a/1.pdf", "b/2.pdf", "c/3.pdf")]
    assert days == [1, 1, 1]


def test_every_column_that_holds_a_key_is_saved() -> None:
    """A new model with files is saved by its rule of retention: those that the sweep of orphans asks are the same."""
    saved = {(model._meta.label, column) for model, column, _ in file_columns()}
    keys = {
        (model._meta.label, field.name)
        for model in apps.get_models() for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField) and field.name in ("file", "proof")
    }  # fmt: skip
    assert {("documents.Document", "file"), ("documents.Revision", "file"), ("signing.Exhibit", "file")} <= saved
    assert keys <= saved


@pytest.mark.django_db
def test_an_erasure_is_noted_beside_the_documents_and_outlives_the_sweep(
    school: School, coordinator: User, django_capture_on_commit_callbacks: Any
) -> None:
    people = [trainee_in(school, coordinator) for _ in range(2)]
    with django_capture_on_commit_callbacks(execute=True):
        erase_people(kind_named("stagiaires"), people, "Essais")
    [note] = ledger.notes_in_storage()
    act = Removal.objects.latest("pk")
    assert (note.removal, note.people) == (act.pk, tuple(f"trainees.trainee:{one.pk}" for one in people))
    assert not any(one.last_name in str(note) for one in people)
    assert owned_among([note.key]) == {note.key}
    assert not ErasureToNote.objects.exists()
    delete_orphan_files()
    assert list(ledger.notes_in_storage()) == [note]
    # The database knows this erasure: a restore of a later backup does nothing again.
    assert ledger.replay([note]) == {}


@pytest.mark.django_db
def test_an_erasure_whose_note_is_refused_is_in_the_next_backup_and_noted_by_night(
    school: School, coordinator: User, tmp_path: Path, documents_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """Several people leave together, as by night: nothing but the note says who they were."""
    people = [trainee_in(school, coordinator) for _ in range(2)]
    with storage.kept_in(folder_storage(Path("/proc/nowhere"))), django_capture_on_commit_callbacks(execute=True):
        erase_people(kind_named("stagiaires"), people, "Durée de conservation")
    act = Removal.objects.latest("pk")
    assert (list(ledger.notes_in_storage()), ErasureToNote.objects.get().pk) == ([], act.pk)
    assert ledger.write_to(tmp_path / "effacements.jsonl") == 1
    [told] = ledger.notes_in(tmp_path / "effacements.jsonl")
    assert told.people == tuple(f"trainees.trainee:{one.pk}" for one in people)

    look = check_named("erasures").look
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        with storage.kept_in(folder_storage(Path("/proc/nowhere"))):
            [fault] = look(Scope(0)).faults
        assert fault.subject == f"kernel.removal:{act.pk}"
        assert look(Scope(0)).faults == []
    assert (list(ledger.notes_in_storage()), ErasureToNote.objects.exists()) == ([told], False)
