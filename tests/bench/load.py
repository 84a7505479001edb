"""Fifty coordinators who browse, each in their own school, against the pages as production serves them."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter, sleep

from django.db import connection
from django.urls import reverse

from e2c_portal.accounts.models import User
from schools.models import Membership
from tests.bench.figures import CannotMeasure, Figure, percentile
from tests.bench.scene import Scene
from tests.bench.visitor import Visitor
from trainees.management.crowd.loading import BASE
from trainees.models import Internship, Trainee

P95, PACE, RUSH_P95, RUSH = (
    "load.p95.seconds",
    "load.requests_per_second",
    "load.rush.p95.seconds",
    "load.rush.requests_per_second",
)
# How long somebody reads a page before the next, on average.
READING_SECONDS = 3.0
SEARCHES = ("garcia", "martin", "petit+lea", "nguyen")


def names() -> list[str]:
    """Return the figures promised."""
    return [P95, PACE, RUSH_P95, RUSH]


def measure(scene: Scene) -> Iterator[Figure]:
    """Yield the pace and the 95th percentile while people read what they ask for; then when nobody takes a breath."""
    browsers = [(scene.visitor(user), _addresses(user)) for user in _coordinators(scene.sizes.coordinators)]
    connection.close()
    _browse(browsers, min(5.0, scene.sizes.rush_seconds), 0.0)
    times, pace = _browse(browsers, scene.sizes.load_seconds, READING_SECONDS)
    yield Figure(P95, percentile(times, 0.95), "s")
    yield Figure(PACE, pace, "pages/s")
    times, pace = _browse(browsers, scene.sizes.rush_seconds, 0.0)
    yield Figure(RUSH_P95, percentile(times, 0.95), "s")
    yield Figure(RUSH, pace, "pages/s")


def _coordinators(count: int) -> list[User]:
    """Return so many coordinators, as many as possible of different schools."""
    rows = (
        Membership.objects.filter(pk__gt=BASE, role=Membership.Role.COORDINATOR).select_related("user").order_by("pk")
    )
    users = [row.user for row in rows[:count]]
    if not users:
        raise CannotMeasure("La base n’a aucun coordinateur d’essai.")
    return [users[number % len(users)] for number in range(count)]


def _addresses(user: User) -> list[str]:
    """Return what a coordinator opens in a day, the most opened several times."""
    school = user.memberships.get().school_id
    people = list(Trainee.objects.filter(school_id=school).order_by("-pk")[:10])
    stays = Internship.objects.filter(school_id=school).order_by("-pk")[:10]
    board, people_list, stays_list = (reverse(f"trainees:{name}") for name in ("board", "trainees", "internships"))
    lists = [reverse(f"trainees:{name}") for name in ("follow_ups", "agreements_waiting", "hosts", "visits", "approaches", "assessments", "calendar")]  # fmt: skip
    return [
        *[reverse("home"), board, people_list, stays_list] * 4, *lists, *[f"{people_list}?q={word}" for word in SEARCHES],
        *(reverse("trainees:trainee", args=[person.public_id]) for person in people),
        *(reverse("trainees:internship", args=[stay.pk]) for stay in stays),
    ]  # fmt: skip


def _browse(browsers: list[tuple[Visitor, list[str]]], seconds: float, reading: float) -> tuple[list[float], float]:
    """Let everybody browse at once. Returns the seconds of each page and how many pages a second were read."""
    began = perf_counter()
    with ThreadPoolExecutor(len(browsers)) as crowd:
        walks = [
            crowd.submit(_walk, visitor, addresses, began + seconds, reading, number)
            for number, (visitor, addresses) in enumerate(browsers)
        ]
        times = [spent for walk in walks for spent in walk.result()]
    return times, len(times) / (perf_counter() - began)


def _walk(visitor: Visitor, addresses: list[str], until: float, reading: float, number: int) -> list[float]:
    chance, times = random.Random(number), list[float]()  # noqa: S311  the same walk at each run
    sleep(min(chance.random() * reading, max(0.0, until - perf_counter()) / 2))
    while not times or perf_counter() < until:
        times.append(visitor.get(chance.choice(addresses)).seconds)
        if reading:
            sleep(min(chance.expovariate(1 / reading), max(0.0, until - perf_counter())))
    return times
