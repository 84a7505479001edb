"""Sign on site: an officer vouches for who stands there, and lends a screen or a QR code for a quarter of an hour.

The officer's word takes the place of the one-time code. The token of the QR code is shown once and stored hashed.
"""

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from e2c_portal.kernel.clock import agreed_now
from e2c_portal.kernel.errors import Refused
from e2c_portal.links import tokens
from e2c_portal.signing import chain
from e2c_portal.signing.models import Act, ActKind, Method, OnSiteSession, SignatoryStatus
from e2c_portal.signing.operations.locking import locked_signatory, refuse_unless_expected
from e2c_portal.signing.operations.signing import refuse_unless_shown, write_signature
from e2c_portal.signing.visitors import Visitor

if TYPE_CHECKING:
    # Who acts stands on a floor above: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User

LIFE = timedelta(minutes=15)
STATEMENT = "{officer} atteste avoir vérifié sur place l’identité de {person}."
UNKNOWN = "Cette page de signature n’est plus ouverte. Demandez à la personne qui vous accueille d’en ouvrir une autre."


class SessionOver(Refused):
    """The page on the officer's screen or behind the QR code is over, or never was."""

    code = "on_site_over"


@transaction.atomic
def open_on_site(signatory_id: int, officer: "User", *, vouched: bool) -> str:
    """Open a signature on site and return its full address, to show at once as a QR code: it is not stored.

    A former session of the same signatory ends. Raises Refused unless the officer vouches for the person.
    """
    signatory = locked_signatory(signatory_id)
    now = agreed_now()
    refuse_unless_expected(signatory, now)
    if not vouched:
        raise Refused(f"Cochez la case : vous avez vérifié l’identité de {signatory.full_name}.", code="not_vouched")
    signatory.on_site_sessions.filter(ended_at=None).update(ended_at=now)
    token = tokens.new_token()
    session = OnSiteSession.objects.create(
        signatory=signatory, officer=officer, statement=STATEMENT.format(officer=officer, person=signatory.full_name),
        token_sha256=tokens.sha256_of(token), opened_at=now, expires_at=now + LIFE,
    )  # fmt: skip
    if signatory.status == SignatoryStatus.WAITING:
        signatory.status, signatory.invited_at = SignatoryStatus.INVITED, now
        signatory.save(update_fields=["status", "invited_at"])
    chain.append(
        signatory.envelope, "on_site.opened", {"for": signatory.pk, "statement": session.statement, "by": officer.pk}
    )
    return settings.PORTAL_URL + reverse("signing:on_site", args=[token])


def find_session(token: str) -> OnSiteSession:
    """Return the open session of a token; reading changes nothing. Raises SessionOver."""
    sha256 = tokens.sha256_of(token)
    sessions = OnSiteSession.objects.select_related("signatory__envelope__document", "officer")
    session = sessions.filter(token_sha256=sha256).first()
    now = agreed_now()
    if session is None or not hmac.compare_digest(session.token_sha256, sha256):
        raise SessionOver(UNKNOWN)
    # Whoever has just signed still reads that they did.
    if not session.signatory.has_signed and (session.ended_at or not session.opened_at <= now < session.expires_at):
        raise SessionOver(UNKNOWN)
    return session


@transaction.atomic
def sign_on_site(session: OnSiteSession, *, consented: bool, shown_sha256: str, visitor: Visitor) -> Act:
    """Sign in front of the officer who vouched. Signing twice returns the first act.

    Raises SessionOver, Refused without consent or when this person may not sign now, Overtaken when the document changed.
    """
    signatory = locked_signatory(session.signatory_id)
    if signatory.has_signed:
        return signatory.acts.get(kind__in=[ActKind.SIGNED, ActKind.PAPER_ACCEPTED])
    held = OnSiteSession.objects.select_for_update(of=("self",)).select_related("officer").get(pk=session.pk)
    now = agreed_now()
    if held.ended_at or not held.opened_at <= now < held.expires_at:
        raise SessionOver(UNKNOWN)
    refuse_unless_expected(signatory, now)
    refuse_unless_shown(signatory, consented, shown_sha256)
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    signatory.method = Method.ON_SITE
    signatory.save(update_fields=["method"])
    return write_signature(signatory, visitor, now, actor=held.officer, reason=held.statement)
