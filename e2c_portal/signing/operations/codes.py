"""One-time codes: asked for on the page, made when their message leaves, spent once.

Ten minutes, five attempts, one alive per person, five an hour.
"""

import hmac
import re
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.kernel.clock import agreed_now
from e2c_portal.kernel.errors import Refused
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.standing import refuse_withdrawn
from e2c_portal.mailing.sms import sms_available
from e2c_portal.signing import chain, messages
from e2c_portal.signing.code_digits import LIFE, fingerprint
from e2c_portal.signing.models import Channel, Code, Signatory
from e2c_portal.signing.models.proofs import ATTEMPTS_ALLOWED
from e2c_portal.signing.operations.locking import locked_signatory, refuse_unless_expected
from e2c_portal.signing.visitors import Visitor

COOL_DOWN = timedelta(seconds=60)
PER_HOUR = 5
CODES_KEPT_FOR = timedelta(days=30)
# A code whose sending lies in the future was sent before a clock was set back: its ten minutes can no longer be told.
CLOCK_TOLERANCE = timedelta(minutes=1)

TOO_SOON = "Un code vient d’être demandé. Attendez une minute avant d’en demander un autre."
TOO_MANY = (
    "Plusieurs codes ont été demandés en peu de temps. Attendez une heure, ou appelez la personne qui suit le dossier."
)
NO_CODE = "Demandez d’abord un code : il vous est envoyé tout de suite."
NOT_LEFT = "Le code n’est pas encore parti. Attendez quelques instants, ou demandez-le par l’autre moyen."
EXPIRED = "Ce code n’est plus valable : il servait dix minutes. Demandez-en un autre."
EXHAUSTED = "Ce code a été mal tapé cinq fois : il ne sert plus. Demandez-en un autre."
WRONG = "Ce n’est pas le bon code. Il vous reste {left}."


def channels_of(signatory: Signatory) -> list[Channel]:
    """Return the ways by which this person may receive a code."""
    ways = [Channel.EMAIL] if signatory.email else []
    return [*ways, Channel.SMS] if signatory.phone and sms_available() else ways


@transaction.atomic
def request_code(signatory_id: int, channel: str, visitor: Visitor, *, link: PersonalLink | None = None) -> Code:
    """Have a fresh code sent; the one before is void at once. Raises Refused: too soon, too many, not reachable so."""
    signatory = locked_signatory(signatory_id)
    refuse_withdrawn_link(link)
    now = agreed_now()
    refuse_unless_expected(signatory, now)
    if channel not in channels_of(signatory):
        raise Refused("Ce moyen n’est pas disponible : choisissez-en un autre.", code="no_channel")
    _refuse_too_many(signatory, now)
    signatory.codes.filter(used_at=None, voided_at=None).update(voided_at=now)
    code = Code.objects.create(signatory=signatory, channel=channel, requested_at=now)
    messages.send_code(signatory, code, not_after=now + LIFE)
    facts = {"from": signatory.pk, "channel": str(channel), "ip": visitor.ip}
    chain.append(signatory.envelope, "code.requested", facts)
    return code


def refuse_withdrawn_link(link: PersonalLink | None) -> None:
    """Raise ClosedLink when the link through which somebody acts was withdrawn meanwhile, read again under lock."""
    if link is not None:
        refuse_withdrawn(PersonalLink.objects.select_for_update().get(pk=link.pk))


def _refuse_too_many(signatory: Signatory, now: datetime) -> None:
    if signatory.codes.filter(requested_at__gt=now - COOL_DOWN, requested_at__lte=now).exists():
        raise Refused(TOO_SOON, code="cool_down")
    if signatory.codes.filter(requested_at__gt=now - timedelta(hours=1), requested_at__lte=now).count() >= PER_HOUR:
        raise Refused(TOO_MANY, code="too_many_codes")


def spend(signatory: Signatory, typed: str, now: datetime) -> Code | Refused:
    """Spend the code of a locked signatory, or return the refusal to raise once the attempt is committed."""
    code = signatory.codes.select_for_update().filter(used_at=None, voided_at=None).first()
    if code is None:
        return Refused(NO_CODE, code="no_code")
    if not code.fingerprint or code.sent_at is None or code.expires_at is None:
        return Refused(NOT_LEFT, code="code_not_left")
    if now >= code.expires_at or now < code.sent_at - CLOCK_TOLERANCE:
        return Refused(EXPIRED, code="code_expired")
    if code.attempts >= ATTEMPTS_ALLOWED:
        return Refused(EXHAUSTED, code="code_exhausted")
    digits = re.sub(r"\D", "", typed)
    code.attempts += 1
    if hmac.compare_digest(fingerprint(code.salt, digits), code.fingerprint):
        code.used_at = now
        code.save(update_fields=["attempts", "used_at"])
        return code
    code.save(update_fields=["attempts"])
    chain.append(signatory.envelope, "code.wrong", {"from": signatory.pk, "attempt": code.attempts})
    return _wrong(ATTEMPTS_ALLOWED - code.attempts)


def _wrong(left: int) -> Refused:
    if not left:
        return Refused(EXHAUSTED, code="code_exhausted")
    words = "un essai" if left == 1 else f"{left} essais"
    return Refused(WRONG.format(left=words), code="code_wrong")


def purge_codes() -> int:
    """Delete the codes asked for more than thirty days ago. Returns how many."""
    return Code.objects.filter(requested_at__lt=timezone.now() - CODES_KEPT_FOR).delete()[0]
