"""Verify a file from the command line, for programs and for the operator."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error as DatabaseFault
from django.utils import timezone

from e2c_portal.documents.verification import as_json, verify_file
from e2c_portal.kernel.errors import PortalError

AWAY = "La base de données ne répond pas : le registre des documents ne peut pas être consulté."


class Command(BaseCommand):
    """Exit code 0 when the file is authentic, 1 in every other case; the answer is JSON either way."""

    help = "Vérifie un PDF : réponse en JSON, code de sortie 0 s’il est authentique, 1 sinon (avec la raison)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", metavar="FICHIER", type=Path, help="le PDF à vérifier")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Print the answer and leave with its code."""
        answer = answer_about(file)
        self.stdout.write(json.dumps({"file": str(file), **answer}, ensure_ascii=False, indent=2))
        if not answer["authentic"]:
            sys.exit(1)


def answer_about(file: Path) -> dict[str, Any]:
    """Return the answer about one file; what prevents it is an answer too."""
    try:
        return as_json(verify_file(file.read_bytes(), timezone.localdate()))
    except OSError as error:
        return _without_answer("unreadable", f"Le fichier « {file} » ne peut pas être lu ({error.strerror}).")
    except DatabaseFault:
        return _without_answer("unavailable", AWAY)
    except PortalError as error:
        return _without_answer("unavailable", error.message)


def _without_answer(outcome: str, reason: str) -> dict[str, Any]:
    return {"outcome": outcome, "authentic": False, "reason": reason}
