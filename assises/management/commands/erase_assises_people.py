"""`manage.py erase_assises_people`: erase the people of the editions whose time has come; `--dry-run` counts them alone."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from assises.operations.purging import people_to_purge, purge_people


class Command(BaseCommand):
    """Do now what the nightly task does by batches."""

    help = "Efface les personnes des éditions dont la durée de conservation est passée."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="compte sans rien effacer")

    def handle(self, *args: Any, **options: Any) -> None:
        now, total = timezone.now(), Counter[str]()
        if options["dry_run"]:
            total = people_to_purge(now)
        else:
            while counts := purge_people(now):
                total.update(counts)
        for name, number in total.items():
            self.stdout.write(f"{name} : {number}")
        if not total:
            self.stdout.write("Rien à effacer.")
