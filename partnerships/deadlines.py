"""The dates of a convention that officers must not miss, and the days on which they are told. Pure: terms and days in.

A deadline is told at four steps: 90, 60, 30 and 7 days before it. Only the nearest step that passed is owed, so that days without
a run cost one message and not four. A step is owed only if the deadline was already known on the step's own day: when an
amendment moves it, the steps that would lie in the past are not made up for.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from partnerships.calendar import DAY
from partnerships.terms import Terms

STEPS = (90, 60, 30, 7)
END, NOTICE = "end", "notice"
# An action is told this long before its day, on its day, and then every week as long as it is late.
ACTION_STEP, ACTION_RHYTHM = timedelta(days=30), timedelta(days=7)


@dataclass(frozen=True)
class Deadline:
    """The last day of a convention, or the last day on which a notice prevents its tacit renewal."""

    kind: str
    day: date


@dataclass(frozen=True)
class Step:
    """A deadline so many days ahead."""

    deadline: Deadline
    days: int

    @property
    def own_day(self) -> date:
        return self.deadline.day - timedelta(days=self.days)


def deadlines_ahead(terms: Terms, on: date) -> list[Deadline]:
    """Return the deadlines of a convention in force that come within the first step, `on` included, the end first."""
    if terms.period_on(on) is None:
        return []
    horizon = on + timedelta(days=max(STEPS))
    last_day = terms.last_day
    ends = [Deadline(END, last_day)] if last_day and last_day <= horizon else []
    return ends + [Deadline(NOTICE, day) for day in _notice_days(terms, on, horizon) if day >= on]


def steps_owed(terms: Terms, known_since: date, told: Collection[Step], on: date) -> list[Step]:
    """Return the steps to tell of on a day. `known_since` is when the dates became what they are, `told` what was told already."""
    nearest = (_nearest(deadline, on) for deadline in deadlines_ahead(terms, on))
    return [step for step in nearest if step and step.own_day >= known_since and not _is_told(step, told)]


def action_is_news(due_on: date, told_on: date | None, on: date) -> bool:
    """Say whether an action has come nearer or later by a step since the last message, None when there was none."""
    if on < due_on - ACTION_STEP:
        return False
    late_by = (on - due_on) // ACTION_RHYTHM * ACTION_RHYTHM if on >= due_on else -ACTION_STEP
    return told_on is None or told_on < due_on + late_by


def _notice_days(terms: Terms, on: date, horizon: date) -> Iterator[date]:
    """Give the last days for a notice, period after period: with a long notice, that of a later period may come first."""
    period = terms.period_on(on)
    while period and (day := terms.notice_deadline(period.starts_on)) and day <= horizon:
        yield day
        period = terms.period_on(period.ends_on + DAY)


def _nearest(deadline: Deadline, on: date) -> Step | None:
    passed = [step for step in (Step(deadline, days) for days in STEPS) if step.own_day <= on]
    return passed[-1] if passed else None


def _is_told(step: Step, told: Collection[Step]) -> bool:
    """A nearer step counts too: a clock set back must not bring an earlier one after it."""
    return any(other.deadline == step.deadline and other.days <= step.days for other in told)
