"""A whole edition at once: 1,000 registrations by 50 clients for 800 places, cancellations, offers, 800 passages at six doors.

The truth is kept beside, in plain Python: what the portal says must equal it exactly.
"""

import queue
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from assises.models import Checkpoint, DoorPost, Edition, Registration, RegistrationMove, Scan
from assises.operations.closing import close_edition
from assises.operations.places import accept_offer, let_offers_lapse, set_priority
from assises.operations.registering import cancel_registration, register
from assises.operations.scanning import Reading, take
from assises.reads.report_content import compute
from assises.reads.tickets import make_ticket, ticket_of
from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.assises import door, edition_open

CLIENTS = 50
PLACES = {"trainee": 480, "staff": 120, "company": 120, "institution": 60, "press": 20}
ASKED = {"trainee": 600, "staff": 150, "company": 150, "institution": 75, "press": 25}
assert sum(PLACES.values()) == 800
assert sum(ASKED.values()) == 1000


def at_once(acts: Iterable[Callable[[], Any]], clients: int = CLIENTS) -> None:
    """Run these acts by so many clients together, each with its own connection, kept until it has nothing left to do."""
    waiting = queue.SimpleQueue[Callable[[], Any]]()
    for act in acts:
        waiting.put(act)

    def client() -> None:
        try:
            while True:
                waiting.get_nowait()()
        except queue.Empty:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(clients) as pool:
        for outcome in [pool.submit(client) for _ in range(clients)]:
            outcome.result()


def never_one_too_many(edition: Edition, stop: threading.Event, seen: list[str]) -> None:
    """Look all along, as a stranger would, whether more places are held than there are."""
    try:
        while not stop.wait(0.05):
            rows = edition.registrations.filter(status__in=["confirmed", "offered"])
            held = dict(rows.order_by().values_list("category").annotate(n=Count("pk")))
            seen += [f"{name}: {number}" for name, number in held.items() if number > PLACES[name]]
            if sum(held.values()) > 800:
                seen.append(f"total: {sum(held.values())}")
    finally:
        connection.close()


def offers_in_order(edition: Edition) -> None:
    """Check that in each category the places were offered in the order of the list, nobody skipped."""
    for category in PLACES:
        waited = RegistrationMove.objects.filter(registration__edition=edition, registration__category=category)
        offered = list(waited.filter(target="offered").order_by("pk").values_list("registration_id", flat=True))
        on_the_list = edition.registrations.filter(category=category, waiting_since__isnull=False)
        order = sorted(on_the_list, key=lambda row: (-row.priority, row.waiting_since, row.pk))
        assert offered == [row.pk for row in order[: len(offered)]]
        waiting = {row.pk for row in order if row.status == "waiting"}
        assert not waiting & set(offered)


@pytest.mark.django_db(transaction=True)
def test_a_simulated_day(officer: User, school: School) -> None:
    edition = edition_open(officer, quotas=PLACES, places=800)
    chance = random.Random(2014)  # noqa: S311  the same day each time
    stop, too_many = threading.Event(), []
    watch = threading.Thread(target=never_one_too_many, args=(edition, stop, too_many))
    watch.start()
    try:
        _registrations(edition, school, chance)
        _cancellations_and_offers(edition, school, officer, chance)
    finally:
        stop.set()
        watch.join()
    assert too_many == []
    offers_in_order(edition)
    came = _the_doors(edition, officer, chance)
    _the_report_tells_the_truth(edition, officer, came)


def _person(edition: Edition, school: School, category: str, number: int) -> Registration:
    of_a_school = category in ("trainee", "staff")
    return Registration(
        edition=edition, category=category, first_name="Camille", last_name=f"Numéro {number}", origin="link",
        email=f"numero{number}@exemple.invalid", school=school if of_a_school else None,
        organisation="" if of_a_school else "Organisme (exemple)",
    )  # fmt: skip


def _registrations(edition: Edition, school: School, chance: random.Random) -> None:
    wanted = [category for category, number in ASKED.items() for _ in range(number)]
    chance.shuffle(wanted)
    people = [_person(edition, school, category, number) for number, category in enumerate(wanted)]
    at_once(lambda row=row: register(row) for row in people)
    states = Counter(edition.registrations.values_list("category", "status"))
    assert states == Counter(
        {(name, "confirmed"): PLACES[name] for name in PLACES}
        | {(name, "waiting"): ASKED[name] - PLACES[name] for name in PLACES}
    )


