"""Restore a backup into a new database and a new storage."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted
from e2c_portal.upkeep.backup.restoring import Restored, folder_storage, restore


class Command(BaseCommand):
    """Exit code 0 when everything came back and was proven, 1 otherwise: what is missing is named."""

    help = (
        "Restaure une sauvegarde dans une base neuve et un stockage vide, refait les effacements de personnes survenus depuis, "
        "puis vérifie chaque document scellé, chaque fichier et la chaîne de preuve. Ne touche jamais ce qui existe."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare where from and where to."""
        parser.add_argument("source", metavar="SOURCE", type=Path, help="le dossier d’une sauvegarde")
        parser.add_argument(
            "--database",
            required=True,
            metavar="ADRESSE",
            help="la base neuve : postgres://utilisateur:secret@hote:5432/base",
        )
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--documents", metavar="DOSSIER", type=Path, help="le dossier neuf des documents")
        where.add_argument(
            "--configured-storage", action="store_true", help="le stockage des réglages, vide (dossier ou S3)"
        )
        parser.add_argument(
            "--erasures", metavar="REGISTRE", type=Path, action="append", default=[],
            help="une sauvegarde plus récente, ou l’ancien dossier des documents : les effacements qu’il connaît sont refaits",
        )  # fmt: skip

    def handle(
        self, *args: Any, source: Path, database: str, documents: Path | None, erasures: list[Path], **options: Any
    ) -> None:
        """Restore, prove, and say how many of each."""
        into = folder_storage(documents.resolve()) if documents else storages["documents"]
        ledgers = [path.resolve() for path in erasures]
        try:
            done = restore(source.resolve(), database, into, self.stdout.write, ledgers=ledgers)
        except PortalError as refusal:
            raise CommandError(refusal.message) from refusal
        self._tell(done)
        if done.faults:
            for line in done.faults:
                self.stderr.write(line)
            self.stdout.write(
                f"La restauration n’est PAS complète : {counted(len(done.faults), 'anomalie', 'anomalies')}, ci-dessus."
            )
            sys.exit(1)
        self.stdout.write("Tout est là, tout est vérifié.")

    def _tell(self, done: Restored) -> None:
        proof = done.proof
        self.stdout.write(
            f"Restauré : {counted(proof.rows, 'ligne', 'lignes')} de base, {counted(proof.files, 'fichier lu', 'fichiers lus')}.\n"
            f"Vérifiés : {counted(proof.sealed, 'document scellé', 'documents scellés')} (empreinte et cachet), "
            f"{counted(proof.links, 'maillon', 'maillons')} et {counted(proof.roots, 'racine', 'racines')} de la chaîne de preuve."
        )
        if done.erased_again:
            people = sum(done.erased_again.values())
            self.stdout.write(f"Effacements refaits depuis la sauvegarde : {counted(people, 'personne', 'personnes')}.")
        if done.gone:
            self.stdout.write(
                f"{counted(len(done.gone), 'fichier avait été supprimé', 'fichiers avaient été supprimés')} pendant la sauvegarde, par une règle de conservation."
            )
