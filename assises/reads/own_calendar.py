"""The calendar of one person: what it holds now, and what it was given that is no longer theirs."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Max
from django.urls import reverse

from assises.life import registrations as life
from assises.models import Edition, ProgrammeVersion, Registration
from assises.reads.calendar import Line, Source, calendar_of, standing
from assises.reads.own_registration import chosen_sessions
from assises.reads.programme import last_version, open_to_all, taken_from_all


def source_for(registration: Registration) -> Source:
    """Return what the calendar files of one person are made from."""
    edition = registration.edition
    address = settings.PORTAL_URL + reverse("assises:public", args=[edition.year])
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    return Source(edition, last_version(edition), address, host, serial=_serial_of(registration))


def own_calendar(registration: Registration) -> bytes:
    """Return the calendar file of one person: what is open to all, and the workshops they chose."""
    return calendar_of(source_for(registration), chosen_keys(registration))


def chosen_keys(registration: Registration) -> set[int]:
    """Return the keys of the sessions in which a registration has a place."""
    return {session.pk for session in chosen_sessions(registration)}


def had_a_calendar_since(registration: Registration) -> datetime | None:
    """Return when a registration had its place, with a calendar that says so; None when it never had it."""
    steps = registration.moves.filter(target=life.CONFIRMED).order_by("rank")
    return steps.values_list("at", flat=True).first()


def taken_out(registration: Registration, number: int) -> list[dict[str, Any]]:
    """Return the sessions that a version of the programme took away from everybody, less those in which this person has a place."""
    edition = registration.edition
    versions = {version.number: version for version in edition.versions.filter(number__in=(number - 1, number))}
    if len(versions) < 2:
        return []
    gone = taken_from_all(versions[number - 1].content, versions[number].content)
    # Another version may have been published since: what is back stays.
    kept = {line["id"] for line in standing(last_version(edition), chosen_keys(registration))}
    return [line for line in gone if line["id"] not in kept]


def published_as(edition: Edition, workshops: Collection[int]) -> list[dict[str, Any]]:
    """Return the workshops of these keys that were ever published, as they last were."""
    lines = _latest(edition.versions.order_by("number"))
    return [lines[key] for key in sorted(workshops) if key in lines]


def all_it_may_hold(registration: Registration, workshops: Collection[int]) -> list[Line]:
    """Return all that the calendar of somebody who had a place may hold, with the workshops they had; nothing if they never had one.

    What was published before they had a place never reached them. The whole day is there if a file of theirs could hold nothing else.
    """
    since = had_a_calendar_since(registration)
    if since is None:
        return []
    versions = list(registration.edition.versions.order_by("number"))
    before = [version for version in versions if version.published_at <= since]
    known = before[-1:] + versions[len(before) :]
    open_ones = {key for version in known for key in _open_keys(version)}
    kept = [line for key, line in _latest(known).items() if key in open_ones or key in workshops]
    day = not before or any(not _open_keys(version) for version in known)
    return [*kept, None] if day else [*kept]


def last_serial(edition: Edition, email: str) -> int:
    """Return the number that the calendar of an address has reached by earlier registrations: another one goes on from there."""
    if not email:
        return 0
    rows = edition.registrations.filter(email__iexact=email)
    return rows.aggregate(last=Max(F("calendar_serial") + F("moves_made")))["last"] or 0


def _serial_of(registration: Registration) -> int:
    return registration.calendar_serial + registration.moves_made


def _latest(versions: Iterable[ProgrammeVersion]) -> dict[int, dict[str, Any]]:
    """Return each session of these versions, given from the first to the last, as the last one that holds it says it."""
    return {line["id"]: line for version in versions for line in version.content}


def _open_keys(version: ProgrammeVersion) -> set[int]:
    return {line["id"] for line in open_to_all(version.content)}
