"""One process that asks for pages on one database, through the whole portal: two of them are compared turn by turn."""

import gc
import multiprocessing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assises.models import Edition
from e2c_portal.accounts.models import User
from e2c_portal.accounts.second_factor import SHOWN_FOR
from tests.bench import databases
from tests.bench.figures import CannotMeasure
from tests.bench.page_list import EDITION, INTERNSHIP, TODAY, TRAINEE, Page
from trainees.management.crowd.loading import BASE, loaded
from trainees.models import Trainee

LATE = 1640


@dataclass(frozen=True)
class Answer:
    """What a request gave: milliseconds, number of queries when they were counted, why it is no page."""

    milliseconds: float = 0.0
    queries: int = 0
    problem: str = ""


class Asker:
    """Asks from a process of its own: what one database leaves in memory (types of contents, prepared pages) is its own."""

    def __init__(self, database: str, people: Mapping[str, int]) -> None:
        here, there = multiprocessing.get_context("fork").Pipe()
        connections.close_all()
        self._pipe = here
        self._process = multiprocessing.get_context("fork").Process(
            target=_serve, args=(there, database, dict(people)), daemon=True
        )
        self._process.start()

    def ask(self, page: Page, *, counted: bool = False) -> Answer:
        """Ask for a page once. Raises CannotMeasure when it does not answer as a page."""
        self._pipe.send((page, counted))
        try:
            answer = self._pipe.recv()
        except EOFError:
            raise CannotMeasure(f"Le processus qui demandait la page « {page.name} » s’est arrêté.") from None
        if answer.problem:
            raise CannotMeasure(f"La page « {page.name} » n’a pas répondu : {answer.problem}")
        return answer

    def stop(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.join(5)
        self._process.terminate()


def _serve(pipe: Connection, database: str, people: dict[str, int]) -> None:
    databases.use(database)
    settings.CACHES["default"]["KEY_PREFIX"] = f"e2c-{database}"
    # A page is measured as it is drawn: kept ready, it would cost the same at every size.
    settings.KEPT_PAGES = False
    visitors = Visitors(people)
    # What was loaded before does not move: a collection must not walk it in the middle of a measure.
    gc.freeze()
    while True:
        try:
            page, counted = pipe.recv()
        except EOFError:
            return
        pipe.send(visitors.ask(page, counted))


class Visitors:
    """The people who ask, each signed in with what the portal wants of them."""

    def __init__(self, people: Mapping[str, int]) -> None:
        self._people, self._clients = people, dict[str, Client]()
        self._addresses: dict[str, str] = {}

    def ask(self, page: Page, counted: bool) -> Answer:
        """Ask for a page; every failure comes back in words."""
        try:
            client, address = self._client(page.asked_by), self._address(page)
            if not counted:
                return Answer(_timed(lambda: client.get(address, page.query)))
            with CaptureQueriesContext(connection) as asked:
                spent = _timed(lambda: client.get(address, page.query))
            return Answer(spent, len(asked))
        except Exception as error:
            return Answer(problem=f"{type(error).__name__} {error}"[:300])

    def _client(self, who: str) -> Client:
        if who not in self._clients:
            self._clients[who] = signed_in(User.objects.get(pk=self._people[who]))
        return self._clients[who]

    def _address(self, page: Page) -> str:
        if page.name not in self._addresses:
            self._addresses[page.name] = reverse(page.url_name, args=[value_of(argument) for argument in page.args])
        return self._addresses[page.name]


def signed_in(user: User) -> Client:
    """Return a browser in which this person is signed in, second factor shown."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session[SHOWN_FOR] = str(user.pk)
    session.save()
    return client


def value_of(argument: object) -> Any:
    """Return what an argument of a page stands for: somebody who came lately, their last internship, the year of the edition."""
    if argument == EDITION:
        return Edition.objects.latest("held_on").year
    if argument == TODAY:
        return timezone.localdate().isoformat()
    if argument in (TRAINEE, INTERNSHIP):
        # The same person at both sizes, one of the last of the first school.
        late = Trainee.objects.get(pk=BASE + min(LATE, loaded()))
        return (
            late.public_id if argument == TRAINEE else late.internships.order_by("pk").values_list("pk", flat=True)[0]
        )
    return argument


def _timed(get: Callable[[], Any]) -> float:
    began = perf_counter()
    response = get()
    if response.streaming:
        b"".join(response.streaming_content)
    spent = (perf_counter() - began) * 1000
    if response.status_code != 200:
        # A redirection would measure another page: that of the second factor, for one.
        raise CannotMeasure(f"réponse {response.status_code} {response.headers.get('Location', '')}".strip())
    return spent
