"""Agreements of internships: a stay never begins without its signatures (code du travail, art. L6341-1 and following)."""

from datetime import date

from django.urls import reverse

from e2c_portal.home.panels.counting import ahead, first_values, first_values_of, late, line
from e2c_portal.home.panels.desk import ALL_POSTS, COMPANIES, Desk, Post
from e2c_portal.home.panels.page import Task, Urgency
from trainees.reads.agreements import Waiting, agreements_waiting

STARTED = ("stage commencé sans convention signée", "stages commencés sans convention signée")
THIS_WEEK = (
    "stage commence dans les sept jours sans convention signée", "stages commencent dans les sept jours sans convention signée",
)  # fmt: skip
MINE = ("convention de stage attend votre signature", "conventions de stage attendent votre signature")
LATER = ("convention de stage à préparer pour plus tard", "conventions de stage à préparer pour plus tard")


def tasks_of(desk: Desk) -> list[Task]:
    """Return what waits for a signature: begun already, about to begin, then the others."""
    if not (desk.holds(ALL_POSTS) or desk.watches):
        return []
    days = _days(desk)
    found = _line(Waiting.OVERDUE, days[Waiting.OVERDUE], STARTED, Urgency.LAW)
    if desk.holds(frozenset({Post.DIRECTOR})):
        mine = first_values(agreements_waiting(desk.scope, Waiting.MINE, desk.user), "starts_on")
        found += _line(Waiting.MINE, mine, MINE, Urgency.NOW)
    found += _line(Waiting.SOON, days[Waiting.SOON], THIS_WEEK, Urgency.NOW)
    return found + _line(Waiting.LATER, days.get(Waiting.LATER, []), LATER, Urgency.OPEN)


def _days(desk: Desk) -> dict[str, list[date]]:
    """Return the first days of the stays that nobody signed for, by how near they are. One query, whatever their number."""
    told = [Waiting.OVERDUE, Waiting.SOON, *([Waiting.LATER] if desk.holds(COMPANIES) else [])]
    return first_values_of({one: agreements_waiting(desk.scope, one) for one in told}, "starts_on")


def _line(narrowed: Waiting, days: list[date], words: tuple[str, str], urgency: Urgency) -> list[Task]:
    url = f"{reverse('trainees:agreements_waiting')}?situation={narrowed.value}"
    return line(days, words, url, urgency, wait=late if narrowed == Waiting.OVERDUE else ahead)
