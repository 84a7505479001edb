"""What a monthly statement prints, frozen as plain values, and what its document is worth on a day."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import Order
from e2c_portal.kernel import french
from e2c_portal.kernel.identifiers import printed_number
from schools.queries import current_network
from trainees.life.statements import SUPERSEDED
from trainees.models import MonthlyAttendanceStatement
from trainees.models.attendance import Half
from trainees.permissions import TraineePermission
from trainees.reads.statements import MARKS, hours_words, last_day_of

KIND = "attendance_statement"
WEEK_LETTERS = "LMMJVSD"
AWAY = {"A": "autorisée", "J": "justifiée", "N": "non justifiée"}


def statement_order(statement: MonthlyAttendanceStatement) -> Order:
    """Return what is to be printed of a version that is frozen."""
    title = f"État mensuel de présence, {statement.month_words}"
    return Order(KIND, statement, statement.reference, title, content_of(statement))


def content_of(statement: MonthlyAttendanceStatement) -> dict[str, Any]:
    """Return the values a statement prints: plain, JSON-ready, hours in words, dates in ISO form."""
    school, network, days = statement.school, current_network(), _days_of(statement.month)
    frozen_by = statement.frozen_by
    return {
        "issuer": school.name,
        "region": network.region_name if network else "",
        "school": {
            "name": school.name, "operator": school.operator, "siret": printed_number(school.siret),
            "declaration_number": school.activity_declaration_number,
        },
        "month": statement.month_words, "version": statement.version, "reason": statement.reason,
        "days": [{"number": str(day.day), "letter": WEEK_LETTERS[day.weekday()]} for day in days],
        "rows": [_row(line, days) for line in statement.lines],
        "totals": _totals(statement.totals),
        "absences": _absences(statement.lines),
        "accidents": statement.totals.get("accidents", []),
        "changes": [_change(change) for change in statement.changes],
        "legend": [{"mark": mark, "meaning": meaning} for mark, meaning in MARKS.items() if mark and mark != "?"],
        "frozen": {
            "on": french.day_in_letters(timezone.localdate(statement.frozen_at)) if statement.frozen_at else "",
            "by": frozen_by.full_name if frozen_by else "",
        },
    }  # fmt: skip


def _days_of(month: date) -> list[date]:
    return [month + timedelta(days=number) for number in range(last_day_of(month).day)]


def _row(line: dict[str, Any], days: list[date]) -> dict[str, Any]:
    marks = {(day, half): mark for day, half, mark in line["marks"]}
    return {
        "name": line["name"], "birth_date": line["birth_date"], "site": line["site"], "funding": line["funding"],
        "entered_on": line["entered_on"], "ended_on": line["ended_on"], "exit": line["exit"],
        "school_half_days": str(line["half_days"]["school"]), "company_half_days": str(line["half_days"]["company"]),
        "school_hours": hours_words(line["minutes"]["school"]), "company_hours": hours_words(line["minutes"]["company"]),
        "total_hours": hours_words(sum(line["minutes"].values())), "late": str(line["late"]), "leave": str(line["half_days"]["leave"]),
        "justified": str(line["half_days"]["justified"]), "unjustified": str(line["half_days"]["unjustified"]),
        "marks": [_both([marks.get((day.isoformat(), half), "") for half in Half.values]) for day in days],
    }  # fmt: skip


def _both(halves: list[str]) -> list[str]:
    """Keep the place of the half-day that is empty beside one that is not: a dot stands for it."""
    return [mark or "·" for mark in halves] if any(halves) else []


def _totals(totals: dict[str, Any]) -> dict[str, str]:
    half_days, minutes = totals["half_days"], totals["minutes"]
    return {
        "trainees": french.counted(totals["trainees"], "stagiaire", "stagiaires"),
        "school_half_days": french.number(half_days["school"]), "company_half_days": french.number(half_days["company"]),
        "school_hours": hours_words(minutes["school"]), "company_hours": hours_words(minutes["company"]),
        "total_hours": hours_words(sum(minutes.values())), "late": french.number(totals["late"]), "leave": french.number(half_days["leave"]),
        "justified": french.number(half_days["justified"]), "unjustified": french.number(half_days["unjustified"]),
    }  # fmt: skip


def _absences(lines: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the half-days of absence, person by person: never their reason, which may tell of health."""
    found = []
    for line in lines:
        for kind, words in AWAY.items():
            told = [
                f"{date.fromisoformat(day).day} ({_half(half)})" for day, half, mark in line["marks"] if mark == kind
            ]
            if told:
                found.append({"name": line["name"], "kind": words, "count": str(len(told)), "days": ", ".join(told)})
    return found


def _half(half: str) -> str:
    return "matin" if half == Half.MORNING else "après-midi"


def _change(change: dict[str, str]) -> dict[str, str]:
    return {
        "name": change["name"], "day": change["day"], "half": _half(change["half"]),
        "before": MARKS[change["before"]], "after": MARKS[change["after"]],
    }  # fmt: skip


def _statement_of(document: Document) -> MonthlyAttendanceStatement:
    rows = MonthlyAttendanceStatement.objects.select_related("school").defer("lines", "changes")
    return rows.get(pk=document.subject.rsplit(":", 1)[1])


def standing(document: Document, day: date) -> Standing:
    """Return what a sealed statement is worth on a day, in words that name no person."""
    statement = _statement_of(document)
    if statement.status == SUPERSEDED:
        return Standing(
            "superseded", "Rectifié",
            "Une version plus récente de cet état mensuel a été établie : celle-ci ne fait plus foi.",
        )  # fmt: skip
    return Standing(
        "record", "Fait foi", f"C’est la version {statement.version} de cet état mensuel, la dernière établie."
    )


def public_facts(document: Document) -> list[tuple[str, str]]:
    """Return what may be said of a statement to whoever holds its code: no trainee is named."""
    statement = _statement_of(document)
    return [("École", statement.school.name), ("Mois", statement.month_words), ("Version", str(statement.version))]


def may_read(user: User, document: Document) -> bool:
    return user.has_perm(TraineePermission.VIEW_ATTENDANCE, _statement_of(document))


def may_retry(user: User, document: Document) -> bool:
    return user.has_perm(TraineePermission.FREEZE_ATTENDANCE, _statement_of(document))


def subject_url(document: Document) -> str:
    """Return the page of the month."""
    return _statement_of(document).get_absolute_url()


STATEMENT = DocumentKind(
    name=KIND, label="État mensuel de présence", template="attendance_statement", version="v1", standing=standing,
    public_facts=public_facts, may_read=may_read, subject_url=subject_url, may_retry=may_retry,
)  # fmt: skip
