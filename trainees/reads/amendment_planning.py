"""What an internship is today and what an amendment makes of it, as plain values. Writes nothing."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any

from partnerships.models import CompanyContact, Establishment
from trainees.models import AgreementAmendment, Internship, ScheduleDay
from trainees.reads.amendment_words import CHOICES, changed, choice
from trainees.reads.schedule_words import DayRow, rows_of, thawed

TEXTS = ("access", "activities", "objectives", "skills", "equipment", "safety")
SUNDAY = 6
CHOSEN: dict[str, type[Establishment] | type[CompanyContact]] = {
    "establishment": Establishment, "tutor": CompanyContact, "host_signatory": CompanyContact,
}  # fmt: skip
# The hours of a usual day: start, end, and the break between, which may be none.
Hours = tuple[time, time, time | None, time | None]


def present(internship: Internship) -> dict[str, Any]:
    """Return what an amendment may change, as it is now."""
    return {
        "starts_on": internship.starts_on.isoformat(),
        "ends_on": internship.ends_on.isoformat(),
        "establishment": choice(internship.establishment, _place(internship.establishment)),
        "tutor": choice(internship.tutor),
        "host_signatory": choice(internship.host_signatory),
        **{name: getattr(internship, name) for name in TEXTS},
        "days": frozen(rows_of(internship.days.all())),
        "suspension": None,
        "ended_early_on": None,
        "broken_by": "",
    }


def _place(place: Establishment) -> str:
    return ", ".join(filter(None, (place.name, place.address, f"{place.postal_code} {place.city}".strip())))


def wanted_choice(row: Establishment | CompanyContact) -> dict[str, Any]:
    """Return how a place or a person that was chosen is kept in the changes."""
    found = choice(row, _place(row) if isinstance(row, Establishment) else "")
    assert found is not None  # noqa: S101  a row that is there
    return found


def frozen(rows: Iterable[DayRow]) -> list[list[str | None]]:
    """Return the days as JSON keeps them, in order."""
    return [row.frozen() for row in sorted(rows)]


def changes_wanted(internship: Internship, after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what an amendment changes: only what differs from today."""
    return changed(present(internship), after)


def pattern_of(rows: Iterable[DayRow], place: str = ScheduleDay.Place.COMPANY) -> dict[int, Hours]:
    """Return the hours of each day of the week (0 is Monday) in one place, as they were last."""
    return {
        row.day.weekday(): (row.starts_at, row.ends_at, row.break_starts_at, row.break_ends_at)
        for row in sorted(rows)
        if row.place == place
    }


def spread(
    pattern: Mapping[int, Hours], first: date, last: date, holidays: Collection[date], place: str
) -> list[DayRow]:
    """Return the days that a weekly pattern makes from a day to another, without Sundays and public holidays."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [
        DayRow(day, place, *pattern[day.weekday()])
        for day in days
        if day.weekday() in pattern and day.weekday() != SUNDAY and day not in holidays
    ]


def rows_between(internship: Internship, starts_on: date, ends_on: date, holidays: Collection[date]) -> list[DayRow]:
    """Return the schedule once the dates are others: days outside leave, new days take the hours of the same day of the week."""
    rows = rows_of(internship.days.all())
    kept = [row for row in rows if starts_on <= row.day <= ends_on]
    for place in ScheduleDay.Place.values:
        for day in spread(pattern_of(rows, place), starts_on, ends_on, holidays, place):
            if not internship.starts_on <= day.day <= internship.ends_on:
                kept.append(day)
    return sorted(kept)


def rows_with_hours(
    internship: Internship, pattern: Mapping[int, Hours], since: date, holidays: Collection[date]
) -> list[DayRow]:
    """Return the schedule once the hours in the company are others from a day on; days at school stay."""
    rows = rows_of(internship.days.all())
    kept = [row for row in rows if row.day < since or not row.in_company]
    new = spread(pattern, max(since, internship.starts_on), internship.ends_on, holidays, ScheduleDay.Place.COMPANY)
    return sorted([*kept, *new])


def rows_without(internship: Internship, first: date, last: date) -> list[DayRow]:
    """Return the schedule without the days in the company between two dates: nobody is expected there."""
    return [row for row in rows_of(internship.days.all()) if not (row.in_company and first <= row.day <= last)]


def made_by(amendment: AgreementAmendment) -> Internship:
    """Return the internship as an amendment makes it, in memory only: what its document prints and who signs it."""
    internship = amendment.agreement.internship
    for name, change in amendment.changes.items():
        put(internship, name, change["after"])
    return internship


def put(internship: Internship, name: str, value: Any) -> None:
    """Put one changed value on an internship, and its hours when they change."""
    if name in CHOICES:
        setattr(internship, name, CHOSEN[name]._default_manager.get(pk=value["id"]) if value else None)
    elif name in ("starts_on", "ends_on", "ended_early_on"):
        setattr(internship, name, date.fromisoformat(value))
    elif name == "days":
        put_minutes(internship, [thawed(row) for row in value])
    elif name in (*TEXTS, "broken_by"):
        setattr(internship, name, value)


def put_minutes(internship: Internship, rows: Iterable[DayRow]) -> None:
    """Put the sums of a schedule on its internship."""
    rows = list(rows)
    internship.company_minutes = sum(row.minutes for row in rows if row.in_company)
    internship.school_minutes = sum(row.minutes for row in rows if not row.in_company)
