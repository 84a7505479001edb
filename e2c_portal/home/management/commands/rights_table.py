"""Write docs/droits.md from the rules themselves."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from e2c_portal.home.rights import rights_table

TARGET = settings.BASE_DIR / "docs" / "droits.md"


class Command(BaseCommand):
    help = "Écrit le tableau des droits (docs/droits.md) d’après les règles du code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--verifier", action="store_true", help="dit seulement si le fichier est à jour")

    def handle(self, *args: object, **options: object) -> None:
        text = rights_table()
        if not options["verifier"]:
            TARGET.write_text(text, encoding="utf-8")
        elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
            raise CommandError("docs/droits.md n’est pas à jour : lancez python manage.py rights_table.")
        self.stdout.write("docs/droits.md est à jour.")
