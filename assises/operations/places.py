"""Give places, one registration at a time: confirm, put on the list, offer to the next one, let an offer lapse.

Every writing holds the edition first, so that places are counted and given in one order, whoever asks. The database holds
the same limits by itself (models.registrations.WITHIN_THE_PLACES).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from assises.life import registrations as life
from assises.life.editions import ANNOUNCED
from assises.models import Edition, Registration, RegistrationMove
from assises.operations.telling import tell
from assises.permissions import AssisesPermission
from assises.reads.places import Places, has_room, places_of, somebody_waits, waiting_list
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from trainees.operations.moving import save_or_refuse


def require_managing(actor: User) -> None:
    """Raise NotAllowed unless this person manages every registration."""
    if not actor.has_perm(AssisesPermission.MANAGE_REGISTRATIONS):
        raise NotAllowed("Seules les personnes de la Région gèrent les inscriptions.")


def hold_edition(edition_id: int) -> Edition:
    """Return the edition, locked until the commit against any other giving of places."""
    return Edition.objects.select_for_update(no_key=True).get(pk=edition_id)


def held(registration_id: int) -> Registration:
    """Return a registration, locked after its edition. Raises Registration.DoesNotExist."""
    edition = hold_edition(Registration.objects.values_list("edition_id", flat=True).get(pk=registration_id))
    row = Registration.objects.select_for_update().get(pk=registration_id)
    row.edition = edition
    return row


def move(
    registration: Registration,
    name: str,
    actor: User | None,
    reason: str = "",
    *,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write one step of a registration that is held, and tell the person. Raises Overtaken, Refused when full.

    `facts` go with the message (`send_step`). The rights are checked by the caller: a person acts on their own registration
    by a link, and has no account.
    """
    step = life.REGISTRATION_LIFE.move(name)
    if registration.status not in step.origins:
        raise Overtaken(
            f"Cette inscription a changé : elle est maintenant « {registration.state.label} ». Relisez avant d’agir."
        )
    if step.needs_reason and not reason.strip():
        raise Refused("Écrivez le motif.", code="reason_required")
    origin, registration.status = registration.status, step.target
    if step.target != life.OFFERED:
        registration.offered_until = None
    save_or_refuse(registration)
    RegistrationMove.objects.create(
        registration=registration, origin=origin, target=step.target, actor=actor, reason=reason.strip()
    )
    record(actor, f"registration.{name}", registration, f"{step.label} : {registration.state.label.lower()}")
    tell(registration, name, facts)


def give_or_queue(registration: Registration, actor: User | None) -> None:
    """Confirm a registration that is held if a place is left that nobody waits for, else put it on the list."""
    places = places_of(registration.edition)
    if has_room(places, registration.category) and not somebody_waits(places, registration.category):
        move(registration, "confirm", actor)
    else:
        registration.waiting_since = timezone.now()
        move(registration, "wait", actor)


def offer_what_is_free(edition: Edition, now: datetime | None = None) -> int:
    """Offer every free place to those who wait, in the order of the list. The edition is held. Returns how many were offered.

    Nothing is offered once the day has begun, nor for an edition that is not announced.
    """
    now = now or timezone.now()
    ends = end_of_an_offer(edition, now)
    if edition.status != ANNOUNCED or ends <= now:
        return 0
    places, offered = places_of(edition), 0
    if not any(has_room(places, name) and kind.waiting for name, kind in places.items() if name):
        return 0
    for registration in waiting_list(edition).select_for_update():
        if not has_room(places, registration.category):
            continue
        registration.edition, registration.offered_until = edition, ends
        move(registration, "offer", None)
        for name in (registration.category, ""):
            places[name] = Places(places[name].most, places[name].held + 1, places[name].waiting - 1)
        offered += 1
    return offered


def end_of_an_offer(edition: Edition, now: datetime) -> datetime:
    """Return until when a place offered now is kept: the hours of the edition, and never beyond the beginning of the day."""
    begins = edition.moment(edition.starts_at or datetime.min.time())
    return min(now + timedelta(hours=edition.offer_hours), begins)


@transaction.atomic
def accept_offer(registration_id: int, actor: User | None = None) -> Registration:
    """Take the place that was offered. Accepting twice changes nothing. Raises Overtaken, Refused when it came too late."""
    registration = held(registration_id)
    if registration.status == life.CONFIRMED:
        return registration
    if registration.offered_until and registration.offered_until <= timezone.now():
        raise Refused(
            "La place n’était gardée que jusqu’à l’heure dite : elle est proposée à la personne suivante. Vous pouvez vous "
            "inscrire de nouveau.", code="too_late",
        )  # fmt: skip
    move(registration, "accept", actor)
    return registration


@transaction.atomic
def let_offers_lapse(edition_id: int, now: datetime | None = None) -> int:
    """Take back the places offered that nobody accepted in time, and offer them to the next ones. Returns how many lapsed."""
    now = now or timezone.now()
    edition = hold_edition(edition_id)
    late = edition.registrations.filter(status=life.OFFERED, offered_until__lte=now).order_by("offered_until", "pk")
    lapsed = 0
    for registration in late.select_for_update():
        registration.edition = edition
        move(registration, "expire", None)
        lapsed += 1
    offer_what_is_free(edition, now)
    return lapsed


@transaction.atomic
def give_now(registration_id: int, actor: User, reason: str = "") -> Registration:
    """Confirm somebody who waits, before their turn. Raises NotAllowed, Overtaken, Refused when no place is left."""
    require_managing(actor)
    registration = held(registration_id)
    if registration.status == life.WAITING and not has_room(places_of(registration.edition), registration.category):
        raise Refused("Il n’y a plus de place : relevez d’abord le quota ou le total de l’édition.", code="full")
    move(registration, "confirm", actor, reason)
    return registration


@transaction.atomic
def set_priority(registration_id: int, priority: int, actor: User) -> Registration:
    """Say before whom somebody passes on the list: 0 is the order of arrival, more passes first. Raises NotAllowed, Refused."""
    require_managing(actor)
    registration = held(registration_id)
    before, registration.priority = registration.priority, priority
    save_or_refuse(registration)
    if before != priority:
        record(actor, "registration.priority", registration, f"Priorité : {priority}", before=before)
    return registration
