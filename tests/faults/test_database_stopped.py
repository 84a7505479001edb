"""The database falls under load: pages say so calmly, and pages, workers and watcher come back by themselves."""

import signal
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from django.db import InterfaceError, OperationalError, connection

from e2c_portal.documents.models import Document
from e2c_portal.upkeep.incidents_words import DATABASE
from tests.factories.people import regional_officer
from tests.faults.broker import Broker
from tests.faults.counting import doubled_documents, half_files, lost_documents, sealed
from tests.faults.own_database import Database
from tests.faults.programs import Nursery, Running
from tests.faults.repeats import REPEATS, note, repeated, told_of
from tests.faults.scene import ask_for
from tests.faults.site import Browser, Site
from tests.faults.waiting import until
from tests.faults.workshop import LEASE_SECONDS, Workshop

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NUMBER = 6 if REPEATS == 1 else 20
PATIENCE_SECONDS = 120
STOPS = {"arrêtée": signal.SIGINT, "tuée": signal.SIGKILL}


@dataclass
class Portal:
    """All the programs of the portal, on a database of their own."""

    database: Database
    nursery: Nursery
    workshop: Workshop
    site: Site
    sweeper: Running


@pytest.fixture(scope="module")
def own_database(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Database]:
    own = Database(tmp_path_factory.mktemp("postgres"))
    own.start()
    with django_db_blocker.unblock():
        own.copy_tables()
    yield own
    own.stop()


@pytest.fixture(scope="module")
def own_nursery(own_database: Database, seal_key: None, one_broker: Broker, tmp_path_factory: Any) -> Iterator[Nursery]:
    own = Nursery(
        tmp_path_factory.mktemp("own-nursery"), own_database.url, one_broker.address,
        DOCUMENT_CLAIM_LEASE_SECONDS=str(LEASE_SECONDS),
    )  # fmt: skip
    yield own
    own.close()


@pytest.fixture
def portal(
    transactional_db: None, notices: None, broker: Broker, own_database: Database, own_nursery: Nursery, tmp_path: Path
) -> Iterator[Portal]:
    with own_database.used_here():
        workshop, site = Workshop(own_nursery, tmp_path / "workers.log"), Site(own_nursery, tmp_path / "site.log")
        workshop.start()
        site.start()
        sweeper = own_nursery.grow(["manage", "run_sweeper", "--interval=0.5"], tmp_path / "sweeper.log")
        yield Portal(own_database, own_nursery, workshop, site, sweeper)
        for program in (workshop, site):
            program.kill()
        sweeper.end()


@dataclass
class Visitor:
    """Somebody who reloads a page again and again, and remembers what they were answered."""

    browser: Browser
    answers: Counter[int] = field(default_factory=Counter)
    words: set[str] = field(default_factory=set)
    leaves: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Visitor":
        self.thread = threading.Thread(target=self._visit)
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.leaves.set()
        self.thread.join(60)

    def _visit(self) -> None:
        while not self.leaves.wait(0.2):
            try:
                answer = self.browser.get("/")
            except requests.RequestException:
                self.answers[0] += 1
                continue
            self.answers[answer.status_code] += 1
            if answer.status_code >= 500:
                self.words.add(answer.text)


@repeated
@pytest.mark.parametrize("how", STOPS)
def test_a_database_that_falls_loses_and_doubles_nothing(how: str, turn: int, portal: Portal) -> None:
    officer = regional_officer(f"Claire Garrigue {how} {turn}")
    before = Document.objects.count()
    with Visitor(portal.site.browser(officer)) as visitor:
        until(lambda: visitor.answers[200] > 1, "the visitor reads the page", 60)
        ask_for(NUMBER, officer, first=before)
        until(lambda: sealed() > before, "one is sealed", 60)
        portal.database.stop(STOPS[how])
        until(lambda: visitor.answers[503] > 1, "the visitor is told to wait", 60)
        portal.database.start()
        until(lambda: _all_sealed(before), "all are sealed", PATIENCE_SECONDS)
        seen = visitor.answers[200]
        until(lambda: visitor.answers[200] > seen, "the visitor reads the page again", 60)
    assert set(visitor.answers) <= {200, 503}, visitor.answers
    assert all("rechargez la page dans une minute" in words for words in visitor.words)
    assert portal.sweeper.lives()
    assert portal.workshop.started == 1
    until(lambda: told_of(DATABASE), "staff is told", 60)
    note(
        f"base de données {how} puis remise en marche", lost=lost_documents(portal.nursery.storage),
        doubled=doubled_documents(portal.nursery.storage), told=told_of(DATABASE),
    )  # fmt: skip
    assert half_files(portal.nursery.storage) == []


def _all_sealed(before: int) -> bool:
    try:
        return sealed() == before + NUMBER
    except (OperationalError, InterfaceError):
        # Between two requests the portal does so by itself.
        connection.close()
        return False
