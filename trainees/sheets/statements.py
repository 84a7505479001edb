"""The pages of monthly statements in words."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document
from e2c_portal.kernel.french import counted
from e2c_portal.kernel.workflow import State
from schools.models import School
from schools.scope import Scope
from trainees.documents.statements import KIND
from trainees.life.statements import OPEN, SETTLED, STATES
from trainees.models import MonthlyAttendanceStatement
from trainees.models.statements import month_in_letters
from trainees.reads.statements import (
    Lack,
    hours_words,
    last_day_of,
    month_facts,
    months_to_show,
    statements_visible_to,
    versions_of,
)

LACKS_SHOWN = 40


@dataclass(frozen=True)
class MonthLine:
    """One month in the list of a school."""

    words: str
    url: str
    state: State
    version: str = ""
    over: bool = True


@dataclass(frozen=True)
class Version:
    """One version of a month, with its document."""

    statement: MonthlyAttendanceStatement
    document: Document | None

    @property
    def history_label(self) -> str:
        return f"Historique de la version {self.statement.version}"


@dataclass
class MonthSheet:
    """One month of a school, ready to be shown."""

    month: date
    versions: list[Version] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    totals: dict[str, Any] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return month_in_letters(self.month)

    @property
    def latest(self) -> MonthlyAttendanceStatement | None:
        """The last version made, None when the month has none."""
        return self.versions[0].statement if self.versions else None

    @property
    def open(self) -> MonthlyAttendanceStatement | None:
        """The correction under way, None when there is none."""
        return next((one.statement for one in self.versions if one.statement.status == OPEN), None)

    @property
    def in_force(self) -> MonthlyAttendanceStatement | None:
        """The version that counts, None when nothing was frozen."""
        return next((one.statement for one in self.versions if one.statement.status in SETTLED), None)

    @property
    def writable(self) -> bool:
        """Say whether the presences of the month may still be written."""
        return self.in_force is None or self.open is not None

    @property
    def over(self) -> bool:
        return last_day_of(self.month) < timezone.localdate()

    @property
    def may_freeze(self) -> bool:
        return self.writable and self.over and bool(self.lines) and not self.lacks

    @property
    def may_correct(self) -> bool:
        return self.in_force is not None and self.open is None

    @property
    def may_send(self) -> bool:
        return self.in_force is not None and self.in_force.status == "frozen"

    @property
    def state(self) -> State:
        current = self.open or self.in_force
        return STATES[current.status] if current else STATES[OPEN]

    @property
    def shown_lacks(self) -> list[Lack]:
        return self.lacks[:LACKS_SHOWN]

    @property
    def hidden(self) -> str:
        more = len(self.lacks) - LACKS_SHOWN
        return counted(more, "autre point", "autres points") if more > 0 else ""

    @property
    def figures(self) -> list[tuple[str, str]]:
        """The totals, as terms and values."""
        half_days, minutes = self.totals["half_days"], self.totals["minutes"]
        return [
            ("Stagiaires", str(self.totals["trainees"])),
            ("À l’école", f"{counted(half_days['school'], 'demi-journée', 'demi-journées')}, {hours_words(minutes['school'])}"),
            ("En entreprise", f"{counted(half_days['company'], 'demi-journée', 'demi-journées')}, {hours_words(minutes['company'])}"),
            ("Absences autorisées", str(half_days["leave"])),
            ("Absences justifiées", str(half_days["justified"])),
            ("Absences non justifiées", str(half_days["unjustified"])),
            ("Retards", str(self.totals["late"])),
        ]  # fmt: skip

    @property
    def shown_lines(self) -> list[tuple[dict[str, Any], str, str]]:
        """The lines, each with its hours in words."""
        return [
            (line, hours_words(line["minutes"]["school"]), hours_words(line["minutes"]["company"]))
            for line in self.lines
        ]


def month_lines(scope: Scope, school: School) -> list[MonthLine]:
    """Return the last months of a school, each with where it stands. One query."""
    months = months_to_show(school)
    known: dict[date, MonthlyAttendanceStatement] = {}
    for made in statements_visible_to(scope).filter(school=school, month__in=months).order_by("version"):
        known[made.month] = made
    found = []
    for month in months:
        row, url = known.get(month), reverse("trainees:statement", args=[school.pk, f"{month:%Y-%m}"])
        version = f"version {row.version}" if row else ""
        found.append(
            MonthLine(month_in_letters(month), url, row.state if row else STATES[OPEN], version, last_day_of(month) < timezone.localdate())
        )  # fmt: skip
    return found


def month_sheet(scope: Scope, school: School, month: date) -> MonthSheet:
    """Return one month of a school: as frozen when it is, as it stands otherwise."""
    sheet = MonthSheet(month)
    rows = versions_of(scope, school.pk, month)
    papers = _documents(rows)
    sheet.versions = [Version(row, papers.get(subject_of(row))) for row in rows]
    if sheet.writable:
        facts = month_facts(school, month)
        sheet.lines, sheet.totals, sheet.lacks = facts.lines, facts.totals, facts.lacks
    elif sheet.in_force:
        sheet.lines, sheet.totals = sheet.in_force.lines, sheet.in_force.totals
    return sheet


def lines_of(scope: Scope, school: School, month: date) -> list[dict[str, Any]]:
    """Return the lines of a month for its export."""
    return month_sheet(scope, school, month).lines


def _documents(rows: list[MonthlyAttendanceStatement]) -> dict[str, Document]:
    """Return the latest document of each version. One query."""
    found = Document.objects.filter(kind=KIND, subject__in=[subject_of(row) for row in rows]).order_by("pk")
    return {document.subject: document for document in found}
