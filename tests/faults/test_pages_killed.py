"""The pages are killed in the middle of a form: nothing is half written, and sending it again does nothing twice."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.urls import reverse

from assises.models import Registration
from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.requesting import request_document
from e2c_portal.kernel.models import Job
from e2c_portal.kernel.sweepers import sweep_once
from e2c_portal.signing.models import Act, ActKind
from e2c_portal.signing.operations.opening import open_envelope
from e2c_portal.upkeep.incidents_words import PAGES
from tests.documents.notices.kind import order as notice_order
from tests.factories.assises import edition_open
from tests.factories.own_registration import TYPED, asked, jobs_done
from tests.factories.spaces import link_received
from tests.faults.broker import Broker
from tests.faults.portal.stops import WEB
from tests.faults.programs import Nursery
from tests.faults.repeats import note, repeated, told_of
from tests.faults.site import Browser, Site, send
from tests.faults.waiting import until
from tests.signing.pacts.kind import order as pact_order
from tests.signing.pacts.registered import registered_pacts
from tests.signing.people import KARIM
from tests.signing.work import Mailbox, code_for, shown, signatory, work

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@dataclass
class Form:
    """One form to send, and how many times what it does was done."""

    browser: Browser
    path: str
    typed: dict[str, Any]
    done: Callable[[], int]


@pytest.fixture
def site(
    transactional_db: None,
    notices: None,
    broker: Broker,
    nursery: Nursery,
    documents_folder: Path,
    tmp_path: Path,
    settings: Any,
) -> Iterator[Site]:
    """The pages, served as in production, on the broker and the database of the test."""  # fmt: skip
    settings.DOCUMENT_TEMPLATE_DIR = portal_settings.BASE_DIR / "templates" / "documents"
    nursery.want()
    own = Site(nursery, tmp_path / "site.log")
    own.start()
    with registered_pacts(tmp_path / "sms"):
        yield own
    own.kill()


def asks_for_a_document(site: Site, officer: User, mailbox: Mailbox) -> Form:
    """Ask again for a document that failed."""
    document = request_document(notice_order(), officer)
    rows = Document.objects.filter(pk=document.pk)
    rows.update(status=Status.BUILDING, claim=document.public_id, claimed_at=document.queued_at)
    rows.update(status=Status.FAILED, failure="Un service était absent.", claim=None, claimed_at=None)
    Job.objects.all().delete()
    jobs = Job.objects.filter(task="documents.build", arguments={"document_id": document.pk})
    return Form(site.browser(officer), reverse("documents:retry", args=[document.public_id]), {}, jobs.count)


def signs_a_pact(site: Site, officer: User, mailbox: Mailbox) -> Form:
    envelope = open_envelope(pact_order([KARIM]), [KARIM], officer)
    work()
    person = signatory(envelope, KARIM.full_name)
    code = code_for(person, mailbox)
    browser = site.browser()
    first = browser.open_link(mailbox.link(KARIM.email))
    typed = {"code": code, "consent": "on", "shown": shown(envelope)}
    return Form(browser, f"{first}signer/", typed, Act.objects.filter(signatory=person, kind=ActKind.SIGNED).count)


def registers_to_the_assises(site: Site, officer: User, mailbox: Mailbox) -> Form:
    edition, number = edition_open(officer), Registration.objects.count()
    email = f"camille{number}@exemple.invalid"
    asked(edition, email)
    assert jobs_done() == 1
    browser = site.browser()
    first = browser.open_link(link_received(email))
    done = Registration.objects.filter(email=email).count
    return Form(browser, f"{first}inscription/institution/", dict(TYPED), done)


FORMS = {
    "demande de document": asks_for_a_document,
    "signature": signs_a_pact,
    "inscription aux Assises": registers_to_the_assises,
}


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
