"""Agreements of internships: a stay never begins without its signatures (code du travail, art. L6341-1 and following)."""

from datetime import date

from django.urls import reverse

from e2c_portal.home.panels.counting import COUNTED_UP_TO, ahead, first_values, late, line
from e2c_portal.home.panels.desk import ALL_POSTS, COMPANIES, Desk, Post
from e2c_portal.home.panels.page import Task, Urgency
from trainees.reads.agreements import SOON, Waiting, agreements_waiting

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
        found += _line(Waiting.MINE, _read(desk, Waiting.MINE), MINE, Urgency.NOW)
    found += _line(Waiting.SOON, days[Waiting.SOON], THIS_WEEK, Urgency.NOW)
    if desk.holds(COMPANIES):
        found += _line(Waiting.LATER, days[Waiting.LATER], LATER, Urgency.OPEN)
    return found


def _days(desk: Desk) -> dict[Waiting, list[date]]:
    """Return the first days of the stays that nobody signed for. One query, three where hundreds wait."""
    most, soon = 3 * (COUNTED_UP_TO + 1), desk.today + SOON
    found = first_values(agreements_waiting(desk.scope), "starts_on", most)
    if len(found) == most:
        return {one: _read(desk, one) for one in (Waiting.OVERDUE, Waiting.SOON, Waiting.LATER)}
    return {
        Waiting.OVERDUE: [day for day in found if day < desk.today],
        Waiting.SOON: [day for day in found if desk.today <= day < soon],
        Waiting.LATER: [day for day in found if day >= soon],
    }


def _read(desk: Desk, narrowed: Waiting) -> list[date]:
    return first_values(agreements_waiting(desk.scope, narrowed, desk.user), "starts_on")


def _line(narrowed: Waiting, days: list[date], words: tuple[str, str], urgency: Urgency) -> list[Task]:
    url = f"{reverse('trainees:agreements_waiting')}?situation={narrowed.value}"
    return line(days, words, url, urgency, wait=late if narrowed == Waiting.OVERDUE else ahead)
