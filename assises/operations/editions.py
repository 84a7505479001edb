"""Prepare an edition: write it, copy the one before, announce it, cancel it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from assises.life.editions import CANCELLED, CLOSE, EDITION_LIFE
from assises.models import Category, Edition, Quota, Room, Session
from assises.operations.places import hold_edition, offer_what_is_free
from assises.operations.telling import TELL_OF_CANCELLING
from assises.permissions import AssisesPermission
from e2c_portal.accounts.models import User
from e2c_portal.audit.records import save_over_what_was_seen, save_with_trace
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.kernel.submissions import Sending, once
from trainees.operations.moving import refuse_if_moved, write_move

OVERTAKEN = (
    "Quelqu’un a enregistré cette fiche pendant que vous l’écriviez. Votre saisie est conservée ci-dessous : comparez-la avec "
    "la version enregistrée, puis enregistrez de nouveau."
)
# What a new edition takes from the one before: what is true of a place and of a day, not of its dates.
COPIED = ("theme", "starts_at", "ends_at", "place", "address", "postal_code", "city", "access", "presentation",
          "contact_email", "contact_phone", "places", "offer_hours", "categories_on_approval", "people_kept_months")  # fmt: skip
SESSION_COPIED = ("kind", "title", "summary", "starts_at", "ends_at", "places", "takes_registrations")


def require_preparing(actor: User) -> None:
    """Raise NotAllowed unless this person prepares the Assises."""
    if not actor.has_perm(AssisesPermission.PREPARE_EDITION):
        raise NotAllowed("Seules les personnes de la Région préparent les Assises.")


@transaction.atomic
def create_edition(edition: Edition, actor: User, *, sending: Sending | None = None) -> Edition:
    """Write a new edition. Raises NotAllowed, ValidationError by field (a year that has its edition…)."""
    require_preparing(actor)
    edition.created_by = actor
    return once(sending, actor, Edition, lambda: save_with_trace(edition, actor))


@transaction.atomic
def change_edition(edition: Edition, seen: int | None, actor: User) -> Edition:
    """Save what was changed of an edition. More people in all: the places won are offered at once to those who wait.

    Raises NotAllowed, Overtaken, ValidationError by field.
    """
    require_preparing(actor)
    before = hold_edition(edition.pk).places
    save_over_what_was_seen(edition, seen, lambda: save_with_trace(edition, actor), overtaken=OVERTAKEN)
    if before is not None and (edition.places is None or edition.places > before):
        offer_what_is_free(edition)
    return edition


@transaction.atomic
def copy_edition(source_id: int, name: str, held_on: date, actor: User, *, sending: Sending | None = None) -> Edition:
    """Prepare a new edition from another: its place, texts, rooms, quotas and programme, the dates moved with the day.

    Speakers are not copied: nobody is announced twice without being asked. Raises NotAllowed, Refused, ValidationError.
    """
    require_preparing(actor)
    source = Edition.objects.select_for_update().get(pk=source_id)
    edition = Edition(year=held_on.year, name=name, held_on=held_on, created_by=actor)
    for column in COPIED:
        setattr(edition, column, getattr(source, column))
    shift = held_on - source.held_on
    edition.registration_opens_at = _moved(source.registration_opens_at, shift)
    edition.registration_closes_at = _moved(source.registration_closes_at, shift)
    return once(sending, actor, Edition, lambda: _made_with_its_parts(edition, source, actor))


def _moved(moment: datetime | None, shift: timedelta) -> datetime | None:
    return moment + shift if moment else None


def _made_with_its_parts(edition: Edition, source: Edition, actor: User) -> Edition:
    save_with_trace(edition, actor)
    rooms: dict[int, Room] = {}
    for room in source.rooms.all():
        rooms[room.pk] = Room.objects.create(
            edition=edition, name=room.name, capacity=room.capacity, is_step_free=room.is_step_free, note=room.note
        )
    Quota.objects.bulk_create(
        Quota(edition=edition, category=row.category, places=row.places) for row in source.quotas.all()
    )
    for session in source.sessions.all():
        kept = {column: getattr(session, column) for column in SESSION_COPIED}
        Session.objects.create(edition=edition, room=rooms[session.room_id] if session.room_id else None, **kept)
    record(actor, "edition.copied", edition, f"Préparée d’après l’édition {source.year}", source=source.pk)
    return edition


@says_why
@transaction.atomic
def move_edition(edition_id: int, move: str, actor: User, reason: str = "", seen_state: str | None = None) -> Edition:
    """Announce, withdraw or cancel an edition. Raises NotAllowed, Overtaken, Refused with what is missing.

    It is closed with its report, by operations.closing alone.
    """
    if move == CLOSE:
        raise Refused("Une édition se clôture depuis la page de son bilan.", code="closed_with_its_report")
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    refuse_if_moved(edition, seen_state, "Cette édition")
    write_move(edition, EDITION_LIFE, EDITION_LIFE.move(move), actor, reason)
    if edition.status == CANCELLED:
        enqueue_on_commit(TELL_OF_CANCELLING, edition_id=edition.pk)
    return edition


@transaction.atomic
def set_quotas(edition_id: int, places: Mapping[str, int | None], actor: User) -> None:
    """Say how many people of each category are welcomed; None leaves a category without limit. Raises NotAllowed, Refused."""
    require_preparing(actor)
    edition = hold_edition(edition_id)
    if unknown := set(places) - set(Category.values):
        raise Refused(f"Catégorie inconnue : {', '.join(sorted(unknown))}.", code="unknown_category")
    before = dict(edition.quotas.values_list("category", "places"))
    wanted = {category: number for category, number in places.items() if number is not None}
    if before == wanted:
        return
    edition.quotas.exclude(category__in=wanted).delete()
    for category, number in wanted.items():
        Quota.objects.update_or_create(edition=edition, category=category, defaults={"places": number})
    told = ", ".join(f"{Category(category).label} : {number}" for category, number in sorted(wanted.items()))
    record(actor, "edition.quotas", edition, f"Quotas : {told or 'aucun'}", before=before, after=wanted)
    offer_what_is_free(edition)
