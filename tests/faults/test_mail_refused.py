"""The mail server refuses, each in its way, then takes: every message leaves, none twice, and staff is told meanwhile."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from e2c_portal.kernel.sweepers import sweep_once
from e2c_portal.mailing import sending, sweeping
from e2c_portal.mailing.models import Mail, Status
from e2c_portal.upkeep import incidents
from e2c_portal.upkeep.incidents_words import MAIL_FAILED, MAIL_LATER, MAIL_MUTE
from tests.faults.broker import Broker
from tests.faults.portal.apps import QUIET
from tests.faults.programs import Nursery
from tests.faults.repeats import REPEATS, note, repeated, told_of
from tests.faults.waiting import until
from tests.faults.workshop import Workshop
from tests.mailing import samples
from tests.mailing.smtp_sink import Manners, Sink, listening

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NUMBER = 4 if REPEATS == 1 else 10
FAULTS = {
    "messagerie qui raccroche (421)": ({"GREETING": "421 4.3.2 fermeture"}, MAIL_MUTE),
    "messagerie qui coupe sans un mot": ({"MAIL": ""}, MAIL_MUTE),
    "messagerie qui remet à plus tard (451)": ({"RCPT": "451 4.7.1 revenez plus tard, <paul@exemple.fr>"}, MAIL_LATER),
    "messagerie qui refuse la Région (550 à MAIL)": ({"MAIL": "550 5.7.1 adresse d’expédition refusée"}, MAIL_LATER),
    "messagerie qui refuse le contenu pour le moment (452)": ({"CONTENT": "452 4.3.1 plus de place"}, MAIL_LATER),
}


@pytest.fixture(scope="module")
def post_office() -> Iterator[Sink]:
    with listening() as server:
        yield server


@pytest.fixture(scope="module")
def mail_nursery(
    django_db_setup: None, nursery: Nursery, post_office: Sink, one_broker: Broker, tmp_path_factory: Any
) -> Iterator[Nursery]:
    own = Nursery(
        tmp_path_factory.mktemp("mail-nursery"), nursery.environment["DATABASE_URL"], one_broker.address,
        EMAIL_URL=f"smtp://127.0.0.1:{post_office.port}",
    )  # fmt: skip
    yield own
    own.close()


@pytest.fixture
def workshop(
    transactional_db: None,
    broker: Broker,
    mail_nursery: Nursery,
    post_office: Sink,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Workshop]:
    """A worker that hands messages over to that server; this process sweeps."""  # fmt: skip
    post_office.manners = Manners()
    for kept in (post_office.received, post_office.seen, post_office.envelopes):
        kept.clear()
    for module in (sending, sweeping):
        monkeypatch.setattr(module, "QUIET", QUIET)
    own = Workshop(mail_nursery, tmp_path / "workers.log")
    own.start()
    with_types = samples.registered()
    next(with_types)
    yield own
    next(with_types, None)
    own.kill()


def write_to(number: int) -> None:
    for each in range(number):
        samples.invite(f"paul{each}@exemple.fr")


def every(condition: Callable[[Mail], bool]) -> Callable[[], bool]:
    return lambda: all(condition(mail) for mail in Mail.objects.all())


@repeated
@pytest.mark.parametrize("name", FAULTS)
def test_a_server_that_refuses_then_takes(name: str, turn: int, workshop: Workshop, post_office: Sink) -> None:
    manners, kind = FAULTS[name]
    post_office.manners.always = dict(manners)
    write_to(NUMBER)
    until(lambda: _troubled() > 0, "the server refused", 60, meanwhile=sweep_once)
    incidents.look()
    told = told_of(kind)
    assert not any("exemple.fr" in one.reason for one in incidents.open_incidents())
    post_office.manners.always = {}
    # The next try is in fifteen seconds, then thirty: nobody waits for them here.
    until(every(lambda mail: mail.status == Status.SENT), "all left", 90, meanwhile=_hurry)
    copies = Counter(message["Message-ID"] for message in post_office.received)
    note(name, lost=NUMBER - len(copies), doubled=sum(copies.values()) - len(copies), told=told)


def _troubled() -> int:
    queued = Mail.objects.filter(status=Status.QUEUED).exclude(answer="")
    return queued.count()


def _hurry() -> None:
    Mail.objects.filter(status=Status.QUEUED, attempts__gt=0).update(due_at=timezone.now() - timedelta(seconds=1))
    sweep_once()


@repeated
def test_an_address_refused_for_good_is_told_at_once(turn: int, workshop: Workshop, post_office: Sink) -> None:
    post_office.manners.always = {"RCPT": "550 5.1.1 adresse inconnue"}
    write_to(1)
    until(every(lambda mail: mail.status == Status.FAILED), "it is refused", 60, meanwhile=sweep_once)
    incidents.look()
    assert "Vérifiez l’adresse" in Mail.objects.get().failure
    note(
        "adresse refusée pour de bon (550)", lost=Mail.objects.exclude(status=Status.FAILED).count(),
        doubled=len(post_office.received), told=told_of(MAIL_FAILED),
    )  # fmt: skip
