"""What a month of a school holds: the lines of its statement as plain values, and what prevents its freezing."""

from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from e2c_portal.kernel.french import NO_BREAK, counted, join_with_and, number
from schools.models import School
from schools.scope import Scope
from trainees.life.pathways import ENDED, NO_SHOW, PLANNED
from trainees.life.statements import OPEN
from trainees.models import AccidentReport, AttendanceHalfDay, MonthlyAttendanceStatement, Pathway
from trainees.models.attendance import THERE, Half, Place, Presence
from trainees.reads.attendance import noted_between, pathways_on, reports_waiting
from trainees.reads.expected import Calendar, Expected, calendar_of, days_between

# How a half-day is written in the grid of the statement, each with its meaning.
MARKS = {
    "P": "présent à l’école", "E": "présent en entreprise", "R": "présent, arrivé en retard", "A": "absence autorisée",
    "J": "absence justifiée", "N": "absence non justifiée", "?": "absence à justifier", "": "rien n’était attendu",
}  # fmt: skip
DAYS_NAMED = 6
FROZEN_WORDS = "Ce mois est figé : ses présences ne changent plus que par une correction de l’état mensuel."


@dataclass(frozen=True)
class Lack:
    """One thing to settle before a month is frozen, and the page where it is settled."""

    text: str
    url: str


