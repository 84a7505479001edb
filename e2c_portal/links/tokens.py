"""Tokens: 256 random bits, written in 43 letters. Only their SHA-256 is ever stored.

A plain SHA-256 is enough here: a slow or salted hash protects words that people choose, not 256 bits of chance.
"""

import hashlib
import re
import secrets

from django.conf import settings
from django.urls import reverse

LENGTH = 43
# What mail programs add after an address that ends a sentence or stands between brackets.
GLUED = re.compile(rf"^([A-Za-z0-9_-]{{{LENGTH}}})[\s.,;:!?)\]>»'\"]*$")


def new_token() -> str:
    """Return a fresh token from the system's cryptographic source."""
    return secrets.token_urlsafe(32)


def sha256_of(token: str) -> str:
    """Return the only form in which a token is stored: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def normalised(typed: str) -> str | None:
    """Return the token meant by a piece of address, None when it cannot be one. Punctuation glued to it is ignored."""
    found = GLUED.match(typed)
    return found[1] if found else None


def url_of(token: str) -> str:
    """Return the full address to put in a message. It must never be stored nor logged."""
    return settings.PORTAL_URL + reverse("links:open", args=[token])
