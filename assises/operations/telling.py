"""Tell a person what became of their registration, with the link by which they change it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from assises.emails.registrations import EVENTS, send_cancelling, send_changes, send_step, send_workshops
from assises.life import registrations as life
from assises.life.editions import ANNOUNCED, CANCELLED
from assises.models import Edition, ProgrammeVersion, Registration
from assises.reads.own_registration import REGISTRATION_LINK, end_of_link
from e2c_portal.links.issuing import Holder, prepare
from e2c_portal.links.models import PersonalLink

TELL_OF_CANCELLING = "assises.tell_of_cancelling"
TOLD_AT_ONCE = 100


def tell(registration: Registration, event: str, facts: Mapping[str, Any] | None = None) -> None:
    """Ask for the message of a step (asked, confirm, wait, offer, accept, expire, refuse, cancel), if the person has an address.

    Whoever registered them: the message carries the same link as if they had asked for it themselves. Nothing is sent for
    an edition that is not announced, nor once its day is over: the link would open nothing, and nobody comes any more.
    `facts` are what the step knows and the registration no longer says (`send_step`).
    """
    if event in EVENTS and _reaches(registration):
        link_for(registration.edition, registration.email)
        send_step(registration, event, facts)


def tell_of_workshops(registration: Registration, given_back: Collection[int], by: str) -> None:
    """Send the workshops and the calendar anew to somebody who has a place, if they have an address (`send_workshops`)."""
    if registration.status == life.CONFIRMED and _reaches(registration):
        link_for(registration.edition, registration.email)
        send_workshops(registration, given_back, by)


def link_for(edition: Edition, email: str) -> PersonalLink:
    """Return the link of an address to an edition, prepared if it is not yet. The trace names nobody."""
    holder = Holder(f"Inscription aux Assises {edition.year}", email)
    return prepare(REGISTRATION_LINK, edition, "", holder, not_after=end_of_link(edition))


def tell_of_changes(version_id: int) -> int:
    """Tell everybody who has a place what a version of the programme changes. Done again, it tells nobody twice.

    Returns how many messages were asked for: none for the first version, which changes nothing.
    """
    version = ProgrammeVersion.objects.select_related("edition").get(pk=version_id)
    if not version.changes:
        return 0

    def told(registration: Registration) -> bool:
        if not _reaches(registration):
            return False
        link_for(registration.edition, registration.email)
        send_changes(registration, version)
        return True

    return _each(version.edition, (life.CONFIRMED,), told)


def tell_of_cancelling(edition_id: int) -> int:
    """Tell everybody who was to come, or waited, that an edition will not be held. Done again, it tells nobody twice.

    Returns how many messages were asked for: none when the edition was announced again meanwhile.
    """
    edition = Edition.objects.get(pk=edition_id)
    if edition.status != CANCELLED:
        return 0
    return _each(edition, life.ACTIVE, lambda registration: bool(send_cancelling(registration)))


def _each(edition: Edition, states: Sequence[str], told: Callable[[Registration], bool]) -> int:
    """Run `told` for each registration with an address in one of these states, a few at a time. Returns how many said yes."""
    people = edition.registrations.filter(status__in=states).exclude(email="").order_by("pk")
    asked, last = 0, 0
    while rows := list(people.filter(pk__gt=last)[:TOLD_AT_ONCE]):
        with transaction.atomic():
            for row in rows:
                row.edition = edition
                asked += told(row)
        last = rows[-1].pk
    return asked


def _reaches(registration: Registration) -> bool:
    edition = registration.edition
    return bool(registration.email) and edition.status == ANNOUNCED and edition.held_on >= timezone.localdate()
