"""`demo_ready` proves the whole way: queue, worker, seal, file, and says clearly what is missing otherwise."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.utils import timezone

from e2c_portal.demo.personas import DEMO_PASSWORD, PERSONAS
from e2c_portal.demo.seed.example_facts import LINK_COMPANY
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.sealing import SealSettings, verify_own_output
from partnerships.models import PartnershipConvention
from tests.conformance.verapdf import poppler_signatures, validate
from tests.demo.conftest import ADDED, ready, seed
from tests.factories.trainees import limits

FILE = Path(portal_settings.VAR_DIR) / "demo" / "convention-la-poste.pdf"


@pytest.mark.django_db(transaction=True)
def test_the_files_are_there_signed_and_sealed_after_the_queue(
    run_worker, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The worker writes its messages as files, as in the demonstration; the signatories read them.
    settings.EMAIL_FILE_PATH = str(tmp_path / "messages")
    monkeypatch.setenv("EMAIL_URL", f"filemail:///{tmp_path}/messages")
    limits()
    assert seed().replace("\u00a0", " ").splitlines() == list(ADDED)
    run_worker()
    said = ready()
    document = Document.objects.get(reference="CP-2014-001")
    assert document.status == Status.SEALED
    assert str(FILE) in said
    assert DEMO_PASSWORD in said
    assert all(persona.email in said for persona in PERSONAS)
    assert document.printed_code in said
    verify_own_output(FILE.read_bytes(), SealSettings.from_settings())
    signed, proof = FILE.with_name("convention-signee.pdf"), FILE.with_name("dossier-de-preuve.pdf")
    assert [(found.field_name, found.valid) for found in poppler_signatures(signed)] == [
        ("signature-1", True), ("signature-2", True), ("signature-3", True), ("cachet", True),
    ]  # fmt: skip
    agreement = FILE.with_name("convention-de-stage.pdf")
    assert [found.valid for found in poppler_signatures(agreement)] == [True] * 5
    statement = FILE.with_name("etat-mensuel.pdf")
    skills = [FILE.with_name("evaluation-entreprise.pdf"), FILE.with_name("attestation-de-competences.pdf")]
    assert [verdict for verdict in validate([signed, proof, agreement, statement, *skills]) if not verdict.passed] == []
    signed_file = json.loads(FILE.with_name("attestation.credential.json").read_text(encoding="utf-8"))
    assert "ACA-" in signed_file["name"]
    convention = PartnershipConvention.objects.get(company__legal_name=LINK_COMPANY)
    assert (convention.status, convention.signed_on) == ("signed", timezone.localdate())
    ready(timeout=1)
    assert Document.objects.filter(reference="CP-2014-001").count() == 1
