"""The folder of a backup: what each file is called, and the one way to read it.

    2026-11-28T071500Z/
        base.dump             the database, as pg_dump's custom format gives it
        fichiers/…            every stored file that this database names, under its own key
        fichiers.jsonl        one line a file, in the order of keys: key, size, SHA-256
        effacements.jsonl     the register of people erased, as it was at the end of this backup
        manifeste.json        all the rest; written last
        manifeste.sha256      its fingerprint, as sha256sum writes it

A file whose content never changes is shared with the backup of the day before by a hard link: each folder is whole by itself.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from e2c_portal.kernel.errors import Refused

FORMAT = 1
DUMP, FILES, LISTING, LEDGER = "base.dump", "fichiers", "fichiers.jsonl", "effacements.jsonl"
MANIFEST, MARK = "manifeste.json", "manifeste.sha256"
UNFINISHED = ".en-cours-"
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Line:
    """One file of a backup."""

    key: str
    size: int
    sha256: str


def sha256_of(path: Path) -> str:
    """Return the fingerprint of a file, read in pieces."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def inside(folder: Path, key: str) -> Path:
    """Return where a key lives under a folder. Raises Refused for a key that would lead elsewhere."""
    path = Path(os.path.normpath(folder / key))
    if not key or folder not in path.parents:
        raise Refused(f"La clé de fichier « {key} » mène hors de la sauvegarde : elle n’est pas suivie.")
    return path


def write_manifest(folder: Path, facts: dict[str, Any]) -> None:
    """Write the manifest and its mark, last of all: a folder without them is no backup."""
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    (folder / MARK).write_text(f"{hashlib.sha256(text.encode()).hexdigest()}  {MANIFEST}\n", encoding="ascii")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a backup. Raises Refused when the folder is no backup, or when its manifest was changed."""
    try:
        text = (folder / MANIFEST).read_bytes()
        mark = (folder / MARK).read_text(encoding="ascii").split()[0]
    except (OSError, IndexError, UnicodeDecodeError):
        raise Refused(
            f"« {folder} » n’est pas une sauvegarde entière : il y manque {MANIFEST} ou {MARK}. Choisissez une autre sauvegarde."
        ) from None
    if hashlib.sha256(text).hexdigest() != mark:
        raise Refused(f"« {folder / MANIFEST} » a été modifié depuis la sauvegarde. Choisissez une autre sauvegarde.")
    facts: dict[str, Any] = json.loads(text)
    if facts.get("format") != FORMAT:
        raise Refused(
            f"Cette sauvegarde est au format {facts.get('format')}, et ce portail lit le format {FORMAT} : restaurez-la avec la "
            f"version {facts.get('portal_version')} du portail."
        )
    return facts


def lines_of(folder: Path, name: str = LISTING) -> Iterator[Line]:
    """Yield the files of a backup, in the order of their keys."""
    path = folder / name
    if path.exists():
        with path.open(encoding="utf-8") as listing:
            for text in listing:
                yield Line(**json.loads(text))


def as_text(line: Line) -> str:
    """Return the line of a listing."""
    return json.dumps(asdict(line), ensure_ascii=False) + "\n"


def backups_in(destination: Path) -> list[Path]:
    """Return the finished backups of a folder, the oldest first."""
    return sorted(path.parent for path in destination.glob(f"*/{MANIFEST}") if not path.parent.name.startswith("."))
