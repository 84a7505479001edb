"""Tell those who follow conventions what comes near. Run every hour; each step of a deadline and each list is sent once."""

import logging
from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import join_with_and
from partnerships.emails import day_of_reading, headline, send_actions, send_deadline
from partnerships.followers import followers_of
from partnerships.models import PartnershipConvention
from partnerships.watching import reminders_owed, waiting_actions

logger = logging.getLogger(__name__)


def remind_of_deadlines() -> int:
    """Ask for the reminders of deadlines that are owed. Returns how many conventions were reminded of."""
    on = day_of_reading(timezone.now())
    return _each(sorted({reminder.convention.pk for reminder in reminders_owed(on)}), _remind_of)


def remind_of_actions() -> int:
    """Ask for the lists of waiting actions that hold something new. Returns how many people are told."""
    on = day_of_reading(timezone.now())
    return _each([waiting.user.pk for waiting in waiting_actions(on)], _remind_person)


@transaction.atomic
def _remind_of(convention_id: int) -> bool:
    """Remind of one convention, looked at again under lock: another run may have come first, or its dates have moved."""
    PartnershipConvention.objects.select_for_update().get(pk=convention_id)
    on = day_of_reading(timezone.now())
    told = False
    for reminder in reminders_owed(on, convention_id):
        people = followers_of(reminder.convention)
        for user in people:
            send_deadline(reminder, user, on)
        if people:
            names = join_with_and([user.full_name for user in people])
            summary = f"Rappel à {names} : {headline(reminder.step.deadline, on)}"
            record(None, "convention.reminded", reminder.convention, summary, days=reminder.step.days)
            told = True
    return told


@transaction.atomic
def _remind_person(user_id: int) -> bool:
    """Send one list, looked at again under lock: another run may have come first."""
    User.objects.select_for_update().get(pk=user_id)
    on = day_of_reading(timezone.now())
    lists = [waiting for waiting in waiting_actions(on) if waiting.user.pk == user_id]
    for waiting in lists:
        send_actions(waiting, on)
    return bool(lists)


def _each(ids: Iterable[int], act: Callable[[int], bool]) -> int:
    """Do one after the other; what cannot be told stops nothing else. Returns how many were told."""
    done = 0
    for number in ids:
        try:
            done += act(number)
        except PortalError as refusal:
            logger.warning("%s %s: %s", act.__name__, number, refusal.code)
    return done
