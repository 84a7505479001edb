"""A trainee's internships in plain words: where, when, with whom, how to get there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.formats import date_format

from e2c_portal.documents.models import Document
from e2c_portal.kernel.workflow import State
from trainees.life import internships as life
from trainees.models import Internship, ScheduleDay, Trainee
from trainees.reads.trainee_space import own_internships, own_papers


@dataclass(frozen=True)
class Stay:
    """One internship as its trainee reads it."""

    internship: Internship
    state: State
    weeks: list[tuple[str, list[str]]]
    papers: list[Document]

    @property
    def place(self) -> str:
        """The address on one line."""
        host = self.internship.establishment
        return ", ".join(part for part in (host.address, f"{host.postal_code} {host.city}".strip()) if part)


@dataclass(frozen=True)
class OwnInternships:
    """The one that matters today, then those before."""

    current: Stay | None
    coming: list[Stay]
    past: list[Stay]


def own_stays(trainee: Trainee, day: date) -> OwnInternships:
    """Return the internships of a trainee on a day, the running one (or the next) first."""
    rows = list(own_internships(trainee))
    papers = own_papers(rows)
    stays = [Stay(row, state_on(row, day), weeks_of(row.days.all()), papers.get(row.pk, [])) for row in rows]
    ahead = sorted((stay for stay in stays if _is_ahead(stay.internship, day)), key=lambda s: s.internship.starts_on)
    past = [stay for stay in stays if not _is_ahead(stay.internship, day)]
    return OwnInternships(ahead[0] if ahead else None, ahead[1:], past)


def _is_ahead(internship: Internship, day: date) -> bool:
    return internship.status in life.TAKING_DAYS and internship.last_day >= day


def state_on(internship: Internship, day: date) -> State:
    """Return where an internship stands, for its trainee."""
    if internship.status == life.BROKEN:
        return State("Arrêté", f"Ce stage s’est arrêté le {internship.last_day:%d/%m/%Y}.", "neutral")
    if internship.status == life.NOT_STARTED:
        return State("Non commencé", "Ce stage n’a pas commencé.", "neutral")
    if internship.last_day < day:
        return State("Terminé", "Ce stage est terminé.", "neutral")
    if internship.status != life.SIGNED:
        return State(
            "En préparation",
            "La convention n’est pas encore signée par tout le monde : attendez avant d’y aller.",
            "warning",
        )
    if internship.starts_on > day:
        return State("À venir", f"Ce stage commence {date_format(internship.starts_on, 'l j F')}.", "info")
    return State("En cours", f"Ce stage dure jusqu’au {date_format(internship.last_day, 'l j F')}.", "success")


def weeks_of(days: Iterable[ScheduleDay]) -> list[tuple[str, list[str]]]:
    """Return the schedule week by week, each day as one line: « lundi 3 : 9 h – 12 h, 13 h – 17 h »."""
    weeks = []
    for _, rows in groupby(days, key=lambda row: row.day.isocalendar()[:2]):
        listed = list(rows)
        weeks.append((f"Semaine du {date_format(listed[0].day, 'j F')}", [_day_words(row) for row in listed]))
    return weeks


def _day_words(row: ScheduleDay) -> str:
    name = date_format(row.day, "l j")
    hours = f"{row.starts_at:%H:%M} – {row.ends_at:%H:%M}"
    if row.break_starts_at and row.break_ends_at:
        hours = f"{row.starts_at:%H:%M} – {row.break_starts_at:%H:%M}, {row.break_ends_at:%H:%M} – {row.ends_at:%H:%M}"
    where = " (à l’école)" if row.place == ScheduleDay.Place.SCHOOL else ""
    return f"{name} : {hours}{where}"
