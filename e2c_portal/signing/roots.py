"""The root of each day: the last link of the chain, time-stamped by an authority when one is configured (RFC 3161)."""

import asyncio
import hashlib
import logging
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.requests_client import HTTPTimeStamper

from e2c_portal.documents.sealing import SealSettings, StampRefused, checked_stamp, trust_of
from e2c_portal.documents.sealing.trust_evidence import Evidence as Trust
from e2c_portal.kernel.french import date_in_letters
from e2c_portal.signing import watchers
from e2c_portal.signing.models import ChainRoot, Evidence

logger = logging.getLogger(__name__)
ALGORITHM = "sha256"
TIMEOUT_SECONDS = 10
AT_ONCE = 10


def note_root() -> ChainRoot | None:
    """Note the last link of yesterday, once. Returns the root, None when the chain was empty then."""
    today = timezone.localdate()
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    last = Evidence.objects.filter(at__lt=midnight).order_by("-sequence").first()
    if last is None:
        return None
    facts = {"sequence": last.sequence, "hash": last.hash}
    return ChainRoot.objects.get_or_create(day=today - timedelta(days=1), defaults=facts)[0]


def last_noted() -> datetime | None:
    """Return the end of the last day whose root is noted, for the supervision; None when there is none yet."""
    day = ChainRoot.objects.order_by("-day").values_list("day", flat=True).first()
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) if day else None


def digest_of(root: ChainRoot) -> bytes:
    """Return what the authority stamps: the SHA-256 of the day, the number and the hash of the link."""
    return hashlib.sha256(f"{root.day.isoformat()} {root.sequence} {root.hash}".encode()).digest()


def configured_stamper() -> TimeStamper | None:
    """Return the authority of the configuration, None when it names none."""
    return HTTPTimeStamper(settings.SEAL_TSA_URL, timeout=TIMEOUT_SECONDS) if settings.SEAL_TSA_URL else None


def stamp_roots(stamper: TimeStamper | None = None) -> int:
    """Have the roots without a stamp time-stamped, the oldest first. Returns how many; what fails is tried the next time.

    A stamp is kept once checked whole: digest, signature, time, and a chain to the configured roots. Watchers are told of
    one that does not hold.
    """
    stamper = stamper or configured_stamper()
    if stamper is None:
        return 0
    done, trust = 0, trust_of(SealSettings.from_settings())
    for root in ChainRoot.objects.filter(stamp=None).order_by("day")[:AT_ONCE]:
        try:
            token = asyncio.run(stamper.async_timestamp(digest_of(root), ALGORITHM)).dump()
            checked_stamp(token, digest_of(root), trust, timezone.now())
        except StampRefused as refusal:
            logger.error("stamp of the chain root of %s refused: %s", root.day, refusal.code)
            _tell(watchers.REFUSED, [_line(root, refusal.message)])
            break
        except Exception as error:
            logger.warning("chain root of %s not stamped: %s", root.day, type(error).__name__)
            break
        done += _keep(root, token)
    return done


@transaction.atomic
def _keep(root: ChainRoot, token: bytes) -> int:
    return ChainRoot.objects.filter(pk=root.pk, stamp=None).update(stamp=token, stamped_at=timezone.now())


def wrong_roots() -> Iterator[tuple[ChainRoot, str]]:
    """Yield the roots that the chain or their own stamp contradicts, each with a French sentence."""
    trust: Trust | None = None
    for root in ChainRoot.objects.order_by("day").iterator(500):
        link = Evidence.objects.filter(sequence=root.sequence).first()
        if link is None or link.hash != root.hash:
            yield root, "le maillon n’est plus celui de la racine de ce jour."
        elif root.stamp is not None and root.stamped_at is not None:
            trust = trust or trust_of(SealSettings.from_settings())
            try:
                checked_stamp(bytes(root.stamp), digest_of(root), trust, root.stamped_at)
            except StampRefused as refusal:
                yield root, refusal.message


def check_roots() -> int:
    """Read every root again and tell the watchers of those that no longer hold. Returns how many."""
    lines = [_line(root, sentence) for root, sentence in wrong_roots()]
    if lines:
        logger.error("chain roots that no longer hold: %s", len(lines))
        _tell(watchers.CHANGED, lines)
    return len(lines)


@transaction.atomic
def _tell(what: str, lines: list[str]) -> None:
    watchers.tell(what, lines)


def _line(root: ChainRoot, sentence: str) -> str:
    return f"Racine du {date_in_letters(root.day)} : {sentence}"
