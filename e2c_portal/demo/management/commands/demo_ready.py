"""Prove that the demonstration works: a document through the queue, another signed by its people, then who may sign in."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from kombu.exceptions import OperationalError

from e2c_portal.audit.trail import subject_of
from e2c_portal.celery import app
from e2c_portal.demo.personas import DEMO_PASSWORD, PERSONAS
from e2c_portal.demo.seed.agreement import example_envelope
from e2c_portal.demo.seed.annual_report import annual_paper, leave_annual_report
from e2c_portal.demo.seed.assises_reports import leave_report, report_paper
from e2c_portal.demo.seed.attendance import frozen_statement
from e2c_portal.demo.seed.attestations import leave_files, paper_of
from e2c_portal.demo.seed.example_facts import LINK_COMPANY
from e2c_portal.demo.seed.people import acting_officer
from e2c_portal.demo.seed.registrations import badges_paper
from e2c_portal.demo.seed.skills import assessment_paper, attestation
from e2c_portal.demo.signing import sign_by_all
from e2c_portal.documents import storage
from e2c_portal.documents.models import Document, Status
from e2c_portal.kernel.errors import PortalError
from e2c_portal.signing.lookups import latest_envelope
from e2c_portal.signing.models import Envelope
from partnerships.models import PartnershipConvention
from partnerships.operations.sealing import seal_convention

POLL_SECONDS = 0.1
FILE_NAME, SIGNED_NAME, PROOF_NAME = "convention-la-poste.pdf", "convention-signee.pdf", "dossier-de-preuve.pdf"
AGREEMENT_NAME = "convention-de-stage.pdf"
STATEMENT_NAME = "etat-mensuel.pdf"
ASSESSMENT_NAME = "evaluation-entreprise.pdf"
BADGES_NAME = "badges.pdf"


class Command(BaseCommand):
    help = (
        "Fait sceller la convention de La Poste et signer celle d’un exemple par la file, dépose les PDF dans var/demo et "
        "affiche les personnages."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--timeout", type=float, default=180.0, help="secondes à attendre au plus")

    def handle(self, *args: object, **options: object) -> None:
        seconds = float(str(options["timeout"]))
        try:
            document = self._sealed(seconds)
            path = self._left(document, FILE_NAME)
            signed, proof = sign_by_all(_to_sign_by_link(), seconds)
            agreement, _proof = sign_by_all(_agreement_to_sign(), seconds)
            others = [
                self._left(signed, SIGNED_NAME), self._left(proof, PROOF_NAME), self._left(agreement, AGREEMENT_NAME),
            ]  # fmt: skip
            statement = self._left(self._waited(_statement(), seconds, "l’état mensuel de Nîmes"), STATEMENT_NAME)
            of_skills = self._skills(seconds)
            assises = self._assises(seconds, path.parent)
            annual = self._annual_report(seconds, path.parent)
            badges = self._left(self._waited(_badges(), seconds, "les badges des Assises à venir"), BADGES_NAME)
        except PortalError as error:
            raise CommandError(error.message) from error
        self._introduce(document, path, others)
        self.stdout.write(f"État mensuel de présence : {statement}")
        assessment, paper, signed_file = of_skills
        self.stdout.write(f"Évaluation en entreprise : {assessment}\nAttestation de compétences : {paper}")
        self.stdout.write(f"La même, signée pour les programmes (Open Badges 3.0) : {signed_file}")
        self.stdout.write(f"Bilan des Assises de 2014 : {assises[0]}\nLes mêmes chiffres : {assises[1]}")
        self.stdout.write(f"Rapport d’activité du réseau : {annual}")
        self.stdout.write(f"Badges des Assises à venir : {badges}")

    def _sealed(self, seconds: float) -> Document:
        """Ask for the document and wait for it. Raises CommandError saying what is wrong."""
        return self._waited(seal_convention(_la_poste(), acting_officer()), seconds, "le document de La Poste")

    def _skills(self, seconds: float) -> tuple[Path, Path, Path]:
        """Leave the assessment by the company, and both files of the attestation."""
        document, certificate = assessment_paper(), attestation()
        if document is None or certificate is None:
            raise CommandError("Les compétences ne sont pas chargées. Lancez d’abord : python manage.py seed_demo")
        assessment = self._left(self._waited(document, seconds, "l’évaluation en entreprise"), ASSESSMENT_NAME)
        self._waited(paper_of(certificate), seconds, "l’attestation de compétences")
        return assessment, *leave_files(certificate, assessment.parent)

    def _assises(self, seconds: float, folder: Path) -> tuple[Path, Path]:
        """Leave the report of 2014, and its workbook."""
        document = report_paper()
        if document is None:
            raise CommandError("Le bilan de 2014 n’est pas chargé. Lancez d’abord : python manage.py seed_demo")
        return leave_report(self._waited(document, seconds, "le bilan des Assises de 2014"), folder)

    def _annual_report(self, seconds: float, folder: Path) -> Path:
        """Leave the activity report of the last complete year."""
        document = annual_paper()
        if document is None:
            raise CommandError("Le rapport d’activité n’est pas chargé. Lancez d’abord : python manage.py seed_demo")
        return leave_annual_report(self._waited(document, seconds, "le rapport d’activité"), folder)

    def _waited(self, document: Document, seconds: float, name: str) -> Document:
        """Wait for a document that was asked for. Raises CommandError saying what is wrong."""
        limit = time.monotonic() + seconds
        while document.is_waiting:
            if time.monotonic() > limit:
                raise CommandError(_why_late(name, seconds))
            time.sleep(POLL_SECONDS)
            document.refresh_from_db()
        if document.status != Status.SEALED:
            raise CommandError(f"{name[0].upper()}{name[1:]} n’a pas pu être scellé : {document.failure}")
        return document

    def _left(self, document: Document, name: str) -> Path:
        """Leave a copy of the sealed bytes where people look for it."""
        folder = Path(settings.VAR_DIR) / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.write_bytes(storage.read(document.file))
        return path

    def _introduce(self, document: Document, path: Path, others: list[Path]) -> None:
        self.stdout.write(f"Mot de passe de tous les personnages : {DEMO_PASSWORD}\n")
        name_width = max(len(persona.full_name) for persona in PERSONAS)
        mail_width = max(len(persona.email) for persona in PERSONAS)
        for persona in PERSONAS:
            self.stdout.write(f"  {persona.full_name:<{name_width}}  {persona.email:<{mail_width}}  {persona.title}")
        self.stdout.write(f"\nConvention scellée : {path}")
        signed, proof, agreement = others
        self.stdout.write(f"Convention signée par trois personnes : {signed}\nSon dossier de preuve : {proof}")
        self.stdout.write(f"Convention de stage signée par quatre personnes : {agreement}")
        self.stdout.write(f"Code de vérification : {document.printed_code} (page {settings.PORTAL_URL}/verifier/)")


def _badges() -> Document:
    document = badges_paper()
    if document is None:
        raise CommandError("Les inscriptions ne sont pas chargées. Lancez d’abord : python manage.py seed_demo")
    return document


def _la_poste() -> PartnershipConvention:
    convention = PartnershipConvention.objects.filter(
        company__siren="356000000", origin=PartnershipConvention.Origin.ARCHIVE
    ).first()
    if convention is None:
        raise CommandError("La convention de La Poste n’est pas chargée. Lancez d’abord : python manage.py seed_demo")
    return convention


def _to_sign_by_link() -> Envelope:
    convention = PartnershipConvention.objects.filter(company__legal_name=LINK_COMPANY).first()
    envelope = latest_envelope("convention", subject_of(convention)) if convention else None
    if envelope is None:
        raise CommandError("L’exemple à signer n’est pas chargé. Lancez d’abord : python manage.py seed_demo")
    return envelope


def _agreement_to_sign() -> Envelope:
    envelope = example_envelope()
    if envelope is None:
        raise CommandError(
            "La convention de stage d’exemple n’est pas chargée. Lancez d’abord : python manage.py seed_demo"
        )
    return envelope


def _statement() -> Document:
    statement = frozen_statement()
    document = Document.objects.filter(subject=subject_of(statement)).last() if statement else None
    if document is None:
        raise CommandError("L’état mensuel n’est pas chargé. Lancez d’abord : python manage.py seed_demo")
    return document


def _why_late(name: str, seconds: float) -> str:
    try:
        answers = app.control.ping(timeout=2)
    except (OSError, OperationalError):
        answers = []
    waited = f"Après {seconds:.0f} secondes, {name} n’est pas scellé."
    if not answers:
        return f"{waited} Aucun ouvrier ne répond : vérifiez que « celery worker » et Valkey (REDIS_URL) fonctionnent."
    return f"{waited} Un ouvrier répond : regardez son journal, puis relancez."
