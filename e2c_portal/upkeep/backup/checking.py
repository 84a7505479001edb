"""Check a backup where it lies: its manifest, its dump, each of its files."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from e2c_portal.upkeep.backup import programs
from e2c_portal.upkeep.backup.layout import (
    DUMP,
    FILES,
    LEDGER,
    LISTING,
    Line,
    inside,
    lines_of,
    read_manifest,
    sha256_of,
)


def faults_of(folder: Path, advance: Callable[[int], None] = lambda done: None) -> Iterator[str]:
    """Yield one French line for each thing of a backup that is missing or changed. Raises Refused when it is no backup."""
    facts = read_manifest(folder)
    yield from faults_of_parts(folder, facts)
    number = 0
    for number, line in enumerate(lines_of(folder), 1):
        if fault := fault_of(folder, line):
            yield fault
        advance(number)
    if number != facts["files"]["number"]:
        yield f"{LISTING} : {number} lignes au lieu de {facts['files']['number']}."
    yield from (
        f"Fichier déjà absent du stockage le jour de la sauvegarde : {key}" for key in facts["files"]["missing"]
    )
    yield from (f"Fichier déjà modifié dans le stockage ce jour-là : {key}" for key in facts["files"]["altered"])


def faults_of_parts(folder: Path, facts: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the dump and the lists."""
    for name, part in ((DUMP, "database"), (LISTING, "files"), (LEDGER, "erasures")):
        path = folder / name
        if not path.exists():
            yield f"Absent de la sauvegarde : {name}"
        elif sha256_of(path) != facts[part]["sha256"]:
            yield f"Modifié depuis la sauvegarde : {name}"


def fault_of(folder: Path, line: Line) -> str:
    """Return a French line when a file of the backup is not what it was, "" when it is."""
    path = inside(folder / FILES, line.key)
    if not path.exists():
        return f"Absent de la sauvegarde : {line.key}"
    if path.stat().st_size != line.size or sha256_of(path) != line.sha256:
        return f"Modifié depuis la sauvegarde : {line.key}"
    return ""


def is_readable_dump(folder: Path, major: int) -> None:
    """Have PostgreSQL read the table of contents of the dump. Raises DatabaseProgramFailed."""
    command = [str(programs.program("pg_restore", major)), "--list", str(folder / DUMP)]
    programs.run(command, {}, "La copie de la base ne peut pas être lue par PostgreSQL.")
