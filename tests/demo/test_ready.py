"""`demo_ready` proves the whole way: queue, worker, seal, file, and says clearly what is missing otherwise."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.core.management import CommandError, call_command

from e2c_portal.demo.management.commands import demo_ready
from e2c_portal.demo.personas import DEMO_PASSWORD, PERSONAS
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.sealing import SealSettings, verify_own_output
from tests.demo.conftest import seed
from tests.faults.broker import NOWHERE, publishing_to

FILE = Path(portal_settings.VAR_DIR) / "demo" / "convention-la-poste.pdf"


def ready(timeout: float = 40) -> str:
    said = StringIO()
    call_command(demo_ready.Command(), timeout=timeout, stdout=said)
    return said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_file_is_there_and_sealed_after_the_queue(run_worker, eventually) -> None:
    seed()
    run_worker()
    said = ready()
    document = Document.objects.get(reference="CP-2014-001")
    assert document.status == Status.SEALED
    assert str(FILE) in said
    assert DEMO_PASSWORD in said
    assert all(persona.email in said for persona in PERSONAS)
    assert document.printed_code in said
    verify_own_output(FILE.read_bytes(), SealSettings.from_settings())
    ready(timeout=1)
    assert Document.objects.filter(reference="CP-2014-001").count() == 1
    eventually(lambda: Document.objects.filter(status=Status.SEALED).count() == 3, "the examples are sealed too")


@pytest.mark.django_db
@pytest.mark.usefixtures("seeded")
class TestWhatIsMissing:
    def test_no_worker(self) -> None:
        with pytest.raises(CommandError, match="Aucun ouvrier ne répond"):
            ready(timeout=0.2)

    def test_no_broker(self) -> None:
        with publishing_to(NOWHERE), pytest.raises(CommandError, match="Aucun ouvrier ne répond"):
            ready(timeout=0.2)

    def test_a_failure_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def failed(document: Document) -> None:
            Document.objects.filter(pk=document.pk).update(
                status=Status.BUILDING, claim=document.public_id, claimed_at=document.queued_at
            )
            Document.objects.filter(pk=document.pk).update(
                status=Status.FAILED, failure="Plus de place.", claim=None, claimed_at=None
            )
            original(document)

        original = Document.refresh_from_db
        monkeypatch.setattr(Document, "refresh_from_db", failed)
        with pytest.raises(CommandError, match="Plus de place"):
            ready(timeout=5)
