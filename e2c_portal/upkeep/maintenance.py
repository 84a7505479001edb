"""Maintenance: a notice kept beside the documents, which every web node shares, and read without database nor queue.

`manage.py maintenance on` writes it, every process sees it within two seconds. Only pages stop: jobs go on, and a person in
charge enters with a pass. When the storage itself does not answer, what was last known holds.
"""

import json
import logging
import secrets
import threading
import time
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.utils import timezone

from e2c_portal.documents import storage
from e2c_portal.upkeep.backup.ledger import OWN

logger = logging.getLogger(__name__)
KEY = f"{OWN}/maintenance.json"
LOOK_EVERY_SECONDS = 2.0
SALT = "upkeep.maintenance"
PASS_COOKIE = "maintenance_pass"  # noqa: S105  the name of a cookie
# The address by which a person in charge takes the pass; it exists during a maintenance alone.
PASS_PATH = "/exploitation/passage/"  # noqa: S105  an address
RETRY_SECONDS = 300


@dataclass(frozen=True)
class Notice:
    """A maintenance under way: since when, until when if that is known, and a French sentence for visitors."""

    mark: str
    since: str
    until: str = ""
    message: str = ""

    @property
    def ends_at(self) -> datetime | None:
        """When pages should be back, in local time; None when nobody said."""
        return timezone.localtime(datetime.fromisoformat(self.until)) if self.until else None

    @property
    def is_another_day(self) -> bool:
        """Say whether the end is on another day than today, which the page must then name."""
        return self.ends_at is not None and self.ends_at.date() != timezone.localdate()

    @property
    def retry_after(self) -> int:
        """Seconds a program should wait: until the end said, five minutes when it is past or unknown."""
        left = int((self.ends_at - timezone.now()).total_seconds()) if self.ends_at else 0
        return left if left > 0 else RETRY_SECONDS


class _Known:
    """What this process last read, and when."""

    notice: Notice | None = None
    at = float("-inf")
    lock = threading.Lock()


def begin(until: datetime | None, message: str) -> Notice:
    """Stop the pages. Replaces a notice already there, whose passes stay good. Raises StorageFault."""
    former = read()
    mark = former.mark if former else secrets.token_hex(8)
    notice = Notice(mark, timezone.now().isoformat(), until.isoformat() if until else "", message.strip())
    end()
    kept = storage.store(KEY, json.dumps(asdict(notice), ensure_ascii=False).encode())
    if kept != KEY:
        # Two people at once: the storage gave the second one another name. The first notice holds.
        storage.discard(kept)
    holding = read() or notice
    _remember(holding)
    return holding


def end() -> None:
    """Open the pages again."""
    if storage.document_storage().exists(KEY):
        storage.discard(KEY)
    _remember(None)


def read() -> Notice | None:
    """Return the notice in the storage, None when pages are open."""
    if not storage.document_storage().exists(KEY):
        return None
    return Notice(**json.loads(storage.read(KEY)))


def current() -> Notice | None:
    """Return the notice as this process knows it: it looks every two seconds, one thread at a time."""
    if time.monotonic() - _Known.at >= LOOK_EVERY_SECONDS and _Known.lock.acquire(blocking=False):
        try:
            _remember(read())
        except Exception as error:  # whatever the storage raises, what was known holds
            logger.warning("maintenance: storage away (%s)", type(error).__name__)
            _Known.at = time.monotonic()
        finally:
            _Known.lock.release()
    return _Known.notice


def forget() -> None:
    """Have this process look at the storage again at the next request."""
    _Known.notice, _Known.at = None, float("-inf")


def _remember(notice: Notice | None) -> None:
    _Known.notice, _Known.at = notice, time.monotonic()


def pass_of(notice: Notice) -> str:
    """Return the pass of a maintenance: it opens nothing but the pages, as before, to whoever signs in."""
    return signing.dumps(notice.mark, salt=SALT)


def is_pass(text: str, notice: Notice) -> bool:
    """Say whether a text is the pass of this maintenance."""
    try:
        return bool(signing.loads(text, salt=SALT) == notice.mark)
    except signing.BadSignature:
        return False


def pass_address(notice: Notice) -> str:
    """Return the address to open in a browser to go on entering."""
    return f"{settings.PORTAL_URL}{PASS_PATH}{pass_of(notice)}/"
