"""The attestation that the demonstration leaves beside its data: both files, sealed and signed."""

import json
from pathlib import Path
from typing import Any

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.attestations import attest
from schools.models import School
from tests.factories.certificates import pathway_with_skills

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seal_key")]


def test_both_files_are_left(school: School, coordinator: User, settings: Any) -> None:
    certificate = attest(pathway_with_skills(school, coordinator), coordinator)
    folder = Path(settings.VAR_DIR) / "demo"
    assert (folder / "attestation-de-competences.pdf").read_bytes().startswith(b"%PDF-")
    signed = json.loads((folder / "attestation.credential.json").read_text(encoding="utf-8"))
    assert certificate.number in signed["name"]
    assert certificate.shown == ["name", "skills", "companies"]
