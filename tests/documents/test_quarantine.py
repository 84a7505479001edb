"""Files that the antivirus refuses, or cannot read: never taken, kept apart, destroyed at their term."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.documents import quarantine, storage, sweeping
from e2c_portal.documents.models import QuarantinedFile
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.scanning import ScannerAway, threat_in
from e2c_portal.privacy.running import carry_out
from tests.documents.antivirus import EICAR, Antivirus, antivirus
from tests.factories.network import member_of

pytestmark = pytest.mark.django_db
LIST = "admin:documents_quarantinedfile_changelist"


@pytest.fixture
def scanner(settings: Any) -> Iterator[Antivirus]:
    with antivirus() as server:
        settings.UPLOAD_SCANNER = server.url
        settings.UPLOAD_SCANNER_TIMEOUT = 2
        yield server


def sent(content: bytes = EICAR) -> SimpleUploadedFile:
    return SimpleUploadedFile("facture-de-nina-roux.pdf", content, "application/pdf")


def test_a_dangerous_file_is_kept_apart_without_its_name(scanner: Antivirus, documents_folder: Any) -> None:
    with pytest.raises(Refused, match="refusé par l’antivirus"):
        quarantine.refuse_if_dangerous(sent())
    kept = QuarantinedFile.objects.get()
    assert (kept.threat, kept.size) == ("Eicar-Test-Signature", len(EICAR))
    assert storage.read(kept.file, sha256=kept.sha256) == EICAR
    assert "nina" not in f"{kept.file}{kept.threat}"
    assert sweeping._owners["quarantine"]([kept.file, "quarantaine/2026/autre.bin"]) == {kept.file}


def test_a_clean_file_is_read_whole_by_the_antivirus_then_by_us(scanner: Antivirus) -> None:
    file = sent(b"%PDF-1.7 rien de mal" * 5000)
    quarantine.refuse_if_dangerous(file)
    assert scanner.read == [file.read()]
    assert not QuarantinedFile.objects.exists()


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: ", b"PONG\0"])
def test_without_a_clear_answer_no_file_is_taken(scanner: Antivirus, answer: bytes) -> None:
    scanner.answer = answer
    with pytest.raises(ScannerAway, match="n’a pas été pris"):
        threat_in([b"x"])


@pytest.mark.parametrize("url", ["clamd://127.0.0.1:9", "clamd+unix:///nulle/part.ctl"])
def test_an_antivirus_that_is_away_refuses_everything(settings: Any, url: str) -> None:
    settings.UPLOAD_SCANNER = url
    with pytest.raises(ScannerAway):
        threat_in([b"x"])


def test_an_antivirus_that_hangs_is_not_waited_for(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.UPLOAD_SCANNER = f"clamd://127.0.0.1:{silent.getsockname()[1]}"
        settings.UPLOAD_SCANNER_TIMEOUT = 0.2
        with pytest.raises(ScannerAway):
            threat_in([b"x"])


def test_the_public_page_refuses_and_keeps_nothing(scanner: Antivirus, client: Client) -> None:
    answer = client.post(reverse("documents:verify"), {"way": "file", "file": sent()})
    assert "ni vérifié ni conservé" in answer.content.decode()
    assert not QuarantinedFile.objects.exists(), "strangers must not fill the storage"


def test_a_form_says_it_and_keeps_what_was_typed(
    scanner: Antivirus, officer: User, client_of: Callable[[User], Client]
) -> None:
    page = reverse("trainees:reference_load")
    answer = client_of(officer).post(page, {"file": sent(), "vintage": "2026", "source": "Insee"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "refusé par l’antivirus" in text
    assert "Insee" in text
    assert QuarantinedFile.objects.count() == 1


def test_who_sees_and_destroys_what_was_kept_apart(
    scanner: Antivirus, officer: User, auditor: User, school: Any, client_of: Callable[[User], Client],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:  # fmt: skip
    kept = quarantine.set_apart(sent(), "Eicar-Test-Signature")
    act = {"action": "destroy_selected", "_selected_action": [kept.pk]}
    assert client_of(member_of(school, officer)).get(reverse(LIST)).status_code in (302, 403)
    reader = client_of(auditor)
    assert "Eicar" in reader.get(reverse(LIST)).content.decode()
    reader.post(reverse(LIST), act)
    assert QuarantinedFile.objects.exists(), "an auditor changes nothing"
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(officer).post(reverse(LIST), act, follow=True)
    assert "1 fichier détruit" in answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert not QuarantinedFile.objects.exists()
    assert not storage.document_storage().exists(kept.file)
    assert trail_of(kept).get().actor == officer


def test_the_database_keeps_it_until_its_term(scanner: Antivirus) -> None:
    kept = quarantine.set_apart(sent(), "Eicar-Test-Signature")
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.delete()
    assert [line.number for line in carry_out() if line.model == "documents.QuarantinedFile"] == [0]


@pytest.mark.django_db(transaction=True)
def test_thirty_days_later_it_is_gone_with_its_bytes(scanner: Antivirus) -> None:
    old = timezone.now() - timedelta(days=31)
    key = storage.store("quarantaine/2026/vieux.bin", EICAR)
    QuarantinedFile.objects.create(at=old, threat="Eicar", file=key, sha256="0" * 64, size=68)
    assert sum(line.number for line in carry_out() if line.model == "documents.QuarantinedFile") == 1
    assert not QuarantinedFile.objects.exists()
    assert not storage.document_storage().exists(key)
