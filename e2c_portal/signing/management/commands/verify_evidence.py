"""Verify the whole chain of evidence."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from e2c_portal.kernel.french import counted
from e2c_portal.signing.chain_check import faults
from e2c_portal.signing.models import Evidence


class Command(BaseCommand):
    """Exit code 0 when nothing was changed, 1 otherwise: each altered, missing or added row is named on a line."""

    help = "Vérifie la chaîne de preuve des signatures ; nomme chaque ligne altérée (code de sortie 1)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --files."""
        parser.add_argument("--files", action="store_true", help="relit aussi chaque fichier conservé (plus long)")

    def handle(self, *args: Any, files: bool = False, **options: Any) -> None:
        """Print each fault, then the balance, and leave with the code."""
        found = 0
        for fault in faults(read_files=files):
            found += 1
            self.stdout.write(str(fault))
        links = counted(Evidence.objects.count(), "maillon lu", "maillons lus")
        if found:
            self.stdout.write(f"{links} : {counted(found, 'anomalie', 'anomalies')}.")
            sys.exit(1)
        self.stdout.write(f"{links} : la chaîne de preuve est intacte.")
