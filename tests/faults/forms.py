"""Forms that somebody sends, each with how many times what it does was done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from assises.models import Registration
from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.requesting import request_document
from e2c_portal.kernel.models import Job
from e2c_portal.signing.models import Act, ActKind
from e2c_portal.signing.operations.opening import open_envelope
from tests.documents.notices.kind import order as notice_order
from tests.factories.assises import edition_open
from tests.factories.attendance import SEPTEMBER, TUESDAY, fill, under_way
from tests.factories.network import member_of, school_named
from tests.factories.own_registration import TYPED, asked, jobs_done
from tests.factories.spaces import link_received
from tests.faults.site import Browser, Site
from tests.signing.pacts.kind import order as pact_order
from tests.signing.people import KARIM
from tests.signing.work import Mailbox, code_for, shown, signatory, work
from trainees.documents.statements import KIND as STATEMENT


@dataclass
class Form:
    """One form to send, and how many times what it does was done; the page where its document is found, when it makes one."""

    browser: Browser
    path: str
    typed: dict[str, Any]
    done: Callable[[], int]
    found_at: str = ""


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


def freezes_a_month(site: Site, officer: User, mailbox: Mailbox) -> Form:
    """Freeze the month of a school, which makes a document that was not there."""
    school = school_named(f"École de la 2e chance n° {Document.objects.count()}", officer)
    leader = member_of(school, officer, "Léa Coordo")
    fill(under_way(school, leader, ends_on=TUESDAY), leader, SEPTEMBER, TUESDAY)
    page = reverse("trainees:statement", args=[school.pk, "2026-09"])
    made = Document.objects.filter(kind=STATEMENT)
    return Form(site.browser(leader), f"{page}figer/", {}, made.count, page)


FORMS = {
    "mois à figer": freezes_a_month,
    "demande de document": asks_for_a_document,
    "signature": signs_a_pact,
    "inscription aux Assises": registers_to_the_assises,
}
