"""The pages are killed in the middle of a form: nothing is half written, and sending it again does nothing twice."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document
from e2c_portal.kernel.models import Job
from e2c_portal.kernel.sweepers import sweep_once
from e2c_portal.upkeep.incidents_words import PAGES
from tests.faults.forms import FORMS, Form
from tests.faults.portal.stops import WEB
from tests.faults.repeats import note, repeated, told_of
from tests.faults.site import Site, send
from tests.faults.waiting import until
from tests.signing.work import Mailbox

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@repeated
@pytest.mark.parametrize("name", FORMS)
def test_a_form_survives_the_death_of_the_pages(
    name: str, turn: int, site: Site, officer: User, mailoutbox: list[Any], tmp_path: Path
) -> None:
    form = FORMS[name](site, officer, Mailbox(mailoutbox, tmp_path / "sms"))
    for place in WEB:
        kill_at(place, form, site, whole=turn % 2 == 1)
    answer = form.browser.post(form.path, form.typed)
    # Done at the first sending that was committed: the others said so, or showed what was there.
    assert answer.status_code < 500, answer.text
    until(lambda: not Job.objects.filter(published_at=None).exists(), "every job left", 30, meanwhile=sweep_once)
    until(lambda: told_of(PAGES), "the next process tells", 30, meanwhile=site.answers)
    done = form.done()
    if form.found_at:
        # Whoever presses again is told that it is done, and finds that very document.
        document = Document.objects.get()
        page = form.browser.get(form.found_at)
        assert (page.status_code, str(document.public_id) in page.text) == (200, True)
    note(
        f"pages tuées pendant : {name}", lost=int(done == 0), doubled=max(0, done - 1), told=told_of(PAGES),
    )  # fmt: skip


def kill_at(place: str, form: Form, site: Site, *, whole: bool) -> None:
    """Send the form, kill whoever serves it at that place; what was not committed is not there at all."""
    before = form.done()
    site.nursery.want(place)
    sent = send(form.browser, form.path, form.typed)
    # A form that was already done may never come by the place again: it is answered.
    until(lambda: site.nursery.stopped_at(place) or sent.answers, f"the form is at « {place} »", 60)
    number = site.nursery.stopped_at(place)
    if number is None:
        sent.thread.join(30)
        return
    if whole:
        site.kill()
    else:
        os.kill(number, signal.SIGKILL)
    sent.thread.join(30)
    assert not sent.answers
    site.nursery.want()
    assert form.done() == (before if place == "written-not-committed" else 1)
    if whole:
        site.start()
    until(site.answers, "the pages answer again", 60)
