"""Count the skills again from the records."""

from typing import Any

from django.core.management.base import BaseCommand

from e2c_portal.kernel.french import counted
from trainees.operations.skill_tally import count_again


class Command(BaseCommand):
    """Writes the whole tally anew: to be run when nobody enters skills."""

    help = "Recompte les décomptes de compétences depuis les fiches, hors des heures de travail."

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, and say how many cells were written."""
        self.stdout.write(f"{counted(count_again(), 'décompte réécrit', 'décomptes réécrits')}.")
