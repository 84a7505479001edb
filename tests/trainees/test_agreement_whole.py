"""An agreement from the draft to the stranger: four parties, links, a real document, a real seal, and a page for a small phone."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.test import Client

from e2c_portal.accounts.models import User
from e2c_portal.documents import storage
from schools.models import School
from tests.conformance.verapdf import poppler_signatures, validate
from tests.factories.agreements import accepted_internship, envelope_of
from tests.signing.work import Mailbox, signs, work
from trainees.models import InternshipAgreement
from trainees.operations.agreements import record_host_reply, send_to_review, send_to_sign
from trainees.reads.signers import AgreementPlan

pytestmark = pytest.mark.django_db
LIGHT = 60_000


@pytest.fixture
def mailbox(mailoutbox: list[Any], settings: Any, tmp_path: Path, seal_key: None) -> Mailbox:
    settings.PORTAL_URL = "http://testserver"
    return Mailbox(mailoutbox, tmp_path)


def test_four_parties_sign_and_a_stranger_verifies(
    school: School, coordinator: User, mailbox: Mailbox, tmp_path: Path
) -> None:
    internship = accepted_internship(school, coordinator, minor=True)
    agreement = send_to_sign(internship.pk, AgreementPlan(), coordinator)
    work()
    _read_on_a_small_phone(mailbox, internship.trainee.email)
    envelope = envelope_of(agreement)
    names = list(envelope.signatories.values_list("full_name", flat=True))
    assert len(names) == 4
    for name in names:
        signs(envelope, name, mailbox)
    work()
    agreement.refresh_from_db()
    internship.refresh_from_db()
    assert (agreement.status, internship.status) == ("signed", "signed")
    _sealed_and_verified(agreement, tmp_path)
    assert "Votre stage chez" in " ".join(mailbox.subjects(internship.trainee.email))
    parent = internship.trainee.representatives.get()
    assert f"Le stage de {internship.trainee} est confirmé" in mailbox.subjects(parent.email)


def _read_on_a_small_phone(mailbox: Mailbox, address: str) -> None:
    """The plain page has no script, weighs little, and says what a trainee must know."""
    client = Client()
    first = client.get(mailbox.link(address), follow=True)
    page = client.get(first.context["explain_url"])
    text = page.content.decode()
    sheet = (Path(portal_settings.BASE_DIR) / "static/css/light.css").stat().st_size
    assert len(page.content) + sheet < LIGHT
    assert "<script" not in text
    for told in ("Où", "Quand", "Vos horaires", "Qui vous accueille", "En cas d’accident", "le 15 ou le 112"):
        assert told in text


def _sealed_and_verified(agreement: InternshipAgreement, folder: Path) -> None:
    document = envelope_of(agreement).document
    document.refresh_from_db()
    file = folder / "convention.pdf"
    file.write_bytes(storage.read(document.file))
    assert [found.valid for found in poppler_signatures(file)] == [True] * 5
    assert [verdict for verdict in validate([file]) if not verdict.passed] == []
    page = Client().get(f"/verifier/{document.printed_code}/").content.decode()
    assert "Pas encore en vigueur" in page
    assert str(agreement.internship.trainee) not in page


def test_the_tutor_reads_and_answers_by_link(school: School, coordinator: User, mailbox: Mailbox) -> None:
    internship = accepted_internship(school, coordinator)
    agreement = send_to_review(internship.pk, coordinator)
    work()
    assert internship.tutor
    client = Client()
    page = client.get(mailbox.link(internship.tutor.email), follow=True)
    assert "Aider en cuisine" in page.content.decode()
    here = page.redirect_chain[-1][0]
    assert client.post(here, {"answer": "fix", "text": ""}).status_code == 422
    assert client.post(here, {"answer": "fix", "text": "La pause est à 12 h 30."}).status_code == 303
    agreement.refresh_from_db()
    assert agreement.host_reply == "La pause est à 12 h 30."
    work()
    assert any("Corrections proposées" in subject for subject in mailbox.subjects(coordinator.email))
    send_to_sign(internship.pk, AgreementPlan(), coordinator)
    closed = client.get(mailbox.link(internship.tutor.email), follow=True)
    assert closed.status_code == 410
    with pytest.raises(Exception, match="relecture est terminée"):
        record_host_reply(agreement.pk, "Trop tard")
