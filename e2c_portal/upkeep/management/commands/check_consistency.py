"""Run every check here and now."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted
from e2c_portal.upkeep.consistency.passages import ask, take_turn
from e2c_portal.upkeep.consistency.reading import OPEN, findings
from e2c_portal.upkeep.models import Run


class Command(BaseCommand):
    """Exit code 0 when nothing is wrong, 1 otherwise: each thing is named on a line."""

    help = "Compare ce que le portail dit à ce qu’il garde ; nomme chaque anomalie (code de sortie 1)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Carry the passage to its end, then say what is open."""
        try:
            run = ask(None)
        except PortalError as refusal:
            raise CommandError(refusal.message) from refusal
        while not take_turn(run.pk):
            if not Run.objects.filter(pk=run.pk, status__in=Run.UNDER_WAY).exists():
                break
        found = findings(OPEN)
        for row in found.iterator(500):
            self.stdout.write(f"{row.sentence} (depuis le {row.first_seen_at:%d/%m/%Y})")
        number = found.count()
        self.stdout.write(f"{counted(number, 'anomalie', 'anomalies')}." if number else "Rien à signaler.")
        if number:
            sys.exit(1)
