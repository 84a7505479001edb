"""Every read of accidents, and their clock in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from e2c_portal.kernel.french import counted, join_with_and
from e2c_portal.kernel.search import fold
from schools.scope import Scope
from trainees.law.accident_clock import TOLD_WITHIN, told_late
from trainees.life.pathways import NO_SHOW, PLANNED
from trainees.models import AccidentReport, Internship, Pathway, Trainee
from trainees.models.accidents import TO_DECLARE
from trainees.reads.expected import GOING
from trainees.reads.visible import trainees_visible_to

SCHOOL_DECLARES = (
    "L’école déclare l’accident à la caisse d’assurance maladie (code de la sécurité sociale, art. R412-5 ; "
    "code du travail, art. R6342-3)."
)
PMSMP_DECLARES = (
    "C’est une PMSMP : l’entreprise prévient l’école sous 24 heures, l’école transmet à la structure prescriptrice, et la "
    "déclaration part sous 48 heures (code du travail, art. D5135-5)."
)
# When to remind before the deadline; « late » comes once it has passed.
STEPS = (("day", timedelta(hours=24)), ("hours", timedelta(hours=6)))


@dataclass(frozen=True)
class Clock:
    """Where the legal clock of an accident stands, in words. `tone` is never the only sign."""

    tone: str
    title: str
    left_words: str
    who_declares: str
    remarks: tuple[str, ...] = ()


def accidents_visible_to(scope: Scope) -> QuerySet[AccidentReport]:
    """Return the accidents of the schools in scope, what is to be declared first."""
    rows = AccidentReport.objects.select_related("trainee", "school", "internship__establishment__company")
    return rows if scope.whole_network else rows.filter(school__in=sorted(scope.school_ids))


def accidents_searched(scope: Scope, words: str, status: str) -> QuerySet[AccidentReport]:
    """Return the accidents in scope that match, the latest first."""
    rows = accidents_visible_to(scope).order_by("-occurred_at", "-pk")
    if status:
        rows = rows.filter(status=status)
    for word in fold(words).split():
        rows = rows.filter(trainee__search__contains=word)
    return rows


def accident_known_to(scope: Scope, pk: int) -> AccidentReport | None:
    """Return one accident of the scope, None outside it."""
    rows = accidents_visible_to(scope).select_related(
        "pathway__referent",
        "internship__referent",
        "internship__tutor",
        "declared_by",
        "recorded_by",
        "reported_by_contact",
    )
    return rows.filter(pk=pk).first()


def accidents_to_declare(scope: Scope, school_id: int | None = None) -> QuerySet[AccidentReport]:
    """Return the accidents in scope that wait for their declaration, the most urgent first; those of one school if said."""
    rows = accidents_visible_to(scope).filter(status=TO_DECLARE).order_by("deadline_at", "pk")
    return rows.filter(school=school_id) if school_id else rows


def accidents_told(scope: Scope, school_id: int) -> list[AccidentReport]:
    """Return the accidents of a school that wait for their declaration, with what the board tells of them and no health data."""
    rows = accidents_to_declare(scope, school_id).select_related(None).select_related("trainee")
    return list(rows.only("deadline_at", "trainee__first_name", "trainee__last_name"))


def overdue_accidents(scope: Scope) -> int:
    """Return how many accidents in scope have passed their deadline undeclared (invariant 17 of the domain dossier)."""
    return accidents_visible_to(scope).filter(status=TO_DECLARE, deadline_at__lt=timezone.now()).count()


def steps_due(accident: AccidentReport, now: datetime) -> str:
    """Return the step of the clock to remind of now: « day », « hours », « late », or nothing."""
    if now >= accident.deadline_at:
        return "late"
    return next((name for name, before in reversed(STEPS) if now >= accident.deadline_at - before), "")


def accidents_to_remind(now: datetime) -> list[int]:
    """Return the accidents whose clock has reached its first step, for the reminders. One query."""
    reach = now + STEPS[0][1]
    rows = AccidentReport.objects.filter(status=TO_DECLARE, deadline_at__lte=reach)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def clock_of(accident: AccidentReport, now: datetime) -> Clock:
    """Say where the clock stands. Asks nothing of the database."""
    who = PMSMP_DECLARES if accident.is_pmsmp else SCHOOL_DECLARES
    remarks = _remarks(accident)
    if accident.declared_at:
        late = accident.declared_at > accident.deadline_at
        title = "Déclaré hors délai" if late else "Déclaré dans le délai"
        return Clock("warning" if late else "success", title, "", who, remarks)
    if not accident.is_open:
        return Clock("neutral", "Sans suite", "", who, remarks)
    left = accident.deadline_at - now
    if left <= timedelta(0):
        since = f"Le délai est dépassé depuis {span_words(-left)} : déclarez sans attendre."
        return Clock("danger", "Délai dépassé", since, who, remarks)
    tone = "danger" if left <= STEPS[1][1] else "warning"
    return Clock(tone, "À déclarer", f"Il reste {span_words(left)}.", who, remarks)


def span_words(span: timedelta) -> str:
    """Return « 1 jour et 3 heures », « 45 minutes »."""
    minutes = int(span.total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "jour", "jours"), (hours, "heure", "heures"), (rest if not days else 0, "minute", "minutes")]
    return join_with_and([counted(*part) for part in parts if part[0]]) or "moins d’une minute"


def _remarks(accident: AccidentReport) -> tuple[str, ...]:
    found = []
    if told_late(accident.occurred_at, accident.victim_told_at):
        found.append("La victime a prévenu plus de 24 heures après (code de la sécurité sociale, art. R441-2).")
    if accident.is_pmsmp and accident.host_knew_at and accident.known_at - accident.host_knew_at > TOLD_WITHIN:
        found.append("L’entreprise a prévenu l’école plus de 24 heures après avoir su (code du travail, art. D5135-5).")
    if accident.is_pmsmp and accident.is_open and not accident.passed_on_at:
        found.append("L’accident n’est pas encore transmis à la structure prescriptrice.")
    return tuple(found)


def latest_pathway(trainee: Trainee) -> Pathway | None:
    """Return the last pathway of a person who arrived: that of the accident."""
    rows = Pathway.objects.filter(trainee=trainee).exclude(status__in=[PLANNED, NO_SHOW])
    return rows.select_related("trainee", "school", "referent").order_by("-entered_on").first()


def stays_of(pathway: Pathway) -> list[Internship]:
    """Return the internships of a pathway during which an accident may have happened, the latest first."""
    rows = pathway.internships.filter(status__in=GOING).select_related("establishment__company")
    return list(rows.order_by("-starts_on"))


def victims_searched(scope: Scope, words: str) -> list[Trainee]:
    """Return the trainees whose name holds every word, to choose whose accident it is."""
    rows = trainees_visible_to(scope)
    for word in fold(words).split():
        rows = rows.filter(search__contains=word)
    return list(rows.order_by("search", "pk")[:20])
