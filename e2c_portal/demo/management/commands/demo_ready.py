"""Prove that the demonstration works: one document through the queue, then say who may sign in."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from kombu.exceptions import OperationalError

from e2c_portal.celery import app
from e2c_portal.demo.personas import DEMO_PASSWORD, PERSONAS
from e2c_portal.demo.seed.people import acting_officer
from e2c_portal.documents import storage
from e2c_portal.documents.models import Document, Status
from e2c_portal.kernel.errors import PortalError
from partnerships.models import PartnershipConvention
from partnerships.operations.sealing import seal_convention

POLL_SECONDS = 0.1
FILE_NAME = "convention-la-poste.pdf"


class Command(BaseCommand):
    help = "Fait sceller la convention de La Poste par la file, dépose le PDF dans var/demo et affiche les personnages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--timeout", type=float, default=60.0, help="secondes à attendre au plus")

    def handle(self, *args: object, **options: object) -> None:
        try:
            document = self._sealed(float(str(options["timeout"])))
            path = self._left(document)
        except PortalError as error:
            raise CommandError(error.message) from error
        self._introduce(document, path)

    def _sealed(self, seconds: float) -> Document:
        """Ask for the document and wait for it. Raises CommandError saying what is wrong."""
        document = seal_convention(_la_poste(), acting_officer())
        limit = time.monotonic() + seconds
        while document.is_waiting:
            if time.monotonic() > limit:
                raise CommandError(_why_late(seconds))
            time.sleep(POLL_SECONDS)
            document.refresh_from_db()
        if document.status != Status.SEALED:
            raise CommandError(f"Le document de La Poste n’a pas pu être scellé : {document.failure}")
        return document

    def _left(self, document: Document) -> Path:
        """Leave a copy of the sealed bytes where people look for it."""
        folder = Path(settings.VAR_DIR) / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILE_NAME
        path.write_bytes(storage.read(document.file))
        return path

    def _introduce(self, document: Document, path: Path) -> None:
        self.stdout.write(f"Mot de passe de tous les personnages : {DEMO_PASSWORD}\n")
        name_width = max(len(persona.full_name) for persona in PERSONAS)
        mail_width = max(len(persona.email) for persona in PERSONAS)
        for persona in PERSONAS:
            self.stdout.write(f"  {persona.full_name:<{name_width}}  {persona.email:<{mail_width}}  {persona.title}")
        self.stdout.write(f"\nConvention scellée : {path}")
        self.stdout.write(f"Code de vérification : {document.printed_code} (page {settings.PORTAL_URL}/verifier/)")


def _la_poste() -> PartnershipConvention:
    convention = PartnershipConvention.objects.filter(
        company__siren="356000000", origin=PartnershipConvention.Origin.ARCHIVE
    ).first()
    if convention is None:
        raise CommandError("La convention de La Poste n’est pas chargée. Lancez d’abord : python manage.py seed_demo")
    return convention


def _why_late(seconds: float) -> str:
    try:
        answers = app.control.ping(timeout=2)
    except (OSError, OperationalError):
        answers = []
    waited = f"Après {seconds:.0f} secondes, le document de La Poste n’est pas scellé."
    if not answers:
        return f"{waited} Aucun ouvrier ne répond : vérifiez que « celery worker » et Valkey (REDIS_URL) fonctionnent."
    return f"{waited} Un ouvrier répond : regardez son journal, puis relancez."
