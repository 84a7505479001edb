"""Few inspections at once: each is a process that may take a gigabyte and many seconds, and anybody may ask for one."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from e2c_portal.documents.verification.words import TOO_BUSY
from e2c_portal.kernel.errors import PortalError

AT_ONCE = 3
NAME = "documents.verification.inspection"


class TooBusy(PortalError):
    """As many files as the portal can inspect at once are being inspected."""

    code = "too_busy"


@contextmanager
def one_of_few() -> Iterator[None]:
    """Hold one of the few turns of the whole portal while the block runs. Raises TooBusy when none is free."""
    with transaction.atomic():
        if not any(_taken(turn) for turn in range(AT_ONCE)):
            raise TooBusy(TOO_BUSY)
        yield


def _taken(turn: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)", [NAME, turn])
        return bool(cursor.fetchone()[0])
