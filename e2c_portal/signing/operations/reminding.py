"""What the portal does by itself for missing signatures: remind those awaited, warn those who follow. Each is done once."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from e2c_portal.kernel.errors import PortalError
from e2c_portal.signing import follower_messages
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.operations.inviting import remind
from e2c_portal.signing.operations.locking import locked_envelope, locked_signatory
from e2c_portal.signing.queries import envelopes_near_their_limit, reminder_is_owed, signatories_to_remind

logger = logging.getLogger(__name__)
# Those who follow are warned this long before the limit: time enough to call somebody.
WARN_BEFORE = timedelta(days=7)

Subject = TypeVar("Subject")


def remind_signatories() -> int:
    """Remind everybody whose reminder is owed. Returns how many were. Whoever cannot be reminded stops nobody else."""
    return _each(signatories_to_remind(timezone.now()), _remind)


def warn_followers() -> int:
    """Warn those who follow envelopes whose limit is near or has passed. Returns how many warnings were asked for or known."""
    now = timezone.now()
    near = envelopes_near_their_limit(now, WARN_BEFORE)
    return _each((envelope.pk for envelope in near if _is_to_be_warned_of(envelope)), _warn)


def _is_to_be_warned_of(envelope: Envelope) -> bool:
    """A limit given within the last days is no news: whoever gave it knows."""
    if not envelope.is_open:
        return True
    return bool(envelope.limit_set_at and envelope.limit_set_at < envelope.expires_at - WARN_BEFORE)  # type: ignore[attr-defined]


@transaction.atomic
def _remind(signatory_id: int) -> int:
    """Remind one person, looked at again under lock: they may have signed, or another run came first."""
    signatory = locked_signatory(signatory_id)
    if not reminder_is_owed(signatory, timezone.now()):
        return 0
    remind(signatory_id)
    return 1


@transaction.atomic
def _warn(envelope_id: int) -> int:
    envelope = locked_envelope(envelope_id)
    return follower_messages.send_limit(envelope) if envelope.is_alive else 0


def _each(subjects: Iterable[Subject], act: Callable[[Subject], int]) -> int:
    done = 0
    for subject in subjects:
        try:
            done += act(subject)
        except PortalError as refusal:
            logger.warning("%s %s: %s", act.__name__, subject, refusal.code)
    return done
