"""Tickets: what the QR code of a badge holds. Derived, never stored; the database knows its SHA-256 alone."""

import hashlib
import re
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from assises.models import Registration

SALT = "assises.ticket"
# Crockford's letters: none is taken for another when read aloud or typed.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
LOOKALIKES = str.maketrans("OILU", "011V")


def ticket_of(registration: Registration) -> str:
    """Return the ticket of a registration, sixteen letters and digits (80 bits), in groups of four.

    A key of the server that was replaced still serves, as long as it is among the former ones. Raises LookupError when no
    key gives the ticket that was registered: a new one must then be made (operations.registering.renew_ticket).
    """
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        ticket = make_ticket(registration.public_id, registration.ticket_serial, key)
        if sha256_of(ticket) == registration.ticket_sha256:
            return ticket
    raise LookupError("no key gives this ticket")


def make_ticket(public_id: UUID, serial: int, key: str = "") -> str:
    """Return the ticket made of an identifier, its serial number and a key (that of today unless said)."""
    digest = salted_hmac(SALT, f"{public_id}:{serial}", secret=key or settings.SECRET_KEY, algorithm="sha256").digest()
    number = int.from_bytes(digest[:10])
    letters = "".join(LETTERS[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(letters[at : at + 4] for at in range(0, LENGTH, 4))


def normalised(typed: str) -> str:
    """Return what was read or typed as a ticket is written, "" when it cannot be one."""
    letters = re.sub(r"[^0-9A-Z]", "", typed.upper()).translate(LOOKALIKES)
    if len(letters) != LENGTH:
        return ""
    return "-".join(letters[at : at + 4] for at in range(0, LENGTH, 4))


def sha256_of(ticket: str) -> str:
    """Return what the database keeps of a ticket."""
    return hashlib.sha256(ticket.encode()).hexdigest()
