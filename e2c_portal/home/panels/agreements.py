"""Agreements of internships: a stay never begins without its signatures (code du travail, art. L6341-1 and following)."""

from django.urls import reverse

from e2c_portal.home.panels.counting import ahead, late, task
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
    found = _line(desk, Waiting.OVERDUE, STARTED, Urgency.LAW)
    if desk.holds(frozenset({Post.DIRECTOR})):
        found += _line(desk, Waiting.MINE, MINE, Urgency.NOW)
    found += _line(desk, Waiting.SOON, THIS_WEEK, Urgency.NOW)
    if desk.holds(COMPANIES):
        found += _line(desk, Waiting.LATER, LATER, Urgency.OPEN)
    return found


def _line(desk: Desk, narrowed: Waiting, words: tuple[str, str], urgency: Urgency) -> list[Task]:
    rows = agreements_waiting(desk.scope, narrowed, desk.user)
    url = f"{reverse('trainees:agreements_waiting')}?situation={narrowed.value}"
    wait = late if narrowed == Waiting.OVERDUE else ahead
    return task(rows, "starts_on", words, url, urgency, wait=wait)
