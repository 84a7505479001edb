"""Make the certificate authority of development and demonstration."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from e2c_portal.documents.sealing.development import FOLDER, create_development_authority
from e2c_portal.documents.sealing.errors import SealNotConfigured


class Command(BaseCommand):
    """Idempotent: says so and changes nothing when the authority exists and its certificate lasts."""

    help = "Crée dans VAR_DIR/keys l’autorité de développement (sans valeur) : certificat de cachet et autorité de signature."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --renew."""
        parser.add_argument("--renew", action="store_true", help="délivre un nouveau certificat de cachet, même racine")

    def handle(self, *args: Any, renew: bool = False, **options: Any) -> None:
        """Create or renew, then say where."""
        if settings.PORTAL_PRODUCTION:
            raise CommandError(
                "En production, le cachet est celui de la Région : renseignez SEAL_PKCS12 ou SEAL_PKCS11_MODULE."
            )
        keys = Path(settings.VAR_DIR) / "keys"
        try:
            changed = create_development_authority(keys, renew=renew)
        except SealNotConfigured as error:
            raise CommandError(error.message) from error
        state = "prête (nouveau certificat)" if changed else "déjà prête"
        self.stdout.write(f"Autorité de développement {state} : {keys / FOLDER} – SANS VALEUR hors de ce poste.")
