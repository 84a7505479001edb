"""Assessments: what companies owe, what the school has to decide."""

from django.urls import reverse

from e2c_portal.home.panels.counting import late, task, waiting
from e2c_portal.home.panels.desk import ALL_POSTS, TEACHES, Desk
from e2c_portal.home.panels.page import Task, Urgency
from trainees.reads.assessment_list import LATE, TO_DECIDE, assessments_visible_to, in_tab

DECIDE = ("évaluation attend la décision de l’école", "évaluations attendent la décision de l’école")
OWED = ("évaluation d’entreprise en retard", "évaluations d’entreprises en retard")


def tasks_of(desk: Desk) -> list[Task]:
    """Return the assessments that wait for the school, then those that companies did not send in time."""
    if not desk.holds(ALL_POSTS):
        return []
    rows, url = assessments_visible_to(desk.scope), f"{reverse('trainees:assessments')}?onglet="
    found = []
    if desk.holds(TEACHES):
        to_decide = in_tab(rows, TO_DECIDE, desk.today)
        found += task(to_decide, "answer__answered_at", DECIDE, f"{url}{TO_DECIDE}", Urgency.LATE, wait=waiting)
    return found + task(in_tab(rows, LATE, desk.today), "due_on", OWED, f"{url}{LATE}", Urgency.LATE, wait=late)
