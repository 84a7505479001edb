"""Ask for the messages around the day: reminders, thanks, « vous nous avez manqué », the cancelling. Nobody twice.

Run every quarter of an hour: each run asks for a bounded number, and the next one goes on. Days and hours are those of Paris.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from assises.emails import after as mails
from assises.life import editions as edition_life
from assises.life import registrations as life
from assises.life.outbox import EARLIEST_HOUR, LATEST_HOUR
from assises.models import Edition, Registration, RegistrationMove
from assises.reads.presence import doors_worked, was_seen
from e2c_portal.kernel.errors import PortalError
from e2c_portal.mailing.models import Mail

logger = logging.getLogger(__name__)

# Asked for in the last hour, a message could leave after it.
LAST_ASKED_HOUR = LATEST_HOUR - 1
# A reminder that a stopped server kept from leaving still has its use until then.
WEEK_BEFORE, WEEK_BEFORE_UNTIL, DAY_BEFORE = 7, 4, 1
AFTER, AFTER_UNTIL = 2, 9


@dataclass(frozen=True)
class Step:
    """One message of an edition owed now: to whom, what makes it leave once, how it is asked for."""

    people: "QuerySet[Registration]"
    kind: str
    name: str
    send: Callable[[Registration], Mail]


def send_due_mails(now: datetime | None = None, limit: int = 400) -> int:
    """Ask for the messages owed now, at most so many; nothing in the evening nor at night. Returns how many."""
    now = timezone.localtime(now)
    if not EARLIEST_HOUR <= now.hour < LAST_ASKED_HOUR:
        return 0
    asked = 0
    for step in steps_due(now.date()):
        for registration_id in _not_told(step)[: limit - asked]:
            asked += _ask(step, registration_id)
    return asked


def steps_due(today: date) -> Iterator[Step]:
    """Return what is owed on a day, edition by edition."""
    near = Q(held_on__range=(today - timedelta(days=AFTER_UNTIL), today + timedelta(days=WEEK_BEFORE)))
    for edition in Edition.objects.filter(near).order_by("pk"):
        if edition.status == edition_life.ANNOUNCED and today < edition.held_on:
            yield from _before(edition, (edition.held_on - today).days)
        elif edition.status in (edition_life.ANNOUNCED, edition_life.CLOSED):
            yield from _after(edition, (today - edition.held_on).days)


def _before(edition: Edition, days_left: int) -> Iterator[Step]:
    if WEEK_BEFORE_UNTIL <= days_left <= WEEK_BEFORE:
        yield _reminder(edition, WEEK_BEFORE)
    elif days_left == DAY_BEFORE:
        yield _reminder(edition, DAY_BEFORE)


def _reminder(edition: Edition, days: int) -> Step:
    """Remind whoever had a place before that day: the others have just received their confirmation."""
    day = timezone.make_aware(datetime.combine(edition.held_on - timedelta(days=days), time.min))
    had_it = RegistrationMove.objects.filter(registration=OuterRef("pk"), target=life.CONFIRMED, at__lt=day)
    people = _with_address(edition, (life.CONFIRMED,)).filter(Exists(had_it))
    return Step(people, mails.REMINDER, mails.reminder_step(edition, days), lambda row: mails.send_reminder(row, days))


def _after(edition: Edition, days_gone: int) -> Iterator[Step]:
    """Thank who came and tell the others that they were missed, once the door or the paper sheets counted somebody."""
    if not AFTER <= days_gone <= AFTER_UNTIL or not doors_worked(edition):
        return
    came = _with_address(edition, life.ACTIVE).filter(was_seen())
    absent = _with_address(edition, (life.CONFIRMED,)).exclude(was_seen())
    yield Step(came, mails.THANKS, mails.AFTER_STEP, mails.send_thanks)
    yield Step(absent, mails.MISSED, mails.AFTER_STEP, mails.send_missed)


def _with_address(edition: Edition, states: tuple[str, ...]) -> "QuerySet[Registration]":
    rows = Registration.objects.filter(edition=edition, status__in=states, purged_at=None)
    return rows.exclude(email="").order_by("pk")


def _not_told(step: Step) -> "QuerySet[Registration, int]":
    """Return the keys of the people whose message of this step was not asked for yet."""
    key = Concat(Value(mails.key_of(step.kind, step.name, "")), Cast(OuterRef("pk"), CharField()))
    told = Mail.objects.exclude(dedup_key="").filter(dedup_key=key)
    return step.people.exclude(Exists(told)).values_list("pk", flat=True)


@transaction.atomic
def _ask(step: Step, registration_id: int) -> int:
    """Ask for one person's message, if it is still owed once the registration is held."""
    row = step.people.select_for_update(of=("self",)).select_related("edition").filter(pk=registration_id).first()
    if row is None:
        return 0
    try:
        step.send(row)
    except PortalError as refusal:
        logger.warning("%s, registration %s: %s", step.kind, registration_id, refusal.code)
        return 0
    return 1