def _cancellations_and_offers(edition: Edition, school: School, officer: User, chance: random.Random) -> None:
    """A hundred people cancel while forty more come; some offers are accepted, the others lapse and go on."""
    favoured = edition.registrations.filter(status="waiting").order_by("-pk")[:5]
    for row in favoured:
        set_priority(row.pk, 1, officer)
    confirmed = list(edition.registrations.filter(status="confirmed").order_by("pk").values_list("pk", flat=True))
    leaving = chance.sample(confirmed, 100)
    late = [_person(edition, school, "trainee", 5000 + number) for number in range(40)]
    acts: list[Callable[[], Any]] = [lambda pk=pk: cancel_registration(pk) for pk in leaving]
    acts += [lambda row=row: register(row) for row in late]
    # The same person presses twice.
    acts += [lambda pk=pk: cancel_registration(pk) for pk in leaving[:20]]
    chance.shuffle(acts)
    at_once(acts)
    assert edition.registrations.filter(status="cancelled").count() == 100
    offered = _ids(edition, "offered")
    assert len(offered) == 100
    accepting = chance.sample(offered, 60)
    at_once([lambda pk=pk: accept_offer(pk) for pk in [*accepting, *accepting[:10]]])
    assert let_offers_lapse(edition.pk, timezone.now() + timedelta(hours=49)) == 40
    assert edition.registrations.filter(status="expired").count() == 40
    for pk in _ids(edition, "offered"):
        accept_offer(pk)


def _ids(edition: Edition, status: str) -> Sequence[int]:
    return list(edition.registrations.filter(status=status).order_by("pk").values_list("pk", flat=True))


DOORS = 6


def _the_doors(edition: Edition, officer: User, chance: random.Random) -> set[int]:
    """Eight hundred readings at six doors, some kept during a cut, every batch sent twice. Returns who came, in truth."""
    today = timezone.localdate()
    Edition.objects.filter(pk=edition.pk).update(held_on=today, year=today.year)
    edition.refresh_from_db()
    morning = Checkpoint.objects.create(
        edition=edition, kind="half_day", name="Matin", opens_at=time(0), closes_at=time(23, 59)
    )
    confirmed = list(edition.registrations.filter(status="confirmed").order_by("pk"))
    coming = chance.sample(confirmed, 640)
    read = [ticket_of(row) for row in coming]
    # Some show their badge at two doors, some gave their place back, some have a ticket of nobody.
    read += chance.sample(read, 110)
    read += [ticket_of(row) for row in edition.registrations.filter(status="cancelled").order_by("pk")[:30]]
    read += [make_ticket(uuid4(), 1) for _ in range(20)]
    assert len(read) == 800
    chance.shuffle(read)
    posts = [door(edition, f"Porte {number}") for number in range(1, DOORS + 1)]
    readings = [
        Reading(uuid4(), morning.pk, ticket=ticket, way="camera", was_offline=chance.random() < 0.3) for ticket in read
    ]
    at_once([_door(posts[number], readings[number::DOORS]) for number in range(DOORS)], DOORS)
    outcomes = Counter(Scan.objects.filter(edition=edition).values_list("outcome", flat=True))
    assert outcomes == {"ok": 640, "already_in": 110, "cancelled": 30, "unknown": 20}
    return {row.pk for row in coming}


def _door(post: DoorPost, readings: Sequence[Reading]) -> Callable[[], None]:
    """Send what a phone read, by batches: each answer is lost once on the way, so each batch is sent twice."""

    def sends() -> None:
        for start in range(0, len(readings), 40):
            batch = readings[start : start + 40]
            first, again = take(batch, post), take(batch, post)
            assert [answer.code for answer in first] == [answer.code for answer in again]

    return sends


def _the_report_tells_the_truth(edition: Edition, officer: User, came: set[int]) -> None:
    report = close_edition(edition.pk, officer)
    people = dict(edition.registrations.values_list("pk", "category"))
    confirmed = set(edition.registrations.filter(status="confirmed").values_list("pk", flat=True))
    told = {figure["key"]: figure["value"] for figure in report.content["summary"]}
    assert (told["registered"], told["confirmed"], told["present"], told["absent"]) == (
        1040, len(confirmed), 640, len(confirmed - came),
    )  # fmt: skip
    sections = {section["key"]: section for section in report.content["sections"]}
    for line in sections["category"]["lines"]:
        of_it = {pk for pk, category in people.items() if category == line["key"]}
        figures = [cell["value"] for cell in line["cells"][:4]]
        assert figures == [len(of_it), len(of_it & confirmed), len(of_it & came), len(of_it & confirmed - came)]
    refused = {line["key"]: line["cells"][0]["value"] for line in sections["refused"]["lines"]}
    assert refused == {"already_in": 110, "cancelled": 30, "unknown": 20}
    offers = {line["key"]: [cell["value"] for cell in line["cells"]] for line in sections["waiting"]["lines"]}
    moves = Counter(
        RegistrationMove.objects.filter(registration__edition=edition, origin="offered").values_list(
            "target", flat=True
        )
    )
    assert sum(values[2] for values in offers.values()) == moves["confirmed"]
    assert sum(values[3] for values in offers.values()) == moves["expired"] == 40
    assert compute(edition).data_sha256 == report.data_sha256
