"""The drill of each quarter, on the demonstration: save, restore elsewhere, prove, print the figures, remove what was made."""

import shutil
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from psycopg import sql

from e2c_portal.kernel.errors import PortalError
from e2c_portal.upkeep.backup.checking import faults_of
from e2c_portal.upkeep.backup.layout import backups_in, read_manifest
from e2c_portal.upkeep.backup.making import make_backup
from e2c_portal.upkeep.backup.restoring import folder_storage, restore


class Command(BaseCommand):
    """Needs the right to create a database, which the account of production does not have: a machine for drills does."""

    help = "Exercice : sauvegarde, restaure dans une base et un dossier neufs, vérifie tout, imprime les chiffres, puis efface."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare where to work."""
        parser.add_argument(
            "--folder", metavar="DOSSIER", type=Path, help="où travailler (par défaut : un dossier passager)"
        )

    def handle(self, *args: Any, folder: Path | None, **options: Any) -> None:
        """Do it whole, each part timed."""
        room = Path(tempfile.mkdtemp(prefix="exercice-", dir=folder))
        name = f"exercice_{uuid4().hex[:8]}"
        try:
            self._drill(room, name)
        except PortalError as refusal:
            raise CommandError(refusal.message) from refusal
        finally:
            shutil.rmtree(room)
            self._on_server(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _drill(self, room: Path, name: str) -> None:
        marks = [time.monotonic()]
        make_backup(room / "sauvegardes", self.stdout.write)
        marks.append(time.monotonic())
        [backup] = backups_in(room / "sauvegardes")
        faults = list(faults_of(backup))
        marks.append(time.monotonic())
        self._on_server(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        done = restore(backup, _address(name), folder_storage(room / "documents"), self.stdout.write)
        marks.append(time.monotonic())
        facts = read_manifest(backup)
        saved, checked, restored = (b - a for a, b in zip(marks, marks[1:], strict=False))
        size = (facts["database"]["size"] + facts["files"]["size"]) / 1_000_000
        self.stdout.write(
            f"Sauvegarde : {saved:.1f} s, {size:.1f} Mo, {facts['files']['number']} fichiers. Vérification : {checked:.1f} s.\n"
            f"Restauration et preuve : {restored:.1f} s, {done.proof.rows} lignes, {done.proof.sealed} documents scellés, "
            f"{done.proof.files} fichiers, {done.proof.links} maillons, {done.proof.roots} racines."
        )
        if faults or done.faults:
            raise CommandError("\n".join([*faults, *done.faults]))
        self.stdout.write("Tout est là, tout est vérifié.")

    def _on_server(self, order: sql.Composed) -> None:
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(order)


def _address(name: str) -> str:
    """Return the address of another database of the same server."""
    given = connection.get_connection_params()
    who = f"{given.get('user') or ''}:{given['password']}@" if given.get("password") else f"{given.get('user') or ''}@"
    return f"postgres://{who}/{name}?host={given.get('host') or ''}&port={given.get('port') or 5432}"
