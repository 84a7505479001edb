"""Editions: which there are, and where each one stands today."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from assises.life import editions as life
from assises.models import Category, Edition
from e2c_portal.kernel.workflow import State

TO_COME = State("Annoncée", "Les inscriptions ne sont pas encore ouvertes.", "info")
OPEN = State("Inscriptions ouvertes", "Une adresse électronique suffit pour s’inscrire, sans compte.", "success")
FULL_STOP = State("Inscriptions closes", "On ne peut plus s’inscrire.", "warning")
TODAY = State("Aujourd’hui", "La journée a lieu aujourd’hui.", "progress")
HELD = State("Tenue", "La journée a eu lieu.", "neutral")

# Nobody is told for ever of an edition that was never closed.
FOLLOWED, FOLLOWED_AT_MOST = timedelta(days=730), 4


def situation_of(edition: Edition, now: datetime | None = None) -> State:
    """Return where an edition stands at a moment (now unless said): its state, read with its dates.

    A draft and a cancelled edition stay what they are, whatever the day; past editions of before the portal read « tenue ».
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    if edition.status in (life.CANCELLED, life.CLOSED):
        return edition.state
    if today > edition.held_on:
        return HELD
    if edition.status == life.DRAFT:
        return edition.state
    if today == edition.held_on:
        return TODAY
    opens, closes = edition.registration_opens_at, edition.registration_closes_at
    if opens is None or closes is None or now < opens:
        return TO_COME
    return OPEN if now < closes else FULL_STOP


def editions() -> QuerySet[Edition]:
    """Return every edition, the latest first, with its ceremony."""
    return Edition.objects.select_related("ceremony").order_by("-year")


def edition_of(year: int) -> Edition | None:
    """Return the edition of a year, None when there is none."""
    return editions().filter(year=year).first()


def public_editions() -> QuerySet[Edition]:
    """Return the editions anybody may read: announced, closed, or announced then cancelled."""
    announced = Edition.objects.filter(status__in=(life.ANNOUNCED, life.CLOSED))
    told = Edition.objects.filter(status=life.CANCELLED, moves__origin=life.ANNOUNCED)
    return (announced | told).distinct().order_by("-year")


def public_edition_of(year: int) -> Edition | None:
    """Return the edition of a year if anybody may read it."""
    return public_editions().filter(year=year).first()


def editions_to_follow(today: date) -> list[Edition]:
    """Return the editions to come, and those held and not closed yet, the nearest to today first. A few, whatever the years."""
    awaited = Edition.objects.filter(status__in=(life.DRAFT, life.ANNOUNCED), held_on__gte=today - FOLLOWED)
    return list(awaited.order_by("held_on")[:FOLLOWED_AT_MOST])


def next_edition(today: date) -> Edition | None:
    """Return the next edition announced, that of today included; None when there is none."""
    return Edition.objects.filter(status=life.ANNOUNCED, held_on__gte=today).order_by("held_on").first()


def last_edition() -> Edition | None:
    """Return the latest edition, the one a new one is copied from."""
    return editions().first()


def quotas_of(edition: Edition) -> list[tuple[str, str, int | None]]:
    """Return every category with its label and its places, None when nothing limits it. One query."""
    known = dict(edition.quotas.values_list("category", "places"))
    return [(value, label, known.get(value)) for value, label in Category.choices]
