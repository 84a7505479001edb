"""The root of each day: the last link of the chain, time-stamped by an authority when one is configured (RFC 3161)."""

import asyncio
import hashlib
import logging
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from asn1crypto import cms, tsp
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.requests_client import HTTPTimeStamper

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
    """Have the roots without a stamp time-stamped, the oldest first. Returns how many; what fails is tried the next time."""
    stamper = stamper or configured_stamper()
    if stamper is None:
        return 0
    done = 0
    for root in ChainRoot.objects.filter(stamp=None).order_by("day")[:AT_ONCE]:
        try:
            token = asyncio.run(stamper.async_timestamp(digest_of(root), ALGORITHM))
        except Exception as error:
            logger.warning("chain root of %s not stamped: %s", root.day, type(error).__name__)
            break
        done += _keep(root, token)
    return done


@transaction.atomic
def _keep(root: ChainRoot, token: cms.ContentInfo) -> int:
    return ChainRoot.objects.filter(pk=root.pk, stamp=None).update(stamp=token.dump(), stamped_at=timezone.now())


def wrong_roots() -> Iterator[tuple[ChainRoot, str]]:
    """Yield the roots that the chain or their own stamp contradicts, each with a French sentence."""
    for root in ChainRoot.objects.order_by("day").iterator(500):
        link = Evidence.objects.filter(sequence=root.sequence).first()
        if link is None or link.hash != root.hash:
            yield root, "le maillon n’est plus celui de la racine de ce jour."
        elif root.stamp is not None and stamped_digest(bytes(root.stamp)) != digest_of(root):
            yield root, "l’horodatage n’est pas celui de cette racine."


def stamped_digest(token: bytes) -> bytes:
    """Return the digest that a time-stamp token vouches for, empty when it cannot be read."""
    try:
        signed = cms.ContentInfo.load(token)["content"]
        told = tsp.TSTInfo.load(signed["encap_content_info"]["content"].contents)
        return bytes(told["message_imprint"]["hashed_message"].native)
    except (ValueError, TypeError, KeyError):
        return b""
