"""The board of the day in the words of the interface: one list a question, each line with its next action."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from e2c_portal.kernel.addresses import address_of
from e2c_portal.kernel.french import counted, join_with_and, of_name
from trainees.life import internships as internship_life
from trainees.life import pathways as pathway_life
from trainees.models import AccidentReport, Internship, Pathway, ScheduleDay
from trainees.reads.day import (
    PATHWAY_SOON,
    SOON,
    Chosen,
    Signing,
    arriving,
    open_internships,
    places_of,
    under_signature,
    under_way,
)

REMIND_AFTER = timedelta(days=3)
ANSWER_AFTER = timedelta(days=7)
LATE_FROM = timedelta(days=5)
WHERE = ("ecole", "entreprise", "absents")


@dataclass(frozen=True)
class Line:
    """One person or one paper on the board. `action` is the next thing to do, with its address."""

    name: str
    url: str
    words: str = ""
    action: str = ""
    action_url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Section:
    """One question of the day, its lines, and what is said when there are none."""

    key: str
    title: str
    icon: str
    empty: str
    lines: list[Line] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.lines)


@dataclass(frozen=True)
class Board:
    """The whole board of a school on a day."""

    day: date
    sections: list[Section]
    total: int

    @property
    def columns(self) -> tuple[list[Section], list[Section]]:
        """What is to do on one side, where everybody is on the other."""
        where = [section for section in self.sections if section.key in WHERE]
        return [section for section in self.sections if section.key not in WHERE], where

    def section(self, key: str) -> Section:
        """Return the section of that key."""
        return next(section for section in self.sections if section.key == key)


@dataclass
class _Facts:
    day: date
    pathways: list[Pathway]
    internships: list[Internship]
    places: dict[int, str]
    signings: list[Signing]
    absent: Mapping[int, str]

    def __post_init__(self) -> None:
        self.of_pathway: dict[int, list[Internship]] = {}
        for row in self.internships:
            self.of_pathway.setdefault(row.pathway_id, []).append(row)

    def running(self, pathway: Pathway) -> Internship | None:
        rows = self.of_pathway.get(pathway.pk, [])
        signed = [row for row in rows if row.status in (internship_life.SIGNED, internship_life.BROKEN)]
        return next((row for row in signed if row.starts_on <= self.day <= row.last_day), None)

    def in_company(self, pathway: Pathway) -> Internship | None:
        row = self.running(pathway)
        return row if row and self.places.get(row.pk) == ScheduleDay.Place.COMPANY else None


def board_of(chosen: Chosen, day: date, absent: Mapping[int, str] | None = None) -> Board:
    """Return the board of a school on a day. `absent` says, by pathway, how an absence of that day is told."""
    pathways = under_way(chosen, day)
    internships = open_internships(pathways, day)
    facts = _Facts(day, pathways, internships, places_of(internships, day), under_signature(internships), absent or {})
    sections = [
        _at_school(facts), _in_company(facts), _absent(facts), _without_internship(facts), _to_sign(facts),
        _to_remind(facts), _ends_soon(facts), _arriving(chosen, day),
    ]  # fmt: skip
    return Board(day, sections, len(pathways))


def _at_school(facts: _Facts) -> Section:
    lines = [
        _person(row, _until(row))
        for row in facts.pathways
        if row.status != pathway_life.SUSPENDED and row.pk not in facts.absent and not facts.in_company(row)
    ]
    return Section("ecole", "À l’école", "school", "Personne n’est attendu à l’école.", lines)


def _in_company(facts: _Facts) -> Section:
    lines = []
    for row in facts.pathways:
        internship = facts.in_company(row)
        if internship and row.pk not in facts.absent:
            tutor = f", tuteur : {internship.tutor}" if internship.tutor else ""
            words = f"{internship.establishment}{tutor}, jusqu’au {internship.last_day:%d/%m}"
            lines.append(_person(row, words, "Voir le stage", internship.get_absolute_url()))
    return Section("entreprise", "En entreprise", "building-2", "Personne n’est en entreprise aujourd’hui.", lines)


def _absent(facts: _Facts) -> Section:
    lines = [_person(row, facts.absent[row.pk], tone="warning") for row in facts.pathways if row.pk in facts.absent]
    suspended = [row for row in facts.pathways if row.status == pathway_life.SUSPENDED and row.pk not in facts.absent]
    lines += [_person(row, "Parcours suspendu") for row in suspended]
    return Section("absents", "Absents", "user-x", "Aucune absence enregistrée aujourd’hui.", lines)


def _without_internship(facts: _Facts) -> Section:
    lines = [
        _person(row, _until(row), "Préparer un stage", address_of("trainees:internship_new", row.trainee.public_id))
        for row in facts.pathways
        if row.status != pathway_life.SUSPENDED and row.pk not in facts.of_pathway
    ]
    return Section("sans-stage", "Sans stage", "search", "Tout le monde a un stage en cours ou à venir.", lines)


def _to_sign(facts: _Facts) -> Section:
    lines = []
    for row in facts.signings:
        internship = row.agreement.internship
        who = f"Attendu : {join_with_and(row.awaited)}" if row.awaited else "Toutes les signatures sont là"
        words = f"{internship.establishment}, à partir du {internship.starts_on:%d/%m}. {who}"
        late = internship.starts_on <= facts.day
        lines.append(
            Line(
                internship.trainee.sorted_name, internship.get_absolute_url(), words, "Suivre les signatures",
                internship.get_absolute_url(), "danger" if late else "",
            )
        )  # fmt: skip
    return Section("a-signer", "À signer", "pen-line", "Aucune convention de stage n’attend de signature.", lines)


def _to_remind(facts: _Facts) -> Section:
    lines = [line for row in facts.signings if (line := _slow_signing(row, facts.day))]
    signing = {row.agreement.internship_id for row in facts.signings}
    for row in facts.internships:
        if row.pk not in signing and (words := _slow_internship(row, facts.day)):
            lines.append(
                Line(row.trainee.sorted_name, row.get_absolute_url(), words, "Ouvrir le stage", row.get_absolute_url(), "warning")
            )  # fmt: skip
    return Section("a-relancer", "À relancer", "bell-ring", "Personne n’est à relancer.", lines)


def _slow_signing(row: Signing, day: date) -> Line | None:
    envelope, internship = row.envelope, row.agreement.internship
    if envelope is None or not row.awaited:
        return None
    since = timezone.localdate(envelope.opened_at)
    if day - since < REMIND_AFTER and internship.starts_on - day > LATE_FROM:
        return None
    words = f"{join_with_and(row.awaited)} : pas de signature depuis {counted((day - since).days, 'jour', 'jours')}"
    if internship.starts_on <= day:
        words += " ; le stage a commencé"
    return Line(
        internship.trainee.sorted_name, internship.get_absolute_url(), words, "Relancer", internship.get_absolute_url(), "warning"
    )  # fmt: skip


def _slow_internship(row: Internship, day: date) -> str:
    """Say why an internship that is not signed asks for a call or a step today, empty when it does not."""
    if row.status not in internship_life.OPEN:
        return ""
    if row.starts_on <= day:
        return f"{row.establishment} : le premier jour est passé, la convention n’est pas signée"
    if row.starts_on - day <= LATE_FROM:
        return f"{row.establishment} : commence le {row.starts_on:%d/%m}, la convention n’est pas signée"
    if row.status == internship_life.PROSPECTED and day - timezone.localdate(row.created_at) >= ANSWER_AFTER:
        return f"{row.establishment} n’a pas répondu depuis le {timezone.localdate(row.created_at):%d/%m}"
    return ""


def _ends_soon(facts: _Facts) -> Section:
    lines = []
    for row in facts.internships:
        if row.status == internship_life.SIGNED and row.starts_on <= facts.day and row.last_day - facts.day <= SOON:
            words = f"Stage chez {row.establishment}, dernier jour le {row.last_day:%d/%m}"
            lines.append(
                Line(row.trainee.sorted_name, row.get_absolute_url(), words, "Voir le stage", row.get_absolute_url())
            )
    for pathway in facts.pathways:
        if pathway.status == pathway_life.TRIAL and pathway.trial_ends_on - facts.day <= SOON:
            lines.append(
                _person(pathway, f"Période d’essai, jusqu’au {pathway.trial_ends_on:%d/%m}", "Ouvrir le parcours")
            )
        elif pathway.planned_ends_on - facts.day <= PATHWAY_SOON:
            lines.append(_person(pathway, f"Parcours, jusqu’au {pathway.planned_ends_on:%d/%m}", "Ouvrir le parcours"))
    return Section(
        "finissent", "Finissent bientôt", "hourglass", "Rien ne se termine dans les jours qui viennent.", lines
    )


def _arriving(chosen: Chosen, day: date) -> Section:
    lines = [
        _person(row, f"Entrée prévue le {row.entered_on:%d/%m}", "Ouvrir le parcours", tone="warning" if row.entered_on < day else "")
        for row in arriving(chosen, day)
    ]  # fmt: skip
    return Section("arrivees", "Arrivent", "user-plus", "Aucune entrée n’est prévue dans les sept jours.", lines)


def _person(pathway: Pathway, words: str = "", action: str = "", action_url: str = "", tone: str = "") -> Line:
    url = pathway.trainee.get_absolute_url()
    return Line(pathway.trainee.sorted_name, url, words, action, (action_url or url) if action else "", tone)


def _until(pathway: Pathway) -> str:
    referent = f"Référent : {pathway.referent}" if pathway.referent else "Sans référent"
    return (
        f"{referent}. Essai jusqu’au {pathway.trial_ends_on:%d/%m}"
        if pathway.status == pathway_life.TRIAL
        else referent
    )


def accident_alerts(accidents: Iterable[AccidentReport]) -> list[tuple[str, str]]:
    """Return, for each accident to declare, the sentence of its deadline and the address of its file."""
    return [
        (
            f"Accident {of_name(str(row.trainee))} à déclarer avant le {date_format(timezone.localtime(row.deadline_at), 'l j F à H:i')}",
            row.get_absolute_url(),
        )
        for row in accidents
    ]  # fmt: skip


@dataclass(frozen=True)
class SchoolLine:
    """What the network sees of a school on a day: figures, no name."""

    name: str
    url: str
    under_way: int
    in_company: int
    without: int
    to_sign: int


def school_lines(schools: Iterable[object], counts: Mapping[int, Mapping[str, int]], url: str) -> list[SchoolLine]:
    """Return one line for each school, with its figures and the address of its board."""
    return [
        SchoolLine(str(school), f"{url}?ecole={school.pk}", **counts[school.pk])  # type: ignore[attr-defined]
        for school in schools
    ]
