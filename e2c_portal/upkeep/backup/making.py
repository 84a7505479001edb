"""Make one backup: under another name until it is whole, never two at once, then let the oldest ones go."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import counted
from e2c_portal.ui.version import PORTAL_VERSION
from e2c_portal.upkeep.backup import ledger, snapshot
from e2c_portal.upkeep.backup.copying import Copied, copy_files
from e2c_portal.upkeep.backup.layout import (
    DUMP,
    FORMAT,
    LEDGER,
    LISTING,
    UNFINISHED,
    backups_in,
    sha256_of,
    write_manifest,
)

Say = Callable[[str], None]
LOCK = ".verrou"
EVERY = 5000
BUSY = "Une autre sauvegarde est en cours dans ce dossier. Attendez qu’elle se termine, puis recommencez."


@dataclass(frozen=True)
class Made:
    """A backup just made, and the files that the storage did not give as the database tells them."""

    folder: Path
    copied: Copied

    @property
    def faults(self) -> list[str]:
        """One French line for each file that is missing or changed in the storage itself."""
        lines = [f"Fichier absent du stockage : {key}" for key in self.copied.missing]
        return lines + [
            f"Fichier modifié dans le stockage depuis son enregistrement : {key}" for key in self.copied.altered
        ]


def make_backup(destination: Path, say: Say, *, keep: int = 0) -> Made:
    """Save the database and its files in a new folder of `destination`; keep the last `keep` backups (0: all).

    Raises Refused when another one is under way or the folder cannot be written, DatabaseProgramFailed when pg_dump fails:
    nothing is then left of it.
    """
    with _alone_in(destination):
        draft = destination / f"{UNFINISHED}{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
        try:
            copied = _fill(draft, backups_in(destination), say)
            folder = draft.rename(destination / draft.name.removeprefix(UNFINISHED))
        except OSError as error:
            raise Refused(
                f"La sauvegarde n’a pas pu être écrite ({error.strerror or error}) : vérifiez la place libre."
            ) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _flush(destination)
        _let_go(destination, keep, say)
    return Made(folder, copied)


@contextmanager
def _alone_in(destination: Path) -> Iterator[None]:
    """Hold the folder for the time of a backup, and remove what one that was killed left there."""
    before = os.umask(0o077)
    try:
        destination.mkdir(parents=True, exist_ok=True)
        with (destination / LOCK).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused(BUSY) from None
            for left in destination.glob(f"{UNFINISHED}*"):
                shutil.rmtree(left)
            yield
    except PermissionError as error:
        raise Refused(f"Le dossier « {destination} » refuse l’écriture : {error.strerror}.") from None
    finally:
        os.umask(before)


def _fill(draft: Path, former: list[Path], say: Say) -> Copied:
    draft.mkdir()
    wanted = draft / "a-copier.jsonl"
    with snapshot.frozen() as state:
        say(f"État du {timezone.localtime(state.at):%d/%m/%Y à %H:%M:%S} : copie de la base de données…")
        snapshot.dump(state, draft / DUMP)
        rows, schema = snapshot.rows_by_table(), snapshot.schema()
        number = snapshot.list_files(wanted, lambda done: None)
    say(f"{counted(number, 'fichier nommé', 'fichiers nommés')} par cette base : copie…")
    copied = copy_files(wanted, draft, former[-1] if former else None, _progress(number, say))
    wanted.unlink()
    # Read last: who was erased while the files were copied is in it.
    erased = ledger.write_to(draft / LEDGER)
    os.sync()
    write_manifest(draft, _facts(draft, state, rows, schema, copied, erased))
    _flush(draft)
    return copied


def _progress(number: int, say: Say) -> Callable[[Copied], None]:
    def advance(done: Copied) -> None:
        if done.number and done.number % EVERY == 0:
            say(f"  {done.number} sur {number}")

    return advance


def _facts(
    draft: Path, state: snapshot.Snapshot, rows: dict[str, int], schema: list[str], copied: Copied, erased: int
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "portal_version": PORTAL_VERSION,
        "state_of": state.at.isoformat(),
        "made_at": datetime.now(UTC).isoformat(),
        "schema": schema,
        "database": {
            "sha256": sha256_of(draft / DUMP), "size": (draft / DUMP).stat().st_size, "server": state.major, "rows": rows,
            "left_empty": list(snapshot.LEFT_EMPTY),
        },
        "files": {
            "sha256": sha256_of(draft / LISTING), "number": copied.number, "size": copied.size, "shared": copied.shared,
            "missing": copied.missing, "altered": copied.altered, "gone": copied.gone, "mended": copied.mended,
        },
        "erasures": {"sha256": sha256_of(draft / LEDGER), "number": erased},
    }  # fmt: skip


def _flush(folder: Path) -> None:
    """Have the disk write the names of a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _let_go(destination: Path, keep: int, say: Say) -> None:
    """Remove the oldest backups beyond those to keep: hidden first, so that none is ever seen half removed."""
    for old in backups_in(destination)[:-keep] if keep else ():
        leaving = old.rename(destination / f"{UNFINISHED}{old.name}")
        shutil.rmtree(leaving)
        say(f"Sauvegarde {old.name} retirée : les {keep} dernières sont gardées.")
