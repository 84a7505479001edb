"""Erase what has been kept for long enough."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from e2c_portal.kernel.french import counted
from e2c_portal.privacy import running


class Command(BaseCommand):
    """Each rule on a line, with how many rows and why; never a name. What is held stays."""

    help = "Efface ce qui a été conservé assez longtemps ; --dry-run dit seulement ce qui partirait, et pourquoi."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --dry-run."""
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui partirait sans rien effacer")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        """Print what goes by each rule, then the balance."""
        total = 0
        for line in running.forecast() if dry_run else running.carry_out():
            total += line.number
            self.stdout.write(f"{line.model} : {line.number} ({line.sentence})")
        done = (
            counted(total, "ligne partirait", "lignes partiraient")
            if dry_run
            else counted(total, "ligne partie", "lignes parties")
        )
        self.stdout.write(f"En tout : {done}. Effacements annoncés : {running.announced()}.")
