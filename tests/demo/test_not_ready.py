"""`demo_ready` says clearly what is missing. Apart from the test that needs commits: the two never share a process's order."""

import pytest
from django.core.management import CommandError

from e2c_portal.documents.models import Document, Status
from tests.demo.conftest import ready
from tests.faults.broker import NOWHERE, publishing_to


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
