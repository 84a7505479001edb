"""Load a reference from a file, as the page « Référentiels » does: for an installation, or an update by script."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import PortalError
from trainees.models import ReferenceDataset
from trainees.operations.references import Origin, load_reference, summary_of


class Command(BaseCommand):
    help = "Charge un référentiel (trades : métiers ROME ; communes) depuis un fichier ouvert, au nom d’un chargé de mission."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=ReferenceDataset.Kind.values)
        parser.add_argument("file", type=Path)
        parser.add_argument("--millesime", required=True)
        parser.add_argument("--source", required=True)
        parser.add_argument("--licence", required=True)
        parser.add_argument("--par", required=True, help="Adresse électronique du chargé de mission.")
        parser.add_argument("--extrait", action="store_true", help="Une partie seulement du référentiel.")
        parser.add_argument("--verifier", action="store_true", help="Lire le fichier sans rien enregistrer.")
        parser.add_argument("--sans-mise-en-service", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = User.objects.filter(email__iexact=options["par"], is_active=True).first()
        if actor is None:
            raise CommandError("Aucun compte n’a cette adresse.")
        origin = Origin(
            options["kind"], options["millesime"], options["source"], options["licence"], options["extrait"]
        )
        try:
            content = options["file"].read_bytes()
            loaded = load_reference(
                content, origin, actor, dry_run=options["verifier"], put_in_service=not options["sans_mise_en_service"]
            )
        except OSError as error:
            raise CommandError(f"Le fichier ne peut pas être lu : {error.strerror}.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except PortalError as error:
            raise CommandError(error.message) from error
        self.stdout.write(summary_of(loaded.reading))
        if loaded.reading.refused:
            raise CommandError("Rien n’a été enregistré.\n" + "\n".join(loaded.reading.errors))
        if loaded.dataset:
            self.stdout.write(f"+ {loaded.dataset}")
