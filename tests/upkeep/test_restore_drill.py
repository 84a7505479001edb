"""The drill: a backup made while people work, restored elsewhere, everything proven; then each way a backup is spoiled."""

import itertools
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents import kinds
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.requesting import request_document
from e2c_portal.documents.storage import kept_in
from e2c_portal.privacy.operations import erase_on_request
from e2c_portal.privacy.people import kind_named
from e2c_portal.signing.models import ChainRoot, Envelope, Evidence
from e2c_portal.signing.operations.signing import sign
from e2c_portal.signing.roots import note_root
from e2c_portal.upkeep.backup.elsewhere import on_database
from e2c_portal.upkeep.backup.layout import backups_in, read_manifest
from e2c_portal.upkeep.backup.restoring import folder_storage
from schools.models import School
from tests.documents.notices.kind import order
from tests.factories.assises import edition_open, somebody
from tests.factories.trainees import trainee_in
from tests.faults.waiting import until
from tests.signing.people import JEANNE, KARIM, VISITOR
from tests.signing.work import Mailbox, code_for, shown, signatory, signs
from tests.upkeep.kinds import NOTICE_BESIDE
from tests.upkeep.load import Crowd
from tests.upkeep.workshop import Workshop
from trainees.models import Trainee

pytestmark = pytest.mark.django_db(transaction=True)
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def worker(
    pacts: Any, empty_queue: None, documents_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workshop]:
    """A real worker, with two processes, on the queue and the storage of the test. Not started: what comes first is made here."""
    monkeypatch.setitem(kinds._kinds, NOTICE_BESIDE.name, NOTICE_BESIDE)
    own = Workshop(tmp_path, os.environ["REDIS_URL"], documents_folder)
    yield own
    if own.process:
        own.kill()


def sealed() -> dict[str, str]:
    """Return the file and the fingerprint of each sealed document of the present database."""
    return dict(Document.objects.filter(status=Status.SEALED).values_list("file", "sha256"))


def test_a_backup_under_load_is_restored_elsewhere_and_every_sealed_document_verified(
    envelope_of: Callable[..., Envelope], mailbox: Mailbox, worker: Workshop, officer: User, data_officer: User, school: School,
    coordinator: User, documents_folder: Path, new_database: Callable[[], str], run_command: Run, tmp_path: Path,
) -> None:  # fmt: skip
    signed = envelope_of(JEANNE, KARIM)
    signs(signed, JEANNE.full_name, mailbox)
    waiting = [envelope_of(JEANNE) for _ in range(2)]
    codes = [
        (signatory(each, JEANNE.full_name), code_for(signatory(each, JEANNE.full_name), mailbox), each)
        for each in waiting
    ]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        note_root()
    edition = edition_open(officer)
    erased = trainee_in(school, coordinator, last_name="Partie", first_name="Lou")
    numbers = itertools.count(1)

    def sign_the_next() -> object:
        if not codes:
            return None
        person, code, envelope = codes.pop()
        facts = {"typed_code": code, "consented": True, "shown_sha256": shown(envelope), "visitor": VISITOR}
        return sign(person.pk, **facts)

    crowd = Crowd(
        asks=lambda: request_document(order(number=next(numbers)), officer),
        signs=sign_the_next,
        enters=lambda: trainee_in(school, coordinator),
        registers=lambda: somebody(edition),
    )
    request_document(order(), officer)
    worker.start()
    until(lambda: len(sealed()) >= 1, "the worker seals", 40)
    with crowd.at_work():
        until(lambda: all(crowd.done.values()) or crowd.failed, "everybody works", 20)
        before = sealed()
        code, said = run_command("backup", tmp_path / "sauvegardes")
        after = crowd.done | {}
    assert (code, crowd.failed) == (0, []), said
    assert crowd.done["enters"] >= after["enters"] >= 1
    [backup] = backups_in(tmp_path / "sauvegardes")

    # Somebody is erased after the backup; a restore forgets nobody.
    erase_on_request(kind_named("stagiaires"), erased, "Demande écrite", data_officer)
    assert run_command("verify_backup", backup)[0] == 0
    database, documents = new_database(), tmp_path / "restored"
    code, said = run_command(
        "restore", backup, "--database", database, "--documents", documents, "--erasures", documents_folder
    )
    assert code == 0, said
    assert "Tout est là, tout est vérifié." in said
    assert "Effacements refaits depuis la sauvegarde : 1 personne." in said
    with on_database(database), kept_in(folder_storage(documents)):
        restored = sealed()
        assert before.items() <= restored.items()
        assert f"{len(restored)} document" in said
        assert all((documents / key).read_bytes() == (documents_folder / key).read_bytes() for key in restored)
        assert (Evidence.objects.count() > 4, ChainRoot.objects.count()) == (True, 1)
        assert not Trainee.objects.filter(pk=erased.pk).exists()
        newcomer = trainee_in(School.objects.get(), User.objects.get(pk=coordinator.pk))
        assert newcomer.pk > erased.pk
    assert restored.items() <= sealed().items()
    assert read_manifest(backup)["files"]["missing"] == []
