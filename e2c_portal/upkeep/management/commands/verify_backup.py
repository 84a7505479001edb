"""Check a backup without restoring it."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted
from e2c_portal.upkeep.backup.checking import faults_of, is_readable_dump
from e2c_portal.upkeep.backup.layout import read_manifest


class Command(BaseCommand):
    """Exit code 0 when every byte is there, 1 otherwise: what is missing or changed is named. Asks no database."""

    help = "Vérifie une sauvegarde sans la restaurer : chaque fichier, octet par octet ; nomme ce qui manque (code 1)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the backup."""
        parser.add_argument("source", metavar="SOURCE", type=Path, help="le dossier d’une sauvegarde")

    def handle(self, *args: Any, source: Path, **options: Any) -> None:
        """Print each fault, then the balance."""
        try:
            facts = read_manifest(source.resolve())
            found = list(faults_of(source.resolve()))
            if not found:
                is_readable_dump(source.resolve(), facts["database"]["server"])
        except PortalError as refusal:
            raise CommandError(refusal.message) from refusal
        for line in found:
            self.stderr.write(line)
        files = counted(facts["files"]["number"], "fichier", "fichiers")
        if found:
            self.stdout.write(
                f"{files} : {counted(len(found), 'anomalie', 'anomalies')}. Ne comptez pas sur cette sauvegarde."
            )
            sys.exit(1)
        self.stdout.write(f"La sauvegarde est entière : la base et {files}.")
