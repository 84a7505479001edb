"""What somebody finds on the first page: only here are the reads of several apps put side by side.

One file for each subject. Each asks first whether the person may act, then reads one short query for each line: what a role
cannot do costs nothing.
"""

from e2c_portal.accounts.models import User
from e2c_portal.home.panels import agreements, assises, conventions, figures, privacy, school, skills, ways, work
from e2c_portal.home.panels.desk import Desk, desk_of
from e2c_portal.home.panels.page import Task, Today
from e2c_portal.home.panels.welcome import welcome_of

# The order of what is equally urgent.
SUBJECTS = (agreements, school, skills, conventions, assises, privacy, work)


def today_of(user: User) -> Today:
    """Return what this person has to do, their figures and where to go, within their scope."""
    desk = desk_of(user)
    if desk.scope.empty:
        return Today(belongs=False, welcome=welcome_of(user), ways=ways.ways_of(desk))
    return Today(
        belongs=True, tasks=_tasks(desk), figures=figures.figures_on(desk), ways=ways.ways_of(desk), next=ways.next_of(desk),
        reads_only=desk.reads_only, where=desk.where,
    )  # fmt: skip


def _tasks(desk: Desk) -> list[Task]:
    """Return what waits, the most urgent first; what is equally urgent keeps the order of the subjects."""
    found = [task for subject in SUBJECTS for task in subject.tasks_of(desk)]
    return sorted(found, key=lambda task: task.urgency)
