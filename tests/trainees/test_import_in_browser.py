"""An import in a real browser, with the real worker: the file, its columns, the check and the import followed live, the undoing."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Change
from schools.models import School
from tests.factories.spreadsheets import messy_rows, prescriber, xlsx
from tests.factories.trainees import limits, site_of
from tests.harness.accessibility import assert_accessible
from tests.harness.browser import LivePortal
from tests.harness.worker import Worker
from trainees.models import Trainee

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def seen(live: LivePortal, name: str) -> None:
    """Check the page, and leave its pictures where PICTURES says, for whoever wants to look."""
    assert_accessible(live.page)
    if folder := os.environ.get("PICTURES"):
        for width in (320, 1280):
            live.picture(Path(folder), name, width)


def test_from_the_file_to_the_undoing(
    live: LivePortal, run_worker: Callable[[], Worker], school: School, coordinator: User, tmp_path: Path
) -> None:
    limits()
    site_of(school)
    prescriber()
    run_worker()
    path = tmp_path / "stagiaires septembre.xlsx"
    path.write_bytes(xlsx(messy_rows(20)).read())
    live.sign_in(coordinator)
    page = live.page

    live.open("/stagiaires/imports/")
    page.get_by_label("Tableau des stagiaires").set_input_files(path)
    seen(live, "import-deposit")
    page.get_by_role("button", name="Lire le tableau").click()
    expect(page.get_by_label("Date naiss.")).to_have_value("birth_date")
    seen(live, "import-columns")
    page.get_by_role("button", name="Vérifier les lignes").click()
    expect(page.get_by_role("heading", name="Ce qui serait fait")).to_be_visible(timeout=15_000)
    seen(live, "import-report")
    page.get_by_role("link", name="Refusées (3)").click()
    expect(page.get_by_text("« 31/02/2006 » n’est pas une date")).to_be_visible()
    page.get_by_role("button", name="Importer 17 lignes").click()
    expect(page.get_by_role("heading", name="Ce qui a été fait")).to_be_visible(timeout=15_000)
    assert Trainee.objects.count() == 17
    _every_row_tells_who_asked(coordinator)
    seen(live, "import-done")
    page.get_by_role("button", name="Annuler l’import").click()
    expect(page.locator("strong", has_text="17 lignes annulées")).to_be_visible(timeout=15_000)
    seen(live, "import-undone")
    assert not Trainee.objects.exists()
    assert not Change.objects.filter(subject__startswith="trainees.trainee:").exists(), "the history left with them"


def _every_row_tells_who_asked(coordinator: User) -> None:
    """The worker, another process, writes for whoever pressed the button, under the id of that request."""
    kept = Change.objects.filter(subject__startswith="trainees.trainee:", operation="i")
    told = set(kept.values_list("actor", "source", "request_id"))
    assert kept.count() == 17
    assert {(actor, source) for actor, source, _ in told} == {(coordinator.pk, "tâche trainees.apply_import")}
    assert all(len(request_id) == 32 for *_, request_id in told)
