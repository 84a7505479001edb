"""What a phone of a door sends, read from JSON or from a form that needs no script. Each faulty reading is named, none stops the others."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from assises.models import Scan
from assises.operations.scanning import MOST_AT_ONCE, Reading
from e2c_portal.kernel.errors import Refused

LONGEST_TICKET = 200
# PostgreSQL's own limit for the identifiers of rows.
HIGHEST = 2**63 - 1
WAYS = {Scan.Way.CAMERA, Scan.Way.KEYBOARD, Scan.Way.NAME}


@dataclass(frozen=True)
class Sent:
    """What one request carries: the readings understood, the nonces of the others as they came, the phone's clock."""

    readings: list[Reading]
    faulty: list[str]
    device_now: datetime | None


def read_json(body: bytes) -> Sent:
    """Return what a phone sent. Raises Refused when it is not a list of readings, or too long a one."""
    try:
        told = json.loads(body)
        rows = told["readings"]
    except (ValueError, TypeError, KeyError) as error:
        raise Refused("La page n’a pas été comprise : rechargez-la.", code="unreadable") from error
    if not isinstance(rows, list) or len(rows) > MOST_AT_ONCE:
        raise Refused(f"Envoyez au plus {MOST_AT_ONCE} passages à la fois.", code="too_many")
    found = [(row, _reading(row)) for row in rows]
    readings = [reading for _, reading in found if reading]
    faulty = [str(row.get("nonce", "")) for row, reading in found if reading is None and isinstance(row, dict)]
    return Sent(readings, faulty, _moment(told.get("sent_at")))


def _reading(row: Any) -> Reading | None:
    try:
        scanned_at = _moment(row["scanned_at"])
        if scanned_at is None:
            return None
        return Reading(
            nonce=UUID(str(row["nonce"])), checkpoint_id=_number(row["checkpoint"]),
            ticket=str(row.get("ticket") or "")[:LONGEST_TICKET],
            registration_id=_number(row["registration"]) if row.get("registration") else None,
            way=Scan.Way(row["way"]) if row["way"] in WAYS else Scan.Way.KEYBOARD, scanned_at=scanned_at,
            was_offline=row.get("offline") is True, was_forced=row.get("forced") is True,
        )  # fmt: skip
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def read_form(data: QueryDict) -> Reading:
    """Return what the forms of the page send without a script: read now, by the clock of the portal.

    The nonce is that of the form and of what was typed: a form sent twice is one scan, another ticket typed in a page that
    was gone back to is another scan.
    """
    registration = data.get("registration", "")
    typed = [data.get(name, "") for name in ("controle", "ticket", "registration", "force")]
    return Reading(
        nonce=uuid5(_uuid(data.get("nonce", "")), "|".join(typed)), checkpoint_id=_number_or_zero(data.get("controle", "")),
        ticket=data.get("ticket", "")[:LONGEST_TICKET],
        registration_id=_number_or_zero(registration) if registration else None,
        way=Scan.Way.NAME if registration else Scan.Way.KEYBOARD, scanned_at=timezone.now(),
        was_forced=data.get("force") == "1",
    )  # fmt: skip


def _uuid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return uuid4()


def _number(value: Any) -> int:
    number = int(value)
    if not 0 <= number <= HIGHEST:
        raise ValueError(number)
    return number


def _number_or_zero(typed: str) -> int:
    try:
        return _number(typed)
    except ValueError:
        return 0


def _moment(value: Any) -> datetime | None:
    """Return a moment told with its offset, None for anything else."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) and 2000 <= moment.year <= 2100 else None
