"""When reminders leave, on any dates: by day, one at a time, never within a day of another message, none lost to a late run."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from e2c_portal.signing.reminder_days import COOL_DOWN, SLEEPS, WAKES, by_day, moments, next_reminder

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis adds the zone
LIFETIMES = st.integers(1, 90 * 24).map(lambda hours: hours * HOUR)


def paris(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def walked(invited_at: datetime, expires_at: datetime, runs: list[datetime], presses: list[datetime]) -> list[datetime]:
    """Live through runs of the job and presses of the button; return when the portal reminded by itself."""
    contacted_at, sent = invited_at, []
    for at in sorted([*runs, *presses]):
        coming = next_reminder(invited_at, expires_at, contacted_at, at)
        if at in presses:
            contacted_at = at
        elif coming is not None and coming <= at:
            contacted_at = at
            sent.append(at)
    return sent


@pytest.mark.parametrize(
    ("invited", "limit", "expected"),
    [
        ("2026-11-02 10:00", "2026-12-02 10:00", ["2026-11-05", "2026-11-09", "2026-11-16", "2026-11-29"]),
        ("2026-11-02 23:59", "2026-11-30 10:00", ["2026-11-05", "2026-11-09", "2026-11-16", "2026-11-27"]),
        ("2026-11-02 10:00", "2026-11-12 10:00", ["2026-11-05", "2026-11-09"]),
        ("2026-11-02 10:00", "2026-11-08 10:00", ["2026-11-05"]),
        ("2026-11-02 10:00", "2026-11-04 10:00", []),
        # The clocks change on 25 October and on 28 March: nine o'clock stays nine o'clock.
        ("2026-10-23 10:00", "2026-11-22 10:00", ["2026-10-26", "2026-10-30", "2026-11-06", "2026-11-19"]),
        ("2027-03-26 10:00", "2027-04-25 10:00", ["2027-03-29", "2027-04-02", "2027-04-09", "2027-04-22"]),
    ],
)
def test_the_moments(invited: str, limit: str, expected: list[str]) -> None:
    assert moments(paris(invited), paris(limit)) == [paris(f"{day} 09:00") for day in expected]


@settings(deadline=None, max_examples=30)
@given(invited_at=INSTANTS, lifetime=LIFETIMES, minute=st.integers(0, 59))
def test_an_hourly_run_sends_each_once_and_the_last_is_replaced_by_its_neighbour(
    invited_at: datetime, lifetime: timedelta, minute: int
) -> None:
    first = invited_at.replace(minute=minute, second=0, microsecond=0)
    runs = [first + number * HOUR for number in range(int(lifetime / HOUR) + 48)]
    planned = moments(invited_at, invited_at + lifetime)
    # A moment of the very last hour may pass between two runs: the limit comes first.
    assume(all(invited_at + lifetime - moment > HOUR for moment in planned))
    sent = walked(invited_at, invited_at + lifetime, runs, [])
    assert [(at - moment) < HOUR for moment, at in zip(_spaced(planned), sent, strict=True)] == [True] * len(sent)


def _spaced(planned: list[datetime]) -> list[datetime]:
    """Leave out a moment that comes the day after another: nobody is reminded two days in a row."""
    kept: list[datetime] = []
    for moment in planned:
        if not kept or moment - kept[-1] > COOL_DOWN + HOUR:
            kept.append(moment)
    return kept


@settings(deadline=None)
@given(
    invited_at=INSTANTS,
    lifetime=LIFETIMES,
    runs=st.lists(st.integers(0, 95 * 24), max_size=60),
    presses=st.lists(st.integers(0, 95 * 24), max_size=4),
)
def test_whatever_the_runs_and_the_buttons(
    invited_at: datetime, lifetime: timedelta, runs: list[int], presses: list[int]
) -> None:
    expires_at = invited_at + lifetime
    at_runs, at_presses = ([invited_at + number * HOUR for number in numbers] for numbers in (runs, presses))
    sent = walked(invited_at, expires_at, at_runs, at_presses)
    planned = moments(invited_at, expires_at)
    assert len(sent) <= len(planned)
    others = [invited_at, *sent, *at_presses]
    for at in sent:
        assert WAKES <= timezone.localtime(at).time() < SLEEPS, "never at night"
        assert at < expires_at
        assert all(at - other > COOL_DOWN for other in others if other < at), "never within a day of another message"
        nearest = max(moment for moment in planned if moment <= at)
        assert sum(nearest <= other <= at for other in sent) == 1, "one at a time"
    # None is lost: by day, after the last run, no moment is left without a message since the day before it.
    for last in at_runs[-1:]:
        if WAKES <= timezone.localtime(max(at_runs)).time() < SLEEPS and max(at_runs) < expires_at:
            passed = [moment for moment in planned if moment <= max(at_runs)]
            assert all(any(other >= moment - COOL_DOWN for other in others) for moment in passed[-1:]), last


@settings(deadline=None)
@given(invited_at=INSTANTS, lifetime=LIFETIMES, run=st.integers(0, 95 * 24))
def test_a_clock_set_back_an_hour_doubles_nothing(invited_at: datetime, lifetime: timedelta, run: int) -> None:
    at, expires_at = invited_at + run * HOUR, invited_at + lifetime
    coming = next_reminder(invited_at, expires_at, at, at - HOUR)
    assert coming is None or coming > at + COOL_DOWN - HOUR


def test_what_is_owed_at_night_leaves_in_the_morning() -> None:
    assert by_day(paris("2026-11-05 07:59")) == paris("2026-11-05 08:00")
    assert by_day(paris("2026-11-05 20:00")) == paris("2026-11-06 08:00")
    assert by_day(paris("2026-11-05 12:00")) == paris("2026-11-05 12:00")
    invited, limit = paris("2026-11-02 10:00"), paris("2026-12-02 10:00")
    assert next_reminder(invited, limit, invited, paris("2026-11-05 23:30")) == paris("2026-11-06 08:00")
    assert next_reminder(invited, limit, invited, paris("2026-11-03 23:30")) == paris("2026-11-05 09:00")
    assert next_reminder(invited, limit, paris("2026-11-28 12:00"), paris("2026-11-28 12:00")) is None
