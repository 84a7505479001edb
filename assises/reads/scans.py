"""The scans of an edition: the list the Région reads, and the figures of the door while it is open."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from assises.life import registrations as life
from assises.models import Edition, Scan, SessionPlace

VALID = Q(voided_at=None)
REFUSED, LATE, FORCED, VOIDED = "refuses", "tardifs", "accordes", "annules"
STANDING = {
    REFUSED: ~Q(outcome=Scan.Outcome.OK),
    LATE: Q(was_offline=True),
    FORCED: Q(was_forced=True),
    VOIDED: Q(voided_at__isnull=False),
}


def scans_of(edition: Edition) -> QuerySet[Scan]:
    """Return every scan of an edition, the latest first, with what a list says of each."""
    scans = edition.scans.select_related("registration__school", "checkpoint", "post", "entered_by", "voided_by")
    return scans.order_by("-scanned_at", "-pk")


def scans_shown(edition: Edition, chosen: dict[str, Any]) -> QuerySet[Scan]:
    """Return the scans that the filters of the list keep: `voir`, `reponse`, `controle`, `porte`."""
    scans = scans_of(edition)
    if standing := STANDING.get(chosen.get("voir") or ""):
        scans = scans.filter(standing)
    wanted = {"outcome": chosen.get("reponse"), "checkpoint": chosen.get("controle"), "post": chosen.get("porte")}
    return scans.filter(**{name: value for name, value in wanted.items() if value})


def scan_of(edition: Edition, scan_id: int) -> Scan | None:
    """Return one scan of an edition, None when it is not one of its own."""
    return scans_of(edition).filter(pk=scan_id).first()


@dataclass(frozen=True)
class Group:
    """What was scanned at a checkpoint by a post (None: entered from paper) with one answer."""

    checkpoint_id: int
    post_id: int | None
    outcome: str
    counted: int
    late: int
    forced: int
    voided: int
    last: datetime | None


def groups_of(edition: Edition) -> list[Group]:
    """Return the scans of an edition counted by checkpoint, post and answer. One query."""
    rows = edition.scans.order_by().values_list("checkpoint", "post", "outcome")
    rows = rows.annotate(
        counted=Count("pk", filter=VALID), late=Count("pk", filter=Q(was_offline=True)),
        forced=Count("pk", filter=Q(was_forced=True) & VALID), voided=Count("pk", filter=~VALID), last=Max("received_at"),
    )  # fmt: skip
    return [Group(*row) for row in rows]  # type: ignore[call-arg]


def expected_by_session(edition: Edition) -> dict[int, int]:
    """Return how many confirmed people chose each session. One query."""
    places = SessionPlace.objects.filter(session__edition=edition, registration__status=life.CONFIRMED)
    return dict(places.order_by().values_list("session").annotate(n=Count("pk")))


def confirmed_number(edition: Edition) -> int:
    """Return how many people are confirmed."""
    return edition.registrations.filter(status=life.CONFIRMED).count()
