"""The pages of presences in words: the day of a group, the week of a trainee."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from e2c_portal.kernel.french import MONTHS, NO_BREAK, counted, join_with_and
from trainees.models import AttendanceHalfDay, Pathway, Trainee
from trainees.models.attendance import Half, Place, Presence
from trainees.reads.attendance import Group, group_on, mark_of, noted_between
from trainees.reads.expected import Answer, Calendar, Expected, calendar_of, days_between
from trainees.reads.statements import frozen_words, hours_words

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
Typed = Mapping[tuple[int, date, str], str]


@dataclass(frozen=True)
class Cell:
    """One half-day on a page: what is noted or typed, where it is expected, or why it is not."""

    pathway_id: int
    day: date
    half: str
    row: AttendanceHalfDay | None
    answer: Answer
    typed: str | None = None
    seen: str = ""
    refusal: str = ""
    late: int | None = None

    @property
    def half_words(self) -> str:
        return str(Half(self.half).label)

    @property
    def suffix(self) -> str:
        return f"{self.pathway_id}-{self.day.isoformat()}-{self.half}"

    @property
    def open(self) -> bool:
        """Say whether something may be noted: somebody is expected, or something is noted already."""
        return self.row is not None or isinstance(self.answer, Expected)

    @property
    def state(self) -> str:
        return self.typed if self.typed is not None else (self.row.state if self.row else "")

    @property
    def state_words(self) -> str:
        return str(Presence(self.state).label) if self.state else "non noté"

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """The choices of the half-day, the chosen one marked."""
        return [("", "—", not self.state), *((value, label, value == self.state) for value, label in Presence.choices)]

    @property
    def place_words(self) -> str:
        place = self.row.place if self.row else (self.answer.place if isinstance(self.answer, Expected) else "")
        if place != Place.COMPANY:
            return "À l’école" if place else ""
        stay = self.answer.internship if isinstance(self.answer, Expected) else None
        return f"En entreprise : {stay.establishment}" if stay else "En entreprise"

    @property
    def why(self) -> str:
        return "" if isinstance(self.answer, Expected) else self.answer.why

    @property
    def absence_url(self) -> str:
        settled = self.row is not None and self.row.state in (Presence.ABSENT, Presence.LEAVE)
        return reverse("trainees:absence", args=[self.row.pk]) if settled and self.row else ""

    @property
    def absence_words(self) -> str:
        """Where the noted absence stands."""
        if self.row is None or self.row.state != Presence.ABSENT:
            return ""
        return {None: "à justifier", True: "justifiée", False: "non justifiée"}[self.row.justified]


@dataclass(frozen=True)
class Line:
    """One trainee of a day, or one day of a week."""

    cells: tuple[Cell, Cell]
    pathway: Pathway
    title: str = ""
    url: str = ""

    @property
    def open(self) -> bool:
        return any(cell.open for cell in self.cells)

    @property
    def place_words(self) -> str:
        """Where the day is spent, once when both halves are alike."""
        return " / ".join(dict.fromkeys(cell.place_words for cell in self.cells if cell.place_words))

    @property
    def why(self) -> str:
        return "" if self.open else " / ".join(dict.fromkeys(cell.why for cell in self.cells if cell.why))


@dataclass
class DaySheet:
    """The day of a group, ready to be shown."""

    day: date
    lines: list[Line] = field(default_factory=list)
    day_off: str = ""
    frozen: str = ""

    @property
    def day_words(self) -> str:
        return day_words(self.day)

    @property
    def expected(self) -> list[Line]:
        return [line for line in self.lines if line.open]

    @property
    def away(self) -> list[Line]:
        return [line for line in self.lines if not line.open]

    @property
    def summary(self) -> str:
        """How many half-days are noted, and what they say."""
        cells = [cell for line in self.expected for cell in line.cells if cell.open]
        noted = Counter(cell.row.state for cell in cells if cell.row)
        told = [counted(noted[state], one, several) for state, one, several in COUNTED if noted[state]]
        left = len(cells) - sum(noted.values())
        told += [counted(left, "demi-journée à noter", "demi-journées à noter")] if left else []
        return join_with_and(told)


COUNTED = (
    ("present", "présence", "présences"), ("late", "retard", "retards"), ("absent", "absence", "absences"),
    ("leave", "absence autorisée", "absences autorisées"),
)  # fmt: skip


def day_words(day: date) -> str:
    """Return « mardi 3 novembre 2026 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number}{NO_BREAK}{MONTHS[day.month - 1]}{NO_BREAK}{day.year}"


