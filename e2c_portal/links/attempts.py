"""What a visitor may do only so often: open links that do not exist, ask for lost ones."""

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from e2c_portal.kernel.client_address import client_address, network_of
from e2c_portal.kernel.errors import Refused
from e2c_portal.links.models import Attempt

WINDOW = timedelta(minutes=15)
# A whole school may register itself from one connection within a lesson.
ALLOWED = {Attempt.What.UNKNOWN_LINK: 20, Attempt.What.LOST_LINK: 5, Attempt.What.ASKED_LINK: 60}


class TooManyAttempts(Refused):
    """This visitor did that too often."""

    code = "too_many_attempts"


def visitor_key(request: HttpRequest) -> str:
    """Return a keyed fingerprint of the visitor's address: the address itself is not kept."""
    return _keyed(f"link:{network_of(client_address(request))}")


def browser_key(request: HttpRequest) -> str:
    """Return a keyed fingerprint of the visitor's address and browser, for browsers that keep no cookie."""
    browser = request.headers.get("User-Agent", "")
    return _keyed(f"link-browser:{network_of(client_address(request))}:{browser}")


@transaction.atomic
def note(what: str, visitor: str) -> None:
    """Count one attempt, or raise TooManyAttempts when the visitor made too many within fifteen minutes.

    The attempts of one visitor wait for each other, so that a burst does not slip through between count and note.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [f"{what}/{visitor}"])
    recent = Attempt.objects.filter(what=what, visitor=visitor, at__gt=timezone.now() - WINDOW)
    if recent.count() >= ALLOWED[Attempt.What(what)]:
        raise TooManyAttempts(
            "Trop de demandes sont arrivées depuis votre connexion. Attendez un quart d’heure, puis recommencez."
        )
    Attempt.objects.create(what=what, visitor=visitor, at=timezone.now())


def purge_attempts() -> int:
    """Delete the counts that no longer matter. Returns how many."""
    return Attempt.objects.filter(at__lt=timezone.now() - WINDOW).delete()[0]


def _keyed(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
