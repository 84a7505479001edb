"""Wrong codes are counted by visitor, so that codes cannot be guessed one after the other."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from e2c_portal.documents.models import FailedLookup
from e2c_portal.kernel.client_address import network_of
from e2c_portal.kernel.errors import Refused

Found = TypeVar("Found")
WINDOW = timedelta(minutes=15)
ALLOWED = 10


class TooManyLookups(Refused):
    """This visitor typed too many wrong codes."""

    code = "too_many_lookups"


def visitor_key(address: str) -> str:
    """Return a keyed fingerprint of the visitor's address: the address itself is not kept."""
    return hmac.new(settings.SECRET_KEY.encode(), f"lookup:{network_of(address)}".encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def counted(visitor: str, search: Callable[[], Found | None]) -> Found | None:
    """Return what `search` finds, counting a failure when it finds nothing.

    Raises TooManyLookups, without searching, once this visitor failed ten times within fifteen minutes. The tries of one
    visitor wait for each other, so that a burst does not slip through between the count and the note.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [visitor])
    refuse_guessing(visitor)
    found = search()
    if found is None:
        note_failure(visitor)
    return found


def refuse_guessing(visitor: str) -> None:
    """Raise TooManyLookups once a visitor typed ten wrong codes within fifteen minutes."""
    recent = FailedLookup.objects.filter(visitor=visitor, at__gt=timezone.now() - WINDOW)
    if recent.count() >= ALLOWED:
        raise TooManyLookups(
            "Trop de codes erronés ont été saisis depuis votre connexion. Attendez un quart d’heure, "
            "ou déposez le fichier PDF : cette vérification reste possible."
        )


def note_failure(visitor: str) -> None:
    """Count one wrong code."""
    FailedLookup.objects.create(visitor=visitor)


def purge_failed_lookups() -> int:
    """Delete the counts that no longer matter. Returns how many."""
    old: models.QuerySet[FailedLookup] = FailedLookup.objects.filter(at__lt=timezone.now() - WINDOW)
    return old.delete()[0]
