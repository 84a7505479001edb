"""An officer's screen lent to somebody who signs: the way back to the officer's own page.

It is kept in the session of that browser alone: the same signature opened by its QR code on a phone offers no such way.
"""

from dataclasses import asdict, dataclass

from django.http import HttpRequest

from e2c_portal.signing.models import Signatory

KEY = "signing_way_back"


@dataclass(frozen=True)
class WayBack:
    """Where the screen goes next, in the words of its button, and where it goes when nobody signs now."""

    url: str
    label: str
    leave_url: str


def lend_screen(request: HttpRequest, signatory: Signatory, way: WayBack) -> None:
    """Remember where this browser goes once the person has signed."""
    request.session[KEY] = {"signatory": str(signatory.public_id), **asdict(way)}


def way_back(request: HttpRequest, signatory: Signatory | None = None) -> WayBack | None:
    """Return where this browser goes after this person's signature; after anybody's when none is given."""
    kept = dict(request.session.get(KEY) or {})
    lent_to = kept.pop("signatory", "")
    if not kept or (signatory and lent_to != str(signatory.public_id)):
        return None
    return WayBack(**kept)
