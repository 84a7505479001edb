"""The whole engine, from the request to the seal: four methods in one envelope, and what independent judges say."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents import storage
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.received_files import Upload
from e2c_portal.documents.sealing import SealSettings, TrustAnchors, inspect_pdf
from e2c_portal.signing.models import Envelope, EnvelopeStatus, Mode, SignatoryStatus
from e2c_portal.signing.operations.on_site import find_session, open_on_site, sign_on_site
from e2c_portal.signing.operations.paper import check_paper, record_paper
from e2c_portal.signing.operations.standing_in import StandIn, attach_mandate
from tests.conformance.verapdf import assert_conformant, poppler_signatures
from tests.documents.notices.fixtures import SAMPLES
from tests.signing.pacts.kind import Desk
from tests.signing.people import HERE, JEANNE, KARIM, LOUISE, PAPER, VISITOR
from tests.signing.work import Mailbox, shown, signatory, signs, work

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SCAN = Upload((SAMPLES / "plain.pdf").read_bytes())


@pytest.fixture
def signed_by_all(
    envelope_of: Callable[..., Envelope], mailbox: Mailbox, officer: User, second_officer: User
) -> Envelope:
    """One envelope, five signatories: e-mail code, SMS code, on site, mandate, paper."""
    envelope = envelope_of(JEANNE, LOUISE, HERE, KARIM, PAPER)
    signs(envelope, "Jeanne Martin", mailbox)
    signs(envelope, "Louise d’Œuvre", mailbox, channel="sms")
    here = signatory(envelope, "Ines Surplace")
    session = find_session(open_on_site(here.pk, officer, vouched=True).rstrip("/").rpartition("/")[2])
    sign_on_site(session, consented=True, shown_sha256=shown(envelope), visitor=VISITOR)
    deputy = StandIn("Odile Adjointe", "vice-présidente", "odile@exemple.fr")
    attach_mandate(signatory(envelope, "Karim Bénali").pk, deputy, SCAN, officer)
    work()
    signs(envelope, "Odile Adjointe", mailbox)
    paper = signatory(envelope, "Paul Papier")
    record_paper(paper.pk, SCAN, timezone.localdate(), officer)
    check_paper(paper.pk, second_officer, accepted=True)
    work()
    envelope.refresh_from_db()
    return envelope


def test_four_methods_one_seal_and_its_judges(
    signed_by_all: Envelope, pacts: Desk, mailbox: Mailbox, tmp_path: Path, capsys: Any
) -> None:
    envelope, document = signed_by_all, signed_by_all.document
    assert envelope.status == EnvelopeStatus.COMPLETED, (envelope.failure, document.failure)
    assert document.status == Status.SEALED
    content = storage.read(document.file, sha256=document.sha256)
    path = tmp_path / "pacte.pdf"
    path.write_bytes(content)

    # What was read is the beginning of what is sealed.
    base = document.revisions.get(number=0)
    assert content.startswith(storage.read(base.file, sha256=base.sha256))

    # pdfsig: one valid signature for each electronic signatory, plus the seal.
    found = poppler_signatures(path)
    assert [item.field_name for item in found if not item.valid] == []
    assert sorted(item.field_name for item in found) == [
        "cachet",
        "signature-1",
        "signature-2",
        "signature-3",
        "signature-4",
    ]
    assert {item.subfilter for item in found} == {"ETSI.CAdES.detached"}

    # pyHanko, through the portal's own trust: names, and the first one certifies.
    facts = inspect_pdf(content, TrustAnchors.from_settings(SealSettings.from_settings()))
    assert facts.authentic, facts.problem
    assert [fact.subject for fact in facts.signers][:4] == [
        "Jeanne Martin", "Louise d’Œuvre", "Ines Surplace", "Odile Adjointe",
    ]  # fmt: skip
    assert [fact.certifies for fact in facts.signers] == [True, False, False, False, False]

    # veraPDF, on the document and on its evidence file.
    evidence = Document.objects.get(kind="evidence_file")
    assert evidence.is_sealed, evidence.failure
    proof = tmp_path / "dossier.pdf"
    proof.write_bytes(storage.read(evidence.file, sha256=evidence.sha256))
    assert_conformant(path, proof)

    # The command answers authentic, and the chain is whole.
    call_command("verify_document", str(path))
    answer = json.loads(capsys.readouterr().out)
    assert (answer["outcome"], answer["authentic"]) == ("authentic", True)
    call_command("verify_evidence", files=True)
    assert "intacte" in capsys.readouterr().out

    assert [name for name, _ in pacts.heard] == ["opened", *["signed"] * 5, "completed"]
    assert mailbox.subjects("jeanne@exemple.fr")[-1].startswith("Signé par tous")
    assert any("est signé par tous" in text for text in mailbox.texts())
    assert set(envelope.signatories.values_list("status", flat=True)) == {
        SignatoryStatus.SIGNED,
        SignatoryStatus.REPLACED,
    }


def test_the_evidence_file_is_one_page_that_tells_all(signed_by_all: Envelope) -> None:
    evidence = Document.objects.get(kind="evidence_file")
    with pikepdf.open(storage.document_storage().open(evidence.file)) as pdf:
        assert len(pdf.pages) == 1
    told = json.dumps(evidence.context, ensure_ascii=False)
    for words in (
        "Jeanne Martin", "jeanne@exemple.fr", "numéro se terminant par 5432", "par mandat de Karim Bénali",
        "atteste avoir vérifié sur place", "contrôlé par Bruno Lacaze", signed_by_all.document.sha256, "192.0.2.7",
    ):  # fmt: skip
        assert words in told


def test_an_ordered_envelope_invites_one_after_the_other(
    envelope_of: Callable[..., Envelope], mailbox: Mailbox
) -> None:
    envelope = envelope_of(JEANNE, replace(KARIM, rank=2), mode=Mode.ORDERED)
    assert mailbox.to("karim@exemple.fr") == []
    signs(envelope, "Jeanne Martin", mailbox)
    work()
    assert "Votre signature est attendue" in mailbox.subjects("karim@exemple.fr")[0]
    assert envelope.expires_at - timezone.now() > timedelta(days=29)