def day_sheet(group: Group, day: date, sent: "Sent | None" = None) -> DaySheet:
    """Return the day of a group. Nine queries, however many trainees there are."""
    pathways = list(group_on(group, day))
    ids = [pathway.pk for pathway in pathways]
    calendar, noted = calendar_of(group.school.pk, group.school.department, ids, day, day), noted_between(ids, day, day)
    sheet = DaySheet(day, day_off=calendar.day_off(day), frozen=frozen_words(group.school.pk, day))
    for pathway in pathways:
        url = reverse("trainees:attendance_week", args=[pathway.trainee.public_id, day.isoformat()])
        sheet.lines.append(Line(_cells(pathway, day, calendar, noted, sent), pathway, pathway.trainee.sorted_name, url))
    return sheet


@dataclass(frozen=True)
class Sent:
    """What was sent and not wholly written: it is shown again as typed, each refusal beside its half-day."""

    typed: Typed = field(default_factory=dict)
    seen: Typed = field(default_factory=dict)
    late: Mapping[tuple[int, date, str], int] = field(default_factory=dict)
    refused: Typed = field(default_factory=dict)


def _cells(
    pathway: Pathway, day: date, calendar: Calendar, noted: dict[tuple[int, date, str], AttendanceHalfDay], sent: Sent | None
) -> tuple[Cell, Cell]:  # fmt: skip
    made = []
    for half in Half.values:
        key = (pathway.pk, day, half)
        row, answer = noted.get(key), calendar.on(pathway, day, half)
        typed = sent.typed.get(key) if sent else None
        # Shown again after a refusal, the half-day is seen as it is now: saving once more is a decision.
        refusal = sent.refused.get(key, "") if sent else ""
        late = sent.late.get(key) if sent else None
        made.append(
            Cell(
                *key,
                row,
                answer,
                typed,
                mark_of(row),
                refusal,
                late if late is not None else (row.late_minutes if row else None),
            )
        )
    return made[0], made[1]


@dataclass
class WeekSheet:
    """The week of a trainee, from Monday to Sunday."""

    trainee: Trainee
    monday: date
    lines: list[Line] = field(default_factory=list)
    frozen: str = ""

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def before_url(self) -> str:
        return self._url(self.monday - timedelta(days=7))

    @property
    def after_url(self) -> str:
        after = self.monday + timedelta(days=7)
        return self._url(after) if after <= timezone.localdate() else ""

    @property
    def hours(self) -> str:
        """The hours of presence of the week, by place."""
        rows = [cell.row for line in self.lines for cell in line.cells if cell.row]
        by_place = {place: sum(row.done_minutes for row in rows if row.place == place) for place in Place.values}
        return f"{hours_words(by_place['school'])} à l’école, {hours_words(by_place['company'])} en entreprise"

    def _url(self, day: date) -> str:
        return reverse("trainees:attendance_week", args=[self.trainee.public_id, day.isoformat()])


def week_sheet(trainee: Trainee, pathways: list[Pathway], day: date, sent: Sent | None = None) -> WeekSheet:
    """Return the week of a trainee that holds a day; a day belongs to the pathway that runs then."""
    monday = day - timedelta(days=day.weekday())
    sheet = WeekSheet(trainee, monday)
    for pathway in pathways:
        school = pathway.school
        calendar = calendar_of(school.pk, school.department, [pathway.pk], monday, sheet.sunday)
        noted = noted_between([pathway.pk], monday, sheet.sunday)
        sheet.frozen = sheet.frozen or frozen_words(school.pk, monday)
        for one in days_between(max(monday, pathway.entered_on), min(sheet.sunday, pathway.last_day)):
            if one <= timezone.localdate():
                sheet.lines.append(Line(_cells(pathway, one, calendar, noted, sent), pathway, day_words(one)))
    return sheet
