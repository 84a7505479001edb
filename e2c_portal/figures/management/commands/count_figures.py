"""Count every figure again from the rows: after a loading that put the triggers to sleep, or to be sure."""

from time import monotonic

from django.core.management.base import BaseCommand

from e2c_portal.figures.counting import years_known
from e2c_portal.figures.models import FigureCell
from e2c_portal.figures.refreshing import count_all
from e2c_portal.kernel.french import counted


class Command(BaseCommand):
    help = "Recompte tous les chiffres du réseau d’après les lignes."

    def handle(self, *args: object, **options: object) -> None:
        began = monotonic()
        count_all()
        cells = counted(FigureCell.objects.count(), "nombre", "nombres")
        self.stdout.write(f"✓ {counted(len(years_known()), 'année', 'années')}, {cells}, {monotonic() - began:.1f} s")
