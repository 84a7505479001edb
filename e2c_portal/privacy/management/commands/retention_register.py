"""Write the table of the rules in docs/rgpd.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from e2c_portal.privacy.register import END, START, table


class Command(BaseCommand):
    """A house test refuses a page that says something else than the code."""

    help = "Récrit dans docs/rgpd.md le tableau des durées de conservation, d’après le code."

    def handle(self, *args: Any, **options: Any) -> None:
        """Replace what stands between the two marks."""
        path = settings.BASE_DIR / "docs" / "rgpd.md"
        page = path.read_text(encoding="utf-8")
        if START not in page or END not in page:
            raise CommandError("docs/rgpd.md n’a plus les deux marques du registre : rétablissez-les.")
        before, rest = page.split(START)
        path.write_text(f"{before}{START}\n\n{table()}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")
        self.stdout.write("docs/rgpd.md : tableau récrit.")
