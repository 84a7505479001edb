"""Twenty documents asked for at once, and everything that can fall falls: exactly twenty are sealed, none twice."""

import hashlib
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db.models import F

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.requesting import request_batch
from e2c_portal.kernel.models import Job
from e2c_portal.kernel.sweepers import sweep_once
from e2c_portal.upkeep import incidents, incidents_finding
from e2c_portal.upkeep.incidents_words import BROKER, INTERRUPTED
from tests.documents.notices.kind import order
from tests.faults.broker import Broker
from tests.faults.counting import doubled_documents, lost_documents
from tests.faults.repeats import note, repeated, told_of
from tests.faults.waiting import until
from tests.faults.workshop import Workshop

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NUMBER = 20
PATIENCE_SECONDS = 120
NOTHING_LASTED = "revenue avant quinze secondes : rien n’attend"


def ask_for_twenty(officer: User) -> None:
    request_batch("Vingt avis", [order(number=number) for number in range(NUMBER)], officer)


def sealed() -> int:
    return Document.objects.filter(status=Status.SEALED).count()


def under_way() -> bool:
    return Document.objects.filter(status=Status.BUILDING).exists()


def assert_exactly_twenty(folder: Path) -> None:
    """Each document is sealed once, its file is there with its bytes, and no other file counts."""
    documents = list(Document.objects.all())
    assert [document.status for document in documents] == [Status.SEALED] * NUMBER, [d.failure for d in documents]
    for document in documents:
        assert hashlib.sha256((folder / document.file).read_bytes()).hexdigest() == document.sha256
    assert len({document.file for document in documents}) == len({document.sha256 for document in documents}) == NUMBER
    # A worker killed between the file and its record leaves an orphan, which belongs to nobody and goes the next day.
    owned = {document.file for document in documents}
    files = {str(path.relative_to(folder)) for path in folder.rglob("*.pdf")}
    assert owned <= files
    assert len(files - owned) <= Document.objects.filter(attempts__gt=1).count()


@repeated
def test_a_worker_killed_in_mid_build_leaves_one_sealed_document(
    turn: int, workshop: Workshop, notice: Callable[..., Document], documents_folder: Path
) -> None:
    document = notice()
    until(under_way, "the document is claimed", 10)
    workshop.kill()
    document.refresh_from_db()
    assert document.status == Status.BUILDING
    workshop.start()
    until(lambda: sealed() == 1, "the document is sealed", 30, meanwhile=sweep_once)
    document.refresh_from_db()
    assert document.attempts == 2
    assert hashlib.sha256((documents_folder / document.file).read_bytes()).hexdigest() == document.sha256
    note(
        "ouvrier tué pendant un document", lost=lost_documents(documents_folder), doubled=doubled_documents(documents_folder),
        told=told_of(INTERRUPTED),
    )  # fmt: skip


@repeated
def test_three_kills_of_the_worker_lose_and_double_nothing(
    turn: int, workshop: Workshop, officer: User, documents_folder: Path
) -> None:
    ask_for_twenty(officer)
    for share in (3, 8, 13):
        until(lambda share=share: sealed() >= share and under_way(), f"{share} are sealed", 30, meanwhile=sweep_once)
        workshop.kill()
        assert sealed() < NUMBER
        workshop.start()
    until(lambda: sealed() == NUMBER, "all are sealed", PATIENCE_SECONDS, meanwhile=sweep_once)
    assert_exactly_twenty(documents_folder)
    note(
        "ouvrier tué trois fois sous la charge", lost=lost_documents(documents_folder), doubled=doubled_documents(documents_folder),
        told=told_of(INTERRUPTED),
    )  # fmt: skip


@repeated
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_broker_stopped_and_started_loses_and_doubles_nothing(
    turn: int, workshop: Workshop, broker: Broker, officer: User, documents_folder: Path, number: signal.Signals
) -> None:
    ask_for_twenty(officer)
    until(lambda: sealed() >= 4, "four are sealed", 30)
    broker.stop(number)

    def mend() -> None:
        workshop.start_again_if_dead()
        sweep_once()

    broker.start()
    until(lambda: sealed() == NUMBER, "all are sealed", PATIENCE_SECONDS, meanwhile=mend)
    assert_exactly_twenty(documents_folder)
    # The queue came back before a quarter of a minute: staff is told only of what lasts, or of a worker that fell with it.
    note(
        f"file arrêtée par {number.name} puis remise en marche", lost=lost_documents(documents_folder),
        doubled=doubled_documents(documents_folder), told=told_of(INTERRUPTED) or told_of(BROKER) or NOTHING_LASTED,
    )  # fmt: skip


@repeated
def test_a_bulk_request_made_while_the_broker_is_away_is_kept_and_made_later(
    turn: int, workshop: Workshop, broker: Broker, officer: User, documents_folder: Path
) -> None:
    broker.stop()
    ask_for_twenty(officer)
    assert Job.objects.filter(published_at=None).count() == NUMBER
    # As after a quarter of a minute: before it, a job that waits is no fault.
    Job.objects.update(created_at=F("created_at") - incidents_finding.JOB_WAITS)
    incidents.look()
    told = told_of(BROKER)
    broker.start()

    def mend() -> None:
        workshop.start_again_if_dead()
        sweep_once()

    until(lambda: sealed() == NUMBER, "all are sealed", PATIENCE_SECONDS, meanwhile=mend)
    assert_exactly_twenty(documents_folder)
    note(
        "demande groupée pendant l’arrêt de la file", lost=lost_documents(documents_folder), doubled=doubled_documents(documents_folder),
        told=told,
    )  # fmt: skip
