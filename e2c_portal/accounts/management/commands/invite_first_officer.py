"""Open the portal to its first officer: afterwards accounts are opened in the portal, by somebody who is answerable for it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from e2c_portal.accounts.operations import open_first_account
from e2c_portal.kernel.errors import PortalError


class Command(BaseCommand):
    help = "Invite le premier chargé de mission régional : un message lui donne le lien pour choisir son mot de passe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("adresse", help="son adresse électronique")
        parser.add_argument("nom", help="son nom complet, entre guillemets")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            account = open_first_account(options["adresse"], options["nom"])
        except PortalError as refusal:
            raise CommandError(refusal.message) from None
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        self.stdout.write(
            f"Invitation demandée pour le compte n° {account.pk} : le message part dans quelques instants."
        )
