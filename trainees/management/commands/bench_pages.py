"""Measure the pages of trainees at two thousand people, then at the size of the country, in one run on a database of its own."""

import json
from time import perf_counter

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from e2c_portal.accounts.models import User
from trainees.management.commands.seed_network import acting_officer
from trainees.management.crowd.benching import PAGES, Measure, existing, measure
from trainees.management.crowd.consistency import broken
from trainees.management.crowd.loading import BASE, SCALES, load
from trainees.operations.doubles import find_doubles

LIMIT = 1.3


class Command(BaseCommand):
    help = "Mesure les pages à deux tailles du réseau, en une fois : une ligne JSON par mesure."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--few", type=int, default=SCALES["small"], help="stagiaires au départ")
        parser.add_argument("--many", type=int, default=SCALES["national"], help="stagiaires à l’arrivée")
        parser.add_argument("--strict", action="store_true", help=f"échouer au-delà de {LIMIT} fois le temps de départ")

    def handle(self, *args: object, **options: object) -> None:
        if settings.PORTAL_PRODUCTION:
            raise CommandError("Les mesures se font ailleurs qu’en production.")
        few, many = int(str(options["few"])), int(str(options["many"]))
        name = str(connection.settings_dict["NAME"])
        # A database of its own: it begins empty, and nothing of the portal's data is read or written.
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            over = self._bench(few, many)
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
        if over and options["strict"]:
            raise CommandError("Pages qui ralentissent avec le réseau : " + ", ".join(over))

    def _bench(self, few: int, many: int) -> list[str]:
        officer = acting_officer()
        before = self._at(few, officer)
        after = self._at(many, officer)
        skipped = {page.name for page in PAGES} - {page.name for page, _ in existing()}
        if skipped:
            self.stderr.write("Pages absentes du portail : " + ", ".join(sorted(skipped)))
        over = []
        for page, base in before.items():
            ratio = self._say(page, base, after[page])
            if ratio > LIMIT or after[page].queries != base.queries:
                over.append(page)
        return over

    def _at(self, size: int, officer: User) -> dict[str, Measure]:
        began = perf_counter()
        load(size, officer, lambda words: self.stderr.write(f"• {words}"))
        self._line(f"seed_{size}", perf_counter() - began, "s")
        # What the night would have done.
        find_doubles()
        if found := list(broken()):
            raise CommandError(f"La foule ne respecte pas toutes les règles : {found}")
        coordinator = User.objects.get(pk=BASE + 1)
        return measure({"coordinator": coordinator, "officer": officer})

    def _say(self, page: str, base: Measure, now: Measure) -> float:
        """Print what a page costs at both sizes; return how many times slower its fastest answer became."""
        ratio = now.fastest / base.fastest
        self._line(
            f"page_{page}_median", now.milliseconds, "ms", base.milliseconds, now.milliseconds / base.milliseconds
        )
        self._line(f"page_{page}", now.fastest, "ms", base.fastest, ratio)
        self._line(f"page_{page}_queries", now.queries, "queries", base.queries, now.queries / max(1, base.queries))
        return ratio

    def _line(
        self, name: str, value: float, unit: str, baseline: float | None = None, ratio: float | None = None
    ) -> None:
        rounded = {
            "value": round(value, 2),
            "unit": unit,
            "baseline": baseline and round(baseline, 2),
            "ratio": ratio and round(ratio, 3),
        }
        self.stdout.write(json.dumps({"name": name, **rounded}))
