"""The campaign of assessments: what companies owe, what trainees read, what the school decides.

Whatever is under way stands in a small index of its own (`assessment_in_progress`), so that the network reads all schools at
once; what is over is read in one school at a time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from e2c_portal.kernel.french import counted
from e2c_portal.kernel.search import fold
from e2c_portal.kernel.workflow import State
from schools.scope import Scope
from trainees.life import assessments as life
from trainees.models import CompanyAssessment, Internship
from trainees.reads.assessment_page import answer_of
from trainees.reads.internship_words import holding_words
from trainees.reads.visible import own_schools

UNDER_WAY, TO_ASK, AWAITED, LATE, TO_READ, TO_DECIDE, RETURNED, VALIDATED, CANCELLED, ALL = (
    "a-suivre", "a-demander", "attendues", "en-retard", "a-lire", "a-decider", "renvoyees", "validees", "sans-objet", "toutes",
)  # fmt: skip
COUNTED_UP_TO = 1000

# What the list is narrowed to, as people read it: the label of the tab, the state of its rows, and what comes next.
TABS = {
    UNDER_WAY: State("À suivre", "Tout ce qui attend quelqu’un.", "info"),
    TO_ASK: State("À demander", "Préparée, pas encore envoyée à l’entreprise.", "info"),
    AWAITED: State("Attendue", "L’entreprise a reçu son lien.", "progress"),
    LATE: State("En retard", "La date prévue est passée.", "danger"),
    TO_READ: State("À lire par le stagiaire", "L’entreprise l’a envoyée, le stagiaire n’a pas répondu.", "warning"),
    TO_DECIDE: State("À décider", "Le stagiaire a répondu : l’école décide.", "warning"),
    RETURNED: State("Renvoyée", "L’école a posé une question à l’entreprise.", "progress"),
    VALIDATED: State("Validée", "L’école a décidé.", "success"),
    CANCELLED: State("Sans objet", "Personne ne la remplira.", "neutral"),
    ALL: State("Toutes", "Toutes les versions, remplacées comprises.", "neutral"),
}
IN_PROGRESS = (life.OPEN, life.SUBMITTED, life.RETURNED)
COUNTED = (LATE, TO_DECIDE, TO_READ, TO_ASK, AWAITED, RETURNED)
# Read in one school: among all of the network they are as many as the internships.
OF_ONE_SCHOOL = (VALIDATED, CANCELLED, ALL)


@dataclass(frozen=True)
class Asking:
    """What the list is asked for; what is empty narrows nothing."""

    tab: str = UNDER_WAY
    words: str = ""
    school_id: int | None = None

    def needs_a_school(self, scope: Scope) -> bool:
        """Say whether a school must be chosen first: what is over is as long as the years of the network."""
        return scope.whole_network and self.school_id is None and self.tab in OF_ONE_SCHOOL


def schools_of(scope: Scope) -> list[tuple[int, str]]:
    """Return the schools the list may be narrowed to: nothing to choose for whoever works in one."""
    rows = list(own_schools(scope).order_by("name").values_list("pk", "name"))
    return rows if scope.whole_network or len(rows) > 1 else []


def assessments_visible_to(scope: Scope) -> QuerySet[CompanyAssessment]:
    """Return the assessments made for the schools in scope."""
    rows = CompanyAssessment.objects.all()
    return rows if scope.whole_network else rows.filter(school__in=sorted(scope.school_ids))


def assessments_listed(scope: Scope, asking: Asking) -> QuerySet[CompanyAssessment]:
    """Return the assessments asked for, the most urgent first; those that are over, the latest first."""
    rows = assessments_visible_to(scope)
    if asking.needs_a_school(scope):
        return rows.none().order_by("pk")
    if asking.school_id:
        rows = rows.filter(school=asking.school_id)
    rows = in_tab(rows, asking.tab, timezone.localdate())
    if words := fold(asking.words).split():
        rows = _holding(rows, words, everywhere=scope.whole_network and not asking.school_id)
    rows = rows.select_related(
        "school", "answer", "respondent", "decided_by", "internship__trainee", "internship__establishment__company"
    )
    return rows.order_by("-due_on", "-pk") if asking.tab in OF_ONE_SCHOOL else rows.order_by("due_on", "pk")


def in_tab(rows: QuerySet[CompanyAssessment], tab: str, today: date) -> QuerySet[CompanyAssessment]:
    """Keep the rows of one tab."""
    waiting = {
        UNDER_WAY: Q(status__in=IN_PROGRESS),
        TO_ASK: Q(status=life.OPEN, asked_at=None, due_on__gte=today),
        AWAITED: Q(status=life.OPEN, asked_at__isnull=False, due_on__gte=today),
        LATE: Q(status=life.OPEN, due_on__lt=today),
        TO_READ: Q(status=life.SUBMITTED, answer__isnull=True),
        TO_DECIDE: Q(status=life.SUBMITTED, answer__isnull=False),
        RETURNED: Q(status=life.RETURNED),
        VALIDATED: Q(status=life.VALIDATED),
        CANCELLED: Q(status=life.CANCELLED),
    }
    if tab not in waiting:
        return rows
    kept = rows.filter(waiting[tab])
    # Said again, so that the index of what is under way serves its tabs too.
    return kept.filter(status__in=IN_PROGRESS) if tab not in OF_ONE_SCHOOL else kept


def tab_of(assessment: CompanyAssessment, today: date) -> str:
    """Return the tab in which an assessment stands, empty for a version that another one replaces."""
    if assessment.status == life.OPEN:
        if assessment.due_on < today:
            return LATE
        return AWAITED if assessment.asked_at else TO_ASK
    if assessment.status == life.SUBMITTED:
        return TO_DECIDE if answer_of(assessment) else TO_READ
    return {life.RETURNED: RETURNED, life.VALIDATED: VALIDATED, life.CANCELLED: CANCELLED}.get(assessment.status, "")


def state_in_list(assessment: CompanyAssessment, today: date) -> State:
    """Return where an assessment stands, as the list and the pages say it."""
    tab = tab_of(assessment, today)
    return TABS[tab] if tab else assessment.state


def wait_of(assessment: CompanyAssessment, today: date) -> str:
    """Return since when, or until when, an assessment waits, in words; empty when nobody waits."""
    tab, answer = tab_of(assessment, today), answer_of(assessment)
    if tab == LATE:
        return f"en retard de {counted((today - assessment.due_on).days, 'jour', 'jours')}"
    if tab in (TO_ASK, AWAITED):
        return f"pour le {assessment.due_on:%d/%m/%Y}"
    if tab == TO_DECIDE and answer:
        return _since(timezone.localdate(answer.answered_at), today)
    if tab == TO_READ and assessment.submitted_at:
        return _since(timezone.localdate(assessment.submitted_at), today)
    return ""


def _since(day: date, today: date) -> str:
    days = (today - day).days
    return f"depuis {counted(days, 'jour', 'jours')}" if days > 0 else "depuis aujourd’hui"


def tab_counts(scope: Scope, school_id: int | None, tabs: Iterable[str] = COUNTED) -> dict[str, int]:
    """Return how many assessments stand in each of these tabs, counted up to COUNTED_UP_TO. One short query a tab."""
    rows, today = assessments_visible_to(scope), timezone.localdate()
    if school_id:
        rows = rows.filter(school=school_id)
    return {tab: in_tab(rows, tab, today).order_by()[:COUNTED_UP_TO].count() for tab in tabs}


def assessments_named(scope: Scope, numbers: Iterable[int]) -> list[CompanyAssessment]:
    """Return those of the numbers that the scope reaches, to act on several at once."""
    rows = assessments_visible_to(scope).filter(pk__in=list(numbers))
    return list(rows.select_related("internship__trainee", "respondent").order_by("due_on", "pk"))


def _holding(rows: QuerySet[CompanyAssessment], words: list[str], *, everywhere: bool) -> QuerySet[CompanyAssessment]:
    """Keep the assessments whose trainee or company holds every word, as the list of internships finds them."""
    stays = Internship.objects.order_by()
    if not everywhere:
        stays = stays.filter(pk__in=rows.order_by().values("internship"))
    return rows.filter(internship__in=holding_words(stays, words, everywhere=everywhere).order_by().values("pk"))
