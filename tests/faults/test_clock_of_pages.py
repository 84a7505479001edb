"""The pages an hour ahead or late: sessions, one-time codes, links and forms hold; nothing twice, nothing refused for good."""

from pathlib import Path
from typing import Any

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document
from e2c_portal.kernel.models import Job
from e2c_portal.kernel.sweepers import sweep_once
from e2c_portal.upkeep.incidents_words import CLOCK
from tests.faults.forms import FORMS
from tests.faults.repeats import note, repeated, told_of
from tests.faults.site import Site
from tests.faults.waiting import until
from tests.signing.work import Mailbox

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HOURS = {"pages en avance d’une heure": 1, "pages en retard d’une heure": -1}


@repeated
@pytest.mark.parametrize("name", HOURS)
def test_pages_whose_clock_is_wrong(
    name: str, turn: int, idle_site: Site, officer: User, mailoutbox: list[Any], tmp_path: Path
) -> None:
    site, mailbox = idle_site, Mailbox(mailoutbox, tmp_path / "sms")
    site.manners = {"hours": HOURS[name]}
    site.start()
    staff = site.browser(officer)
    assert staff.get("/").status_code == 200
    # Codes and links were made by machines that are on time.
    forms = [write(site, officer, mailbox) for write in FORMS.values()]
    sent = [(form, form.browser.post(form.path, form.typed)) for form in forms for _ in range(2)]
    assert all(answer.status_code < 500 for _, answer in sent)
    assert all(answer.is_redirect for _, answer in sent[::2]), [answer.text for _, answer in sent[::2]]
    until(lambda: told_of(CLOCK), "the pages tell that their clock is wrong", 30, meanwhile=site.answers)
    until(lambda: not Job.objects.filter(published_at=None).exists(), "every job left", 30, meanwhile=sweep_once)

    # The machine is put right: whoever was there still is, and sends once more what was sent.
    site.kill()
    site.manners = {}
    site.start()
    assert staff.get("/").status_code == 200
    for form in forms:
        assert form.browser.post(form.path, form.typed).status_code < 500
    note(
        name, lost=sum(form.done() == 0 for form in forms), doubled=sum(max(0, form.done() - 1) for form in forms),
        told=told_of(CLOCK),
    )  # fmt: skip
    assert not Document.objects.exclude(claimed_at=None).exists()
