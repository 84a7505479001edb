"""The campaign of assessments in the words of the interface: tabs with their figures, one line an assessment, the board's lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.urls import reverse

from e2c_portal.kernel.workflow import State
from partnerships.diffusion import shown_name
from schools.scope import Scope
from trainees.models import CompanyAssessment
from trainees.reads.assessment_list import (
    AWAITED,
    COUNTED_UP_TO,
    LATE,
    RETURNED,
    TABS,
    TO_ASK,
    TO_DECIDE,
    VALIDATED,
    state_in_list,
    tab_counts,
    tab_of,
    wait_of,
)

# The tabs whose name is not that of the state of one row.
SEVERAL = {AWAITED: "Attendues", RETURNED: "Renvoyées", VALIDATED: "Validées"}


@dataclass(frozen=True)
class Tab:
    """One tab of the list: its address keeps the other filters."""

    label: str
    url: str
    count: str
    current: bool


@dataclass(frozen=True)
class Line:
    """One assessment of the list. `late` lines may be reminded together."""

    assessment: CompanyAssessment
    company: str
    state: State
    wait: str
    late: bool
    asked_of: str


@dataclass(frozen=True)
class Waiting:
    """What waits for the school, as the board of the day shows it."""

    label: str
    count: str
    url: str
    tone: str


def tabs_of(scope: Scope, school_id: int | None, current: str, query: QueryDict) -> list[Tab]:
    """Return the tabs with their figures, for the schools in scope or the one chosen."""
    counts = tab_counts(scope, school_id)
    tabs = []
    for name, state in TABS.items():
        asked = query.copy()
        asked.pop("page", None)
        asked["onglet"] = name
        count = figure(counts[name]) if name in counts else ""
        tabs.append(Tab(SEVERAL.get(name, state.label), f"?{asked.urlencode()}", count, name == current))
    return tabs


def figure(count: int) -> str:
    """Return a count as it is read, « 1000 ou plus » from where counting stops."""
    return f"{COUNTED_UP_TO} ou plus" if count >= COUNTED_UP_TO else str(count)


def lines_of(rows: Iterable[CompanyAssessment], today: date, *, writer: bool) -> list[Line]:
    """Return the lines of a page of the list. `writer` may read the names that their companies do not let out."""
    return [
        Line(
            row, shown_name(row.internship.establishment.company, writer=writer), state_in_list(row, today),
            wait_of(row, today), tab_of(row, today) == LATE, row.respondent.full_name if row.respondent else "",
        )
        for row in rows
    ]  # fmt: skip


def assessments_waiting(scope: Scope, school_id: int | None = None) -> list[Waiting]:
    """Return what waits of the assessments of a school (of the scope without one), what is empty left out. Three short queries."""
    counts = tab_counts(scope, school_id, (TO_DECIDE, LATE, TO_ASK))
    words = {TO_DECIDE: "Évaluations à valider", LATE: "Évaluations en retard", TO_ASK: "Évaluations à demander"}
    school = f"&ecole={school_id}" if school_id and scope.whole_network else ""
    page = reverse("trainees:assessments")
    return [
        Waiting(label, figure(counts[tab]), f"{page}?onglet={tab}{school}", TABS[tab].tone)
        for tab, label in words.items()
        if counts[tab]
    ]
