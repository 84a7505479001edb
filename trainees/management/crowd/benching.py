"""Measure pages as people ask for them, through the whole portal, at one size and then at another, in one run."""

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from time import perf_counter

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from e2c_portal.accounts.models import User
from trainees.management.crowd.loading import BASE

ROUNDS, WARM_UPS = 15, 3


@dataclass(frozen=True)
class Page:
    """One page: the name of its measure, its URL name, its arguments, its query string, who asks for it."""

    name: str
    url_name: str
    args: tuple[object, ...] = ()
    query: dict[str, str] = field(default_factory=dict)
    asked_by: str = "coordinator"


@dataclass(frozen=True)
class Measure:
    """What one page cost at one size: queries, median and fastest time in milliseconds.

    The fastest is what compares: what else the machine does can only add to a time.
    """

    queries: int
    milliseconds: float
    fastest: float


# The public identifier of a person of the crowd is that of its number (sql/1_people.sql): somebody who came lately.
TRAINEE = "md5:crowd1640"
PAGES = (
    Page("board", "trainees:board"),
    Page("trainees", "trainees:trainees"),
    Page("trainees_page_3", "trainees:trainees", query={"page": "3"}),
    Page("trainees_search", "trainees:trainees", query={"q": "garcia lea"}),
    Page("trainees_search_one", "trainees:trainees", query={"q": "castelnau jean"}),
    Page("trainee", "trainees:trainee", (TRAINEE,)),
    Page("internships", "trainees:internships"),
    Page("internships_search", "trainees:internships", query={"q": "garcia"}),
    Page("internship", "trainees:internship", (BASE + 1640 * 4,)),
    Page("calendar", "trainees:calendar"),
    Page("imports", "trainees:imports"),
    Page("doubles", "trainees:doubles", asked_by="officer"),
    Page("follow_ups", "trainees:follow_ups"),
    Page("agreements_waiting", "trainees:agreements_waiting"),
    Page("attendance", "trainees:attendance"),
    Page("statements", "trainees:statements"),
    Page("accidents", "trainees:accidents"),
    Page("hosts", "trainees:hosts"),
    Page("hosts_search", "trainees:hosts", query={"q": "oliviers"}),
    Page("offers", "trainees:offers"),
    Page("visits", "trainees:visits"),
    Page("officer_trainees", "trainees:trainees", asked_by="officer"),
    # What fills a page at both sizes: three rows do not cost what twenty-five cost.
    Page("officer_search", "trainees:trainees", query={"q": "garcia"}, asked_by="officer"),
    Page("officer_internships", "trainees:internships", asked_by="officer"),
    Page(
        "officer_internships_search",
        "trainees:internships",
        query={"q": "garcia", "situation": "all"},
        asked_by="officer",
    ),
    Page("companies_search", "companies:companies", query={"q": "oliviers"}, asked_by="officer"),
)


def existing(pages: Iterable[Page] = PAGES) -> Iterator[tuple[Page, str]]:
    """Yield the pages that the portal has, with their addresses; a page that it has not yet is passed over."""
    for page in pages:
        try:
            yield page, reverse(page.url_name, args=[_argument(value) for value in page.args])
        except NoReverseMatch:
            continue


def _argument(value: object) -> object:
    if isinstance(value, str) and value.startswith("md5:"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT md5(%s)::uuid", [value.removeprefix("md5:")])
            return cursor.fetchone()[0]
    return value


def measure(people: dict[str, User], *, rounds: int = ROUNDS, warm_ups: int = WARM_UPS) -> dict[str, Measure]:
    """Ask for every page several times and return what each cost. Raises AssertionError when a page does not answer."""
    clients = {name: _client_of(user) for name, user in people.items()}
    return {
        page.name: _measured(clients[page.asked_by], page, address, rounds, warm_ups) for page, address in existing()
    }


def _client_of(user: User) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    return client


def _measured(client: Client, page: Page, address: str, rounds: int, warm_ups: int) -> Measure:
    for _ in range(warm_ups):
        _ask(client, page, address)
    with CaptureQueriesContext(connection) as asked:
        _ask(client, page, address)
    # Counted now: the next request empties the log.
    queries = len(asked)
    times = []
    for _ in range(rounds):
        began = perf_counter()
        _ask(client, page, address)
        times.append((perf_counter() - began) * 1000)
    return Measure(queries, statistics.median(times), min(times))


def _ask(client: Client, page: Page, address: str) -> None:
    answer = client.get(address, page.query, follow=True)
    if answer.status_code != 200:
        raise AssertionError(f"{page.name}: {address} answered {answer.status_code}")
    if answer.streaming:
        b"".join(answer.streaming_content)  # type: ignore[arg-type]
