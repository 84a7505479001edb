"""The promises of companies among the figures: where they stand today."""

from datetime import date

from partnerships.progress import KEPT, ON_TIME, UNDATED, UNMEASURED
from partnerships.promise_list import FollowedPromise, Wanted, promises_followed
from schools.scope import Scope


def promises_measured(day: date) -> list[FollowedPromise]:
    """Return the promises in force on a day that have a target and dates."""
    rows = promises_followed(Scope(whole_network=True), Wanted(), day)
    return [row for row in rows if row.progress.standing not in (UNMEASURED, UNDATED)]


def promises_kept(day: date) -> tuple[int, int]:
    """Return how many promises are kept or on time, and among how many."""
    rows = promises_measured(day)
    return sum(row.progress.standing in (KEPT, ON_TIME) for row in rows), len(rows)
