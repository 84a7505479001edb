"""What the queue itself says: how long it is, which workers answer and what they do. Each question has a second, no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

AWAY = (RedisError, OperationalError, OSError)
WAIT_SECONDS = 0.5
SEEN_KEPT_SECONDS = 10
SEEN = "upkeep-workers-seen"


@dataclass(frozen=True)
class Doing:
    """One task that a worker is doing: its name, since when (None when unknown), on which worker."""

    task: str
    since: datetime | None
    worker: str


def broker_queue_length() -> int:
    """Return how many jobs wait in the queue for a worker. Raises RedisError when it is away."""
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("global_keyprefix", "")
    address = settings.CELERY_BROKER_URL
    with redis.Redis.from_url(address, socket_connect_timeout=1, socket_timeout=1) as broker:
        return int(broker.llen(f"{prefix}{current_app.conf.task_default_queue}"))  # type: ignore[arg-type]


def workers_seen() -> list[str]:
    """Return the names of the workers that answer within half a second; asked again after ten seconds at the earliest."""
    known = cache.get(SEEN)
    if known is None:
        answers = current_app.control.ping(timeout=WAIT_SECONDS) or []
        known = sorted(name for answer in answers for name in answer)
        cache.set(SEEN, known, SEEN_KEPT_SECONDS)
    return list(known)


def under_way() -> list[Doing] | None:
    """Return what the workers are doing, the oldest first; None when the queue is away. One second at most."""
    try:
        found: Mapping[str, list[dict[str, Any]]] = current_app.control.inspect(timeout=WAIT_SECONDS).active() or {}
    except AWAY:
        return None
    doing = [
        Doing(one["name"], _moment(one.get("time_start")), worker) for worker, tasks in found.items() for one in tasks
    ]
    return sorted(doing, key=lambda one: (one.since is None, one.since))


def workers_or_none() -> list[str] | None:
    """Return the workers that answer, None when the queue is away."""
    try:
        return workers_seen()
    except AWAY:
        return None


def _moment(stamp: float | None) -> datetime | None:
    return datetime.fromtimestamp(stamp, UTC) if stamp else None
