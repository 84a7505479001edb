"""A lost or expired link comes back to the address it was made for, and to no other."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.celery import app
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.models import Job
from e2c_portal.links.issuing import note_opened, revoke, rotate
from e2c_portal.links.models import LostLinkRequest, PersonalLink
from e2c_portal.links.renewing import renew, request_renewal
from e2c_portal.links.tokens import new_token
from tests.links.purpose import LIFETIME, Desk, link_to, path_in, token_in

pytestmark = pytest.mark.django_db
NEUTRAL = "/lien/envoye/"


@pytest.fixture
def expired(link: PersonalLink) -> str:
    """The path of a link that has lived its time."""
    with time_machine.travel(timezone.now() - LIFETIME - timedelta(days=1), tick=False):
        return path_in(rotate(link))


def test_the_button_of_the_expired_page_sends_a_new_one(expired: str, link: PersonalLink, desk: Desk) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(expired, {"renew": "1"})
    assert (answer.status_code, answer["Location"]) == (303, NEUTRAL)
    assert desk.sent == [link.pk]
    assert "Si un lien peut vous être renvoyé" in browser.get(NEUTRAL).content.decode()
    assert "link.renewed" in [entry.action for entry in trail_of(link)]


def test_asking_revives_nothing(expired: str, link: PersonalLink, desk: Desk) -> None:
    """Whoever holds an old link gains nothing from asking: the new token goes to the mailbox alone."""
    desk.send = lambda link: rotate(link, delivery="mail:1")
    browser = Client()
    browser.post(expired)
    assert desk.sent == [link.pk]
    assert browser.get(expired).status_code == 410


def test_the_same_answer_whatever_happens(expired: str, link: PersonalLink, desk: Desk, officer: User) -> None:
    browser = Client()
    answers = [browser.post(expired), browser.post(expired), browser.post(f"/lien/{new_token()}/")]
    revoke(link, "abandon", officer)
    answers.append(browser.post(expired))
    assert {(answer.status_code, answer["Location"], answer.content) for answer in answers} == {(303, NEUTRAL, b"")}
    assert desk.sent == [link.pk]


def test_the_pause_doubles_until_the_link_is_opened(link: PersonalLink, desk: Desk) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        rotate(link)
        given = []
        for minute in range(0, 160):
            if renew(link):
                given.append(minute)
            clock.shift(timedelta(minutes=1))
        assert given == [0, 10, 30, 70, 150]
        note_opened(link.pk, timezone.now())
        clock.shift(timedelta(minutes=10))
        assert renew(link)


def test_the_pause_never_exceeds_a_day(link: PersonalLink) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        rotate(link)
        for _ in range(40):
            clock.shift(timedelta(days=1))
            assert renew(link)
        link.refresh_from_db()
        assert link.renewals == 20


def test_a_link_still_good_may_be_asked_for_again(link: PersonalLink, desk: Desk) -> None:
    request_renewal(token_in(rotate(link)))
    assert desk.sent == [link.pk]


def test_an_outdated_link_brings_the_one_of_the_new_version(link: PersonalLink, desk: Desk) -> None:
    url = rotate(link)
    desk.version = "2"
    request_renewal(token_in(url))
    newer = PersonalLink.objects.exclude(pk=link.pk).get()
    assert (newer.version, newer.email, newer.holder_label, desk.sent) == (
        "2",
        link.email,
        link.holder_label,
        [newer.pk],
    )
    link.refresh_from_db()
    assert link.replaced_by == newer


def test_a_replaced_link_brings_the_last_of_its_line(officer: User, link: PersonalLink, desk: Desk) -> None:
    url = rotate(link)
    for version in ("2", "3"):
        desk.version = version
        last = link_to(officer, version=version)
    request_renewal(token_in(url))
    assert desk.sent == [last.pk]


@pytest.mark.parametrize("reason", ["revoked", "refused", "nothing left", "last revoked", "limit passed"])
def test_what_may_not_be_sent_is_not(officer: User, link: PersonalLink, desk: Desk, reason: str) -> None:
    url = rotate(link)
    if reason == "revoked":
        revoke(link, "abandon", officer)
    elif reason == "refused":
        desk.renewable = False
    elif reason == "nothing left":
        desk.version = None
    elif reason == "last revoked":
        desk.version = "2"
        revoke(link_to(officer, version="2"), "abandon", officer)
    else:
        link_to(officer, not_after=timezone.now() - timedelta(seconds=1))
    request_renewal(token_in(url))
    assert desk.sent == []


def test_a_refusal_of_the_app_leaves_no_trace_and_is_not_shown(link: PersonalLink, desk: Desk) -> None:
    url = rotate(link)
    desk.refuse = Refused("Un message est déjà parti.", code="cool_down")
    request_renewal(token_in(url))
    link.refresh_from_db()
    assert (desk.sent, link.renewals, link.renewal_asked_at) == ([], 0, None)


def test_a_visit_that_ended_offers_the_same_way_back(link: PersonalLink, desk: Desk) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        browser = Client(enforce_csrf_checks=True)
        page = browser.get(path_in(rotate(link)))["Location"]
        clock.shift(timedelta(hours=3))
        assert "M’envoyer un nouveau lien" in browser.get(page).content.decode()
        assert browser.post(page, {"renew": "1"})["Location"] == NEUTRAL
        assert browser.post("/lien/visite/inconnue/", {"renew": "1"})["Location"] == NEUTRAL
    assert desk.sent == [link.pk]


def ask_lost(email: str, browser: Client | None = None):
    return (browser or Client(enforce_csrf_checks=True)).post("/lien/perdu/", {"email": email})


def run_jobs() -> None:
    app.loader.import_default_modules()
    for job in Job.objects.filter(task="links.recover"):
        app.tasks[job.task].apply(kwargs=job.arguments, throw=True)


def test_whoever_lost_the_message_gives_the_address(
    officer: User, expired: str, link: PersonalLink, desk: Desk
) -> None:
    other = link_to(officer, "anne@exemple.fr")
    rotate(other)
    assert ask_lost(" PAUL@exemple.fr ")["Location"] == NEUTRAL
    assert desk.sent == [], "nothing is done before the answer: its time tells nothing"
    run_jobs()
    assert desk.sent == [link.pk]
    assert not LostLinkRequest.objects.exists()
    run_jobs()
    assert desk.sent == [link.pk]


def test_an_unknown_address_receives_the_same_answer_after_the_same_work(expired: str, desk: Desk) -> None:
    with CaptureQueriesContext(connection) as for_known:
        known = ask_lost("paul@exemple.fr", Client(REMOTE_ADDR="203.0.113.1"))
    with CaptureQueriesContext(connection) as for_unknown:
        unknown = ask_lost("personne@exemple.fr", Client(REMOTE_ADDR="203.0.113.2"))
    assert len(for_known) == len(for_unknown)
    assert (known.status_code, known["Location"], known.content) == (303, unknown["Location"], unknown.content)
    run_jobs()
    assert len(desk.sent) == 1


def test_links_of_long_ago_are_not_looked_for(link: PersonalLink, desk: Desk) -> None:
    with time_machine.travel(timezone.now() - LIFETIME - timedelta(days=91), tick=False):
        rotate(link)
    ask_lost("paul@exemple.fr")
    run_jobs()
    assert desk.sent == []


def test_one_visitor_does_not_ask_for_everybody(db: None, desk: Desk) -> None:
    browser = Client()
    answers = [ask_lost(f"p{number}@exemple.fr", browser).status_code for number in range(6)]
    assert answers == [303] * 5 + [429]


@pytest.mark.parametrize("typed", ["", "pas une adresse", "a@b"])
def test_a_mistyped_address_is_explained(db: None, typed: str) -> None:
    answer = ask_lost(typed)
    assert answer.status_code == 422
    assert "adresse" in answer.content.decode()
    assert not LostLinkRequest.objects.exists()
