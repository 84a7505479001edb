"""Who of a page of an attendance sheet is counted already, and where."""

from collections.abc import Iterable

from django.utils import timezone

from assises.models import Checkpoint, Scan


def signed_there(checkpoint: Checkpoint, registration_ids: Iterable[int]) -> dict[int, str]:
    """Return, by registration, in words, where and when those of a page were counted at a checkpoint. One query."""
    scans = checkpoint.scans.filter(
        outcome=Scan.Outcome.OK, voided_at=None, registration__in=list(registration_ids)
    ).select_related("post")
    return {scan.registration_id: _words(scan) for scan in scans if scan.registration_id}


def _words(scan: Scan) -> str:
    if scan.way == Scan.Way.PAPER:
        return "déjà saisi"
    at = timezone.localtime(scan.scanned_at)
    return f"compté à {at.hour} h {at.minute:02d}, {scan.post}"
