"""The storage is away while people read, verify, sign and send files: each page answers in French, and nothing typed is lost."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.requesting import request_document
from e2c_portal.signing.operations.opening import open_envelope
from e2c_portal.upkeep.incidents_words import STORAGE
from schools.models import School
from tests.documents.notices.fixtures import SAMPLES
from tests.documents.notices.kind import order as notice_order
from tests.factories.accidents import accident_of
from tests.factories.attendance import under_way
from tests.factories.documents import seal
from tests.factories.signing import scan
from tests.faults.counting import lost_documents
from tests.faults.repeats import note, repeated, told_of
from tests.faults.site import Site
from tests.faults.waiting import until
from tests.signing.pacts.kind import order as pact_order
from tests.signing.people import KARIM
from tests.signing.work import Mailbox, work
from trainees.models import AccidentReport

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LATER = "ne peut pas être lu pour le moment. Réessayez dans quelques minutes"


@repeated
def test_pages_answer_while_the_storage_is_away(
    turn: int, idle_site: Site, officer: User, school: School, coordinator: User, documents_folder: Path,
    mailoutbox: list[Any], tmp_path: Path, settings: Any,
) -> None:  # fmt: skip
    # A notice is made here, from its own templates; the site has those of pacts.
    of_pacts, settings.DOCUMENT_TEMPLATE_DIR = settings.DOCUMENT_TEMPLATE_DIR, SAMPLES
    document = seal(request_document(notice_order(), officer))
    settings.DOCUMENT_TEMPLATE_DIR = of_pacts
    open_envelope(pact_order([KARIM]), [KARIM], officer)
    work()
    accident = accident_of(under_way(school, coordinator), coordinator, hours=3)
    idle_site.manners = {"obeys_folders": True}
    idle_site.start()
    staff, leader, signer = idle_site.browser(officer), idle_site.browser(coordinator), idle_site.browser()
    signing = signer.open_link(Mailbox(mailoutbox, tmp_path / "sms").link(KARIM.email))
    read, declare = (
        reverse("documents:download", args=[document.public_id]), reverse("trainees:accident_declare", args=[accident.pk]),
    )  # fmt: skip
    proof = {"proof": ("accuse.png", scan(), "image/png")}
    typed = {"declared_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}", "reference": "DAT 2026-0042"}

    documents_folder.chmod(0)
    try:
        for browser, path in ((staff, read), (signer, f"{signing}document/")):
            answer = browser.get(path)
            assert (answer.status_code, LATER in _words(answer.text)) == (503, True), answer.text
        for browser, path in (
            (staff, "/"), (signer, signing), (signer, "/verifier/"), (signer, f"/verifier/{document.verification_code}/"),
            (leader, accident.get_absolute_url()),
        ):  # fmt: skip
            assert browser.get(path).status_code == 200, path
        refused = leader.post(declare, typed, proof)
        assert (refused.status_code, "DAT 2026-0042" in refused.text) == (422, True)
        assert "Le portail ne peut pas garder de fichier pour le moment." in refused.text
        until(lambda: told_of(STORAGE), "staff is told", 30)
    finally:
        documents_folder.chmod(0o700)
    assert AccidentReport.objects.get().declared_at is None
    assert [staff.get(read).status_code, signer.get(f"{signing}document/").status_code] == [200, 200]
    assert leader.post(declare, typed, proof).status_code == 302
    kept = documents_folder / AccidentReport.objects.get().proof
    note(
        "stockage absent pendant que des pages sont lues et des fichiers envoyés",
        lost=lost_documents(documents_folder) - 1 + int(not kept.is_file()), doubled=len(list(kept.parent.iterdir())) - 1,
        told=told_of(STORAGE),
    )  # fmt: skip


def _words(page: str) -> str:
    return page.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
