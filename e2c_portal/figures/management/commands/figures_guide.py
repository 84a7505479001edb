"""Write docs/guide-chiffres.md: the words of the guide, then each indicator with its rule as the code has it."""

from django.core.management.base import BaseCommand

from e2c_portal.figures.guide import guide


class Command(BaseCommand):
    help = "Écrit le guide des chiffres, d’après les règles du code."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(guide(), ending="")
