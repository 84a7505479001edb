"""What the portal needs to work, looked at one by one. Nothing here tells a secret, a version or an address."""

import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.core.files.storage import storages
from django.db import connection, transaction

from e2c_portal.documents.sealing import SealSettings, certificate_expiry
from e2c_portal.kernel.clock import older_than
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.models import Job
from e2c_portal.kernel.patience import PATIENCE_SECONDS, TooLong, bounded

logger = logging.getLogger(__name__)

RENEW_BEFORE = timedelta(days=60)
# The sweeper sends what the broker refused within seconds: an older job means that nobody sweeps.
JOB_IS_LATE_AFTER = timedelta(minutes=2)
OK, AWAY = "ok", "away"


def report() -> dict[str, object]:
    """Return the state of each part and the whole: "ok", "degraded" (works, needs care) or "down"."""
    vital = {"database": database_state(), "broker": broker_state(), "storage": storage_state()}
    certificate = certificate_state()
    jobs = jobs_state() if vital["database"] == OK else "unknown"
    if any(state != OK for state in vital.values()):
        status = "down"
    else:
        cared_for = certificate["state"] == "valid" and jobs == OK
        status = "ok" if cared_for else "degraded"
    return {"status": status, **vital, "certificate": certificate, "jobs": jobs}


def database_state() -> str:
    """Say whether PostgreSQL answers a question at once."""

    def ask() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [PATIENCE_SECONDS * 1000])
            cursor.execute("SELECT 1")

    return _state("database", ask)


def broker_state() -> str:
    """Say whether the broker of the jobs, which also counts the sign-in tries, answers."""

    def ask() -> None:
        with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=1, socket_timeout=1) as broker:
            broker.ping()

    return _state("broker", ask)


def storage_state() -> str:
    """Say whether sealed documents can be written and read: rights for a folder, an answer for a bucket."""
    storage = storages["documents"]
    folder = getattr(storage, "base_location", None)

    def ask() -> None:
        if folder is None:
            storage.exists("sante")
        elif not os.access(_existing(Path(folder)), os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError("the folder of documents refuses to be written")

    return _state("storage", lambda: bounded(ask))


def certificate_state() -> dict[str, object]:
    """Return when the sealing certificate ends, the days left and a word: valid, renew_soon, expired or unavailable."""
    try:
        expires_at = bounded(lambda: certificate_expiry(SealSettings.from_settings()))
    except (PortalError, OSError, ValueError, TooLong) as error:
        logger.warning("health: certificate unavailable (%s)", type(error).__name__)
        return {"expires_on": None, "days_left": None, "state": "unavailable"}
    left = expires_at - datetime.now(UTC)
    return {"expires_on": expires_at.date().isoformat(), "days_left": left.days, "state": _word_for(left)}


def _word_for(left: timedelta) -> str:
    if left <= timedelta(0):
        return "expired"
    return "renew_soon" if left < RENEW_BEFORE else "valid"


def jobs_state() -> str:
    """Say whether jobs leave: "late" when one has waited longer than any broker cut the sweeper mends."""
    late = Job.objects.filter(older_than("created_at", JOB_IS_LATE_AFTER), published_at=None)
    return "late" if late.exists() else OK


def _state(part: str, ask: Callable[[], None]) -> str:
    try:
        ask()
    except Exception as error:  # whatever the driver raises, the part is away
        logger.warning("health: %s away (%s)", part, type(error).__name__)
        return AWAY
    return OK


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it: the storage makes its folder at the first document."""
    while not folder.exists():
        folder = folder.parent
    return folder
