"""One worker per phase of a document, and of a signature, all killed at that very phase: nothing lost, nothing double."""

import os
import signal
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document, Revision, Status
from e2c_portal.documents.sealing import SealSettings, TrustAnchors, inspect_pdf
from e2c_portal.documents.signing_steps import latest_bytes
from e2c_portal.kernel.sweepers import sweep_once
from e2c_portal.signing import sweeping
from e2c_portal.signing.chain_check import faults as faults_of_chain
from e2c_portal.signing.models import Envelope, EnvelopeStatus
from e2c_portal.signing.operations.opening import open_envelope
from e2c_portal.upkeep.incidents_words import INTERRUPTED
from tests.faults.counting import doubled_documents, half_files, lost_documents, sealed
from tests.faults.portal.stops import BUILD, SIGN, SIGN_HOLDING_THE_CHAIN
from tests.faults.repeats import note, repeated, told_of
from tests.faults.scene import all_reached, ask_for
from tests.faults.waiting import until
from tests.faults.workshop import Workshop
from tests.signing.pacts.kind import order
from tests.signing.pacts.registered import registered_pacts
from tests.signing.people import KARIM
from tests.signing.work import Mailbox, signs, work

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PATIENCE_SECONDS = 240


def kill(workshop: Workshop, names: Iterable[str], turn: int) -> None:
    """A power cut every other time; otherwise the processes alone, as a lack of memory would do, and their worker goes on."""
    if turn % 2 == 0:
        workshop.kill()
        workshop.start()
        return
    # One process may stand at two places: it finishes a document while it draws the next.
    for number in {workshop.nursery.stopped_at(name) or 0 for name in names}:
        os.kill(number, signal.SIGKILL)


@repeated
def test_a_document_survives_at_each_phase(
    turn: int, idle_workshop: Workshop, officer: User, documents_folder: Path
) -> None:
    names = list(BUILD)
    idle_workshop.processes = len(names)
    idle_workshop.nursery.want(*names)
    idle_workshop.start()
    ask_for(len(names), officer)
    stopped_at = idle_workshop.nursery.stopped_at
    until(all_reached(stopped_at, names), "a worker stands at each phase", 60, meanwhile=sweep_once)
    assert half_files(documents_folder) == []
    kill(idle_workshop, names, turn)
    until(lambda: sealed() == len(names), "all are sealed", PATIENCE_SECONDS, meanwhile=sweep_once)
    assert half_files(documents_folder) == []
    assert not Document.objects.exclude(status=Status.SEALED).exists()
    note(
        "ouvrier tué à chaque étape d’un document", lost=lost_documents(documents_folder),
        doubled=doubled_documents(documents_folder), told=told_of(INTERRUPTED),
    )  # fmt: skip


@pytest.fixture
def mailbox(idle_workshop: Workshop, mailoutbox: list[Any], tmp_path: Path, settings: Any) -> Iterator[Mailbox]:
    """The pact is known here as in the workers, and this process reads the messages it sends."""
    assert idle_workshop
    settings.DOCUMENT_TEMPLATE_DIR = portal_settings.BASE_DIR / "templates" / "documents"
    with registered_pacts(tmp_path / "sms"):
        yield Mailbox(mailoutbox, tmp_path / "sms")


def signed_by_karim(number: int, officer: User, mailbox: Mailbox) -> list[Envelope]:
    """Return so many pacts that one person has signed, which no worker has written into the file yet."""
    envelopes = [open_envelope(order([KARIM], number=each), [KARIM], officer) for each in range(number)]
    work()
    for envelope in envelopes:
        signs(envelope, KARIM.full_name, mailbox)
    return envelopes


@repeated
def test_a_signature_survives_at_each_phase(
    turn: int, idle_workshop: Workshop, mailbox: Mailbox, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "RETRY_AFTER", timedelta(seconds=2))
    names = list(SIGN)
    envelopes = signed_by_karim(len(names), officer, mailbox)
    idle_workshop.processes = len(names) + 2
    idle_workshop.nursery.want(*names)
    idle_workshop.start()
    stopped_at = idle_workshop.nursery.stopped_at
    until(all_reached(stopped_at, names), "a worker stands at each phase", 45, meanwhile=sweep_once)
    idle_workshop.nursery.want_also(*SIGN_HOLDING_THE_CHAIN)
    until(all_reached(stopped_at, SIGN_HOLDING_THE_CHAIN), "one holds the chain", 20, meanwhile=sweep_once)
    kill(idle_workshop, [*names, *SIGN_HOLDING_THE_CHAIN], turn)
    completed = Envelope.objects.filter(pk__in=[one.pk for one in envelopes], status=EnvelopeStatus.COMPLETED)
    until(lambda: completed.count() == len(names), "all are completed", PATIENCE_SECONDS, meanwhile=sweep_once)
    assert list(faults_of_chain(read_files=True)) == []
    note(
        "ouvrier tué à chaque étape d’une signature", lost=sum(not signed_by_one(one.document_id) for one in envelopes),
        doubled=Revision.objects.count() - 2 * len(envelopes), told=told_of(INTERRUPTED),
    )  # fmt: skip


def signed_by_one(document_id: int) -> bool:
    """Say whether the sealed file bears the signature of that person, once."""
    content = latest_bytes(Document.objects.get(pk=document_id))
    found = inspect_pdf(content, TrustAnchors.from_settings(SealSettings.from_settings()))
    return [fact.subject for fact in found.signers] == [KARIM.full_name]
