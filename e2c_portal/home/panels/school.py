"""What a school owes today: accidents, presences, people without an internship, calls, visits, transfers."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from e2c_portal.home.panels.counting import ahead, first_values, late, line, number_of, task, waiting
from e2c_portal.home.panels.desk import COMPANIES, LEADS, TEACHES, Desk, Post
from e2c_portal.home.panels.page import Task, Urgency
from e2c_portal.kernel.french import MONTHS, NO_BREAK
from trainees.life import internships as internship_life
from trainees.models.attendance import Presence
from trainees.models.tutor_reports import REPORTED
from trainees.reads.accidents import accidents_to_declare, span_words
from trainees.reads.approaches import LATE, approaches_in, approaches_visible_to
from trainees.reads.attendance import AbsencesWanted, absences, group_on, reports_visible_to
from trainees.reads.attendance import Group as DayGroup
from trainees.reads.follow_ups import follow_ups_due
from trainees.reads.people import IDLE, UNTOLD, Wanted, trainees_wanted
from trainees.reads.statements import schools_to_freeze
from trainees.reads.transfers import transfers_to_answer
from trainees.reads.unnoted import last_school_days
from trainees.reads.visible import internships_visible_to
from trainees.reads.visits import PLANNED, WITHOUT, internships_without_visit, visits_in, visits_visible_to

REFERENT = frozenset({Post.REFERENT})
RELATIONS = frozenset({Post.REFERENT, Post.COMPANY_RELATIONS})


def tasks_of(desk: Desk) -> list[Task]:
    """Return what waits in the school, or, for who watches the network, what the law puts a clock on."""
    found = _accidents(desk) if desk.holds(TEACHES) or desk.watches else []
    if desk.holds(TEACHES):
        found += _presences(desk) + _follow_ups(desk)
    if desk.holds(LEADS):
        found += _leading(desk)
    if desk.holds(COMPANIES | REFERENT):
        found += _without_internship(desk)
    if desk.holds(RELATIONS):
        found += _companies(desk)
    return found


def _accidents(desk: Desk) -> list[Task]:
    """The school declares within 48 hours (code de la sécurité sociale, art. R441-3)."""
    found = first_values(accidents_to_declare(desk.scope), "deadline_at")
    if not found:
        return []
    left = found[0] - timezone.now()
    told = f"il reste {span_words(left)}" if left > timedelta(0) else f"délai dépassé depuis {span_words(-left)}"
    if len(found) > 1:
        told = f"le plus pressé{NO_BREAK}: {told}"
    url = f"{reverse('trainees:accidents')}?etat=to_declare"
    return [Task(number_of(len(found), "accident à déclarer", "accidents à déclarer"), url, Urgency.LAW, told)]


def _presences(desk: Desk) -> list[Task]:
    found = _days_not_noted(desk)
    missing = absences(desk.scope, AbsencesWanted()).filter(state=Presence.ABSENT)
    words = ("demi-journée d’absence à justifier ou non", "demi-journées d’absence à justifier ou non")
    found += task(missing, "day", words, reverse("trainees:absences"), Urgency.SOON, wait=waiting)
    told = reports_visible_to(desk.scope).filter(status=REPORTED)
    words = ("signalement d’un tuteur à noter", "signalements de tuteurs à noter")
    return found + task(told, "reported_at", words, reverse("trainees:reports"), Urgency.LATE, wait=waiting)


def _days_not_noted(desk: Desk) -> list[Task]:
    """Of whom nothing is noted for the last day the school was open, school by school."""
    found, days = [], last_school_days(desk.schools, desk.today)
    only = desk.user.pk if desk.posts == REFERENT else None
    for school in desk.schools:
        if (day := days.get(school.pk)) is None:
            continue
        rows = group_on(DayGroup(school, referent_id=only, unnoted=True), day)
        if count := len(first_values(rows, "pk")):
            query = f"?vide=on&ecole={school.pk}" + (f"&referent={only}" if only else "")
            url = reverse("trainees:attendance_day", args=[day.isoformat()]) + query
            words = number_of(count, "stagiaire sans présence notée", "stagiaires sans présence notée")
            found.append(Task(f"{desk.whose(school.pk)}{words}", url, Urgency.LATE, _said(day, desk.today)))
    return found


def _said(day: date, today: date) -> str:
    return "pour hier" if (today - day).days == 1 else f"pour le {day.day}{NO_BREAK}{MONTHS[day.month - 1]}"


def _follow_ups(desk: Desk) -> list[Task]:
    """The calls at 3, 6, 9 and 12 months: those that are late, else those of the two weeks to come."""
    url, days = reverse("trainees:follow_ups"), first_values(follow_ups_due(desk.scope, desk.today), "due_on")
    words = ("appel de suivi en retard après une sortie", "appels de suivi en retard après une sortie")
    if over := [day for day in days if day < desk.today]:
        return line(over, words, f"{url}?retard=on", Urgency.LATE, wait=late)
    words = ("appel de suivi à faire dans les deux semaines", "appels de suivi à faire dans les deux semaines")
    return line(days, words, url, Urgency.OPEN, wait=ahead)


def _leading(desk: Desk) -> list[Task]:
    """What those who lead a school answer for."""
    url = f"{reverse('trainees:transfers')}?a-repondre"
    words = ("transfert attend la réponse de votre école", "transferts attendent la réponse de votre école")
    found = task(transfers_to_answer(desk.scope), "asked_at", words, url, Urgency.LATE, wait=waiting)
    found += _months_to_freeze(desk)
    untold = trainees_wanted(desk.scope, Wanted(situation=UNTOLD))
    words = ("stagiaire parti depuis un an, sortie à noter", "stagiaires partis depuis un an, sortie à noter")
    return found + task(untold, "pk", words, f"{reverse('trainees:trainees')}?situation={UNTOLD}", Urgency.OPEN)


def _months_to_freeze(desk: Desk) -> list[Task]:
    """The funder waits for the statement of the month that ended (code du travail, art. R6341-35)."""
    month = (desk.today.replace(day=1) - timedelta(days=1)).replace(day=1)
    ended = desk.today.replace(day=1)
    return [
        Task(
            f"{desk.whose(pk)}état de présence {_of_month(month)} à figer",
            reverse("trainees:statement", args=[pk, f"{month:%Y-%m}"]), Urgency.SOON, waiting(ended, desk.today),
        )
        for pk in schools_to_freeze(desk.scope.school_ids, month)
    ]  # fmt: skip


def _of_month(month: date) -> str:
    name = MONTHS[month.month - 1]
    return f"{'d’' if name[0] in 'ao' else 'de '}{name}{NO_BREAK}{month.year}"


def _without_internship(desk: Desk) -> list[Task]:
    """Those of the person alone for a referent; everybody for the others."""
    only = desk.posts == REFERENT
    rows = trainees_wanted(desk.scope, Wanted(situation=IDLE, referent_id=desk.user.pk if only else None))
    query = f"?situation={IDLE}" + ("&mes=on" if only else "")
    words = ("stagiaire sans stage en cours ni à venir", "stagiaires sans stage en cours ni à venir")
    return task(rows, "pk", words, reverse("trainees:trainees") + query, Urgency.SOON)


def _companies(desk: Desk) -> list[Task]:
    """Hosts to call back, hosts that have not said yes, visits to tutors."""
    url = reverse("trainees:approaches")
    words = ("démarche auprès d’un accueil à reprendre", "démarches auprès d’accueils à reprendre")
    late_ones = approaches_in(approaches_visible_to(desk.scope), LATE)
    found = task(late_ones, "next_on", words, f"{url}?voir={LATE}", Urgency.LATE, wait=late)
    if desk.holds(frozenset({Post.COMPANY_RELATIONS})):
        asked = internships_visible_to(desk.scope).filter(status=internship_life.PROSPECTED)
        words = ("stage à faire confirmer par l’entreprise", "stages à faire confirmer par l’entreprise")
        url = f"{reverse('trainees:internships')}?situation=prospected"
        found += task(asked, "starts_on", words, url, Urgency.SOON, wait=ahead)
    visits, url = visits_visible_to(desk.scope), f"{reverse('trainees:visits')}?voir="
    words = ("visite de stage à faire, la vôtre", "visites de stage à faire, les vôtres")
    mine = visits_in(visits, PLANNED, desk.user)
    found += task(mine, "planned_on", words, f"{url}miennes", Urgency.SOON, wait=ahead)
    words = ("stage en cours sans visite prévue", "stages en cours sans visite prévue")
    unseen = internships_without_visit(desk.scope, desk.today)
    return found + task(unseen, "last_day", words, f"{url}{WITHOUT}", Urgency.OPEN, wait=ahead)