@dataclass
class MonthFacts:
    """A month of a school as it stands now: `lines` and `totals` are plain values, ready to be frozen."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    totals: dict[str, Any] = field(default_factory=dict)
    lacks: list[Lack] = field(default_factory=list)


def hours_words(minutes: int) -> str:
    """Return « 84 h », « 80 h 30 »."""
    whole, rest = divmod(minutes, 60)
    tail = f"{NO_BREAK}{rest:02d}" if rest else ""
    return f"{number(whole)}{NO_BREAK}h{tail}"


def month_of(text: str) -> date | None:
    """Return the first day of « 2026-11 », None when it is not a month."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def last_day_of(month: date) -> date:
    """Return the last day of a month."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def statements_visible_to(scope: Scope) -> QuerySet[MonthlyAttendanceStatement]:
    """Return the versions of the statements of the schools in scope, the latest month first; their lines are not read."""
    rows = MonthlyAttendanceStatement.objects.select_related("school", "frozen_by", "opened_by").defer(
        "lines", "changes"
    )
    return rows if scope.whole_network else rows.filter(school__in=sorted(scope.school_ids))


def versions_of(scope: Scope, school_id: int, month: date) -> list[MonthlyAttendanceStatement]:
    """Return the versions of the statement of a month, the latest first; nothing outside the scope."""
    return list(statements_visible_to(scope).filter(school=school_id, month=month).order_by("-version"))


def schools_to_freeze(school_ids: Collection[int], month: date) -> list[int]:
    """Return those of the schools that had somebody in a pathway in a month and have not frozen its statement. One query."""
    first, last = month, last_day_of(month)
    made = MonthlyAttendanceStatement.objects.filter(school=OuterRef("pk"), month=month).exclude(status=OPEN)
    ended = Q(ended_on=None, planned_ends_on__gte=first) | Q(ended_on__gte=first)
    held = Pathway.objects.filter(ended, school=OuterRef("pk"), entered_on__lte=last).exclude(
        status__in=[PLANNED, NO_SHOW]
    )
    rows = School.objects.filter(~Exists(made), Exists(held), pk__in=school_ids).order_by("name", "pk")
    return list(rows.values_list("pk", flat=True))


def months_to_show(school: School, count: int = 12) -> list[date]:
    """Return the months a school may work on: this one and those before, the latest first."""
    today = timezone.localdate().replace(day=1)
    months = [today]
    while len(months) < count:
        months.append(date(months[-1].year - (months[-1].month == 1), months[-1].month - 1 or 12, 1))
    return months


def month_facts(school: School, month: date) -> MonthFacts:
    """Return what a month holds and what it lacks. Eight queries, however many trainees there are."""
    first, last = month, last_day_of(month)
    pathways = list(pathways_on(school.pk, first, last))
    ids = [pathway.pk for pathway in pathways]
    calendar, noted = calendar_of(school.pk, school.department, ids, first, last), noted_between(ids, first, last)
    facts = MonthFacts()
    for pathway in pathways:
        facts.lines.append(_line(pathway, noted, first, last))
        facts.lacks += _lacks(pathway, noted, calendar, first, last)
    facts.lacks += _waiting(school, first, last)
    facts.totals = _totals(facts.lines, _accidents(school, first, last))
    return facts


def _line(pathway: Pathway, noted: dict[Any, AttendanceHalfDay], first: date, last: date) -> dict[str, Any]:
    rows = [
        row for day in days_between(first, last) for half in Half.values if (row := noted.get((pathway.pk, day, half)))
    ]
    count = Counter(_kind(row) for row in rows)
    left = pathway.ended_on if pathway.status in ENDED and pathway.ended_on and pathway.ended_on <= last else None
    return {
        "pathway": pathway.pk, "name": pathway.trainee.sorted_name, "birth_date": pathway.trainee.birth_date.isoformat(),
        "site": pathway.site.name, "funding": pathway.funding, "entered_on": pathway.entered_on.isoformat(),
        "ended_on": left.isoformat() if left else None, "exit": pathway.state.label if left else "",
        "half_days": {name: count[name] for name in ("school", "company", "leave", "justified", "unjustified", "to_justify")},
        "late": sum(row.state == Presence.LATE for row in rows),
        "minutes": {place: sum(row.done_minutes for row in rows if row.place == place) for place in Place.values},
        "marks": [[row.day.isoformat(), row.half, mark_of(row)] for row in rows],
    }  # fmt: skip


def _kind(row: AttendanceHalfDay) -> str:
    if row.state in THERE:
        return row.place
    if row.state == Presence.LEAVE:
        return "leave"
    return {True: "justified", False: "unjustified", None: "to_justify"}[row.justified]


def mark_of(row: AttendanceHalfDay) -> str:
    """Return the letter of a half-day in the grid of the statement."""
    if row.state == Presence.LATE:
        return "R"
    if row.state == Presence.PRESENT:
        return "E" if row.place == Place.COMPANY else "P"
    return {"leave": "A", "justified": "J", "unjustified": "N", "to_justify": "?"}[_kind(row)]


def _totals(lines: Sequence[dict[str, Any]], accidents: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("school", "company", "leave", "justified", "unjustified", "to_justify")
    return {
        "trainees": len(lines),
        "half_days": {name: sum(line["half_days"][name] for line in lines) for name in names},
        "late": sum(line["late"] for line in lines),
        "minutes": {place: sum(line["minutes"][place] for line in lines) for place in Place.values},
        "accidents": accidents,
    }


def _accidents(school: School, first: date, last: date) -> list[dict[str, Any]]:
    """Return the accidents of the month as the funder is told of them: who, when, declared or not (CT, R6341-35)."""
    rows = AccidentReport.objects.filter(school=school, occurred_at__date__range=(first, last)).exclude(
        status="set_aside"
    )
    return [
        {
            "name": row.trainee.sorted_name, "day": timezone.localdate(row.occurred_at).isoformat(),
            "place": row.get_place_display(),
            "declared_on": timezone.localdate(row.declared_at).isoformat() if row.declared_at else None,
        }
        for row in rows.select_related("trainee").order_by("occurred_at", "pk")
    ]  # fmt: skip


def _lacks(
    pathway: Pathway, noted: dict[Any, AttendanceHalfDay], calendar: Calendar, first: date, last: date
) -> Iterable[Lack]:
    """Say what is missing for one person: half-days that nobody noted, absences that nobody decided."""
    name, missing = str(pathway.trainee), []
    for day in days_between(max(first, pathway.entered_on), min(last, pathway.last_day)):
        for half in Half.values:
            row = noted.get((pathway.pk, day, half))
            if row is None and isinstance(calendar.on(pathway, day, half), Expected):
                missing.append(day)
            elif row is not None and row.state == Presence.ABSENT and row.justified is None:
                told = f"{name} : absence du {day:%d/%m/%Y} ({Half(half).label.lower()}) à dire justifiée ou non"
                yield Lack(told, reverse("trainees:absence", args=[row.pk]))
    if missing:
        days = [f"{day:%d/%m}" for day in dict.fromkeys(missing)]
        more = f" et {len(days) - DAYS_NAMED} autres jours" if len(days) > DAYS_NAMED else ""
        named = ", ".join(days[:DAYS_NAMED]) + more if more else join_with_and(days)
        told = f"{name} : {counted(len(missing), 'demi-journée non notée', 'demi-journées non notées')} ({named})"
        yield Lack(told, reverse("trainees:attendance_week", args=[pathway.trainee.public_id, missing[0].isoformat()]))


def _waiting(school: School, first: date, last: date) -> list[Lack]:
    return [
        Lack(f"{report.internship.trainee} : signalement du tuteur à traiter ({report})", report.get_absolute_url())
        for report in reports_waiting(school.pk, first, last)
    ]


def changes_between(before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the half-days that differ from one version to the next, each with what it was and what it becomes."""
    was, now = _by_half_day(before), _by_half_day(after)
    found = []
    for key in sorted(was.keys() | now.keys(), key=lambda key: (key[1], key[2], key[0])):
        if was.get(key, ("", ""))[1] != now.get(key, ("", ""))[1]:
            name = (now.get(key) or was[key])[0]
            found.append({
                "name": name, "day": key[1], "half": key[2],
                "before": was.get(key, ("", ""))[1], "after": now.get(key, ("", ""))[1],
            })  # fmt: skip
    return found


def _by_half_day(lines: Sequence[dict[str, Any]]) -> dict[tuple[int, str, str], tuple[str, str]]:
    return {(line["pathway"], day, half): (line["name"], mark) for line in lines for day, half, mark in line["marks"]}


def frozen_words(school_id: int, day: date) -> str:
    """Say that the month of a day is frozen, nothing when its presences may be written. One query."""
    month = day.replace(day=1)
    known = set(
        MonthlyAttendanceStatement.objects.filter(school=school_id, month=month).values_list("status", flat=True)
    )
    return FROZEN_WORDS if known and "open" not in known else ""
