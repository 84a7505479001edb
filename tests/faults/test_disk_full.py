"""A disk that is really full (ENOSPC): of documents, of temporary files, of uploads. Nothing half written, told, and mended alone."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents import sweeping
from e2c_portal.documents.models import Document, Status
from e2c_portal.kernel.sweepers import sweep_once
from e2c_portal.upkeep import incidents
from e2c_portal.upkeep.incidents_words import SERVICES, STORAGE
from schools.models import School
from tests.factories.accidents import accident_of
from tests.factories.attendance import under_way
from tests.factories.signing import scan
from tests.faults.counting import doubled_documents, half_files, lost_documents, sealed
from tests.faults.disks import SIZE_BYTES, SmallDisk
from tests.faults.repeats import REPEATS, note, repeated, told_of
from tests.faults.scene import ask_for
from tests.faults.site import Site
from tests.faults.waiting import until
from tests.faults.workshop import Workshop
from trainees.models import AccidentReport

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NUMBER = 3 if REPEATS == 1 else 10
PATIENCE_SECONDS = 120
TOLD = {
    "documents": "L’espace de stockage n’a pas pu enregistrer",
    "temporary": "Le disque de la machine n’a plus de place",
}
FAULTS = {"disque des documents plein": "documents", "disque temporaire plein": "temporary"}


@repeated
@pytest.mark.parametrize("name", FAULTS)
def test_documents_wait_for_room_and_are_made_by_themselves(
    name: str, turn: int, idle_workshop: Workshop, officer: User, documents_folder: Path, tmp_path: Path
) -> None:
    which, workshop = FAULTS[name], idle_workshop
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    folders = {"documents": documents_folder, "temporary": temporary}
    workshop.manners = {"disks": {str(folders[which]): SIZE_BYTES}, "temporary": str(temporary)}
    workshop.start()
    assert workshop.running is not None
    disk = SmallDisk(workshop.running, folders[which])
    disk.fill(0 if which == "temporary" else 2)
    ask_for(NUMBER, officer)
    failed = Document.objects.filter(status=Status.FAILED, retry_at__isnull=False)
    until(lambda: failed.count() == NUMBER, "each is refused", PATIENCE_SECONDS, meanwhile=sweep_once)
    assert all(TOLD[which] in one.failure and "place disponible" in one.failure for one in failed)
    assert disk.files() == []
    incidents.look()
    told = told_of(SERVICES)
    disk.make_room()
    # The minute during which a service that refused is left alone.
    failed.update(retry_at=sweeping.Now())
    until(lambda: sealed() == NUMBER, "all are sealed", PATIENCE_SECONDS, meanwhile=sweep_once)
    written = disk.seen if which == "documents" else documents_folder
    assert half_files(written) == []
    note(name, lost=lost_documents(written), doubled=doubled_documents(written), told=told)


@repeated
def test_a_file_that_no_disk_takes_is_told_and_what_was_typed_stays(
    turn: int, idle_site: Site, school: School, coordinator: User, documents_folder: Path, tmp_path: Path
) -> None:
    site, temporary = idle_site, tmp_path / "tmp"
    temporary.mkdir()
    site.manners = {
        "disks": {str(documents_folder): SIZE_BYTES, str(temporary): SIZE_BYTES},
        "temporary": str(temporary),
    }
    site.start()
    accident = accident_of(under_way(school, coordinator), coordinator, hours=3)
    browser, path = site.browser(coordinator), reverse("trainees:accident_declare", args=[accident.pk])
    typed = {"declared_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}", "reference": "DAT 2026-0042"}
    assert site.running is not None
    kept, received = SmallDisk(site.running, documents_folder), SmallDisk(site.running, temporary)
    paper, heavy = scan(), scan() + bytes(6 * 1024 * 1024)

    kept.fill(0)
    refused = browser.post(path, typed, {"proof": ("accuse.png", paper, "image/png")})
    assert (refused.status_code, "DAT 2026-0042" in refused.text) == (422, True)
    assert "Le portail ne peut pas garder de fichier pour le moment." in refused.text
    received.fill(0)
    # A file this large waits on the disk of temporary files: the page cannot even be read whole.
    drowned = browser.post(path, typed, {"proof": ("accuse.png", heavy, "image/png")})
    assert drowned.status_code == 503, drowned.text
    assert "n’a plus de place pour recevoir de fichier" in drowned.text
    assert "ce que vous avez tapé y est encore" in drowned.text
    assert kept.files() == received.files() == []
    until(lambda: told_of(STORAGE), "staff is told", 30)
    assert AccidentReport.objects.get().declared_at is None

    kept.make_room()
    received.make_room()
    answers = [browser.post(path, typed, {"proof": ("accuse.png", paper, "image/png")}) for _ in range(2)]
    assert [answer.status_code for answer in answers][0] == 302, answers[0].text
    declared = AccidentReport.objects.get()
    assert declared.declared_at is not None
    assert timezone.now() - declared.declared_at < timedelta(minutes=5)
    note(
        "fichier envoyé quand les disques sont pleins", lost=int(not (kept.seen / declared.proof).is_file()),
        doubled=len(kept.files()) - 1, told=told_of(STORAGE),
    )  # fmt: skip
