"""Save the database and the stored files."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted
from e2c_portal.upkeep.backup.layout import backups_in, read_manifest
from e2c_portal.upkeep.backup.making import make_backup
from e2c_portal.upkeep.backup.noting import note_made


class Command(BaseCommand):
    """Exit code 0 when all is saved, 1 when nothing could be, 2 when it is saved and the storage itself lacks files."""

    help = (
        "Sauvegarde la base et les fichiers dans un nouveau dossier de DEST, pendant que le portail travaille. Les clés et les "
        "secrets n’y sont pas : gardez-les ailleurs. Code 0 : tout y est ; 1 : rien n’a été fait ; 2 : fait, mais le stockage "
        "a perdu des fichiers, nommés."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the folder and --keep."""
        parser.add_argument("destination", metavar="DEST", type=Path, help="le dossier des sauvegardes")
        parser.add_argument(
            "--keep", metavar="N", type=int, default=0, help="garde les N dernières (par défaut : toutes)"
        )

    def handle(self, *args: Any, destination: Path, keep: int, **options: Any) -> None:
        """Make it, and say what it holds."""
        if keep < 0:
            raise CommandError("--keep veut un nombre de sauvegardes, 1 au moins.")
        started = time.monotonic()
        try:
            made = make_backup(destination.resolve(), self.stdout.write, keep=keep)
        except PortalError as refusal:
            raise CommandError(refusal.message) from refusal
        facts = read_manifest(made.folder)
        rows = sum(facts["database"]["rows"].values())
        self.stdout.write(
            f"Sauvegarde faite : {made.folder}\n"
            f"  base : {counted(rows, 'ligne', 'lignes')}, {_megabytes(facts['database']['size'])}\n"
            f"  fichiers : {facts['files']['number']}, {_megabytes(facts['files']['size'])}, dont {facts['files']['shared']} déjà "
            f"dans la sauvegarde précédente\n"
            f"  durée : {time.monotonic() - started:.1f} s"
        )
        oldest = backups_in(made.folder.parent)[0]
        self.stdout.write(
            f"La plus ancienne gardée est {oldest.name} : une personne effacée depuis y est encore. La restauration refait son "
            "effacement. Les clés et les secrets ne sont pas dans la sauvegarde."
        )
        if not made.faults:
            note_made()
        else:
            for line in made.faults:
                self.stderr.write(line)
            sys.exit(2)


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} Mo".replace(".", ",")
