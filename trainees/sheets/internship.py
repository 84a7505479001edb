"""What the page of an internship says, ready to be read: facts, weeks with their hours, history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.french import day_in_letters, period_in_letters
from partnerships.diffusion import shown_address
from partnerships.queries import TimelineEntry
from trainees.law.findings import day_words, hours_words
from trainees.law.timetable import COMPANY, SCHOOL, Stint, minutes_at, monday_of
from trainees.life.internships import INTERNSHIP_LIFE, STATES
from trainees.models import Internship

PLACES = {COMPANY: "En entreprise", SCHOOL: "À l’école"}


@dataclass(frozen=True)
class Line:
    """One day as it is read."""

    day: str
    place: str
    hours: str
    pause: str
    length: str


@dataclass(frozen=True)
class Week:
    """One week of the timetable, with its hours: in company, at school, in all."""

    label: str
    lines: tuple[Line, ...]
    company: str
    school: str
    total: str
    mixed: bool


def weeks_of(stints: Iterable[Stint]) -> list[Week]:
    """Return the timetable week by week, as the page shows it."""
    weeks: dict[date, list[Stint]] = {}
    for stint in sorted(stints, key=lambda one: (one.day, one.starts_at)):
        weeks.setdefault(monday_of(stint.day), []).append(stint)
    return [_week(monday, found) for monday, found in weeks.items()]


def _week(monday: date, stints: Sequence[Stint]) -> Week:
    company, school = minutes_at(stints, COMPANY), minutes_at(stints, SCHOOL)
    label = f"Semaine du {day_words(monday)} au {day_words(monday + timedelta(days=6))}"
    return Week(
        label,
        tuple(map(_line, stints)),
        hours_words(company),
        hours_words(school),
        hours_words(company + school),
        school > 0,
    )


def _line(stint: Stint) -> Line:
    pause = ""
    if stint.break_starts_at and stint.break_ends_at:
        pause = f"{stint.break_starts_at:%H:%M} – {stint.break_ends_at:%H:%M}"
    return Line(
        day_words(stint.day).capitalize(), PLACES[stint.place], f"{stint.starts_at:%H:%M} – {stint.ends_at:%H:%M}", pause,
        hours_words(stint.minutes),
    )  # fmt: skip


def who_of(internship: Internship) -> list[tuple[str, Any]]:
    """Return who takes part, as terms and values."""
    return [
        ("Tuteur", _person(internship.tutor)),
        ("Signe pour l’entreprise", _person(internship.host_signatory)),
        ("Formateur référent", str(internship.referent or "")),
        ("Signe pour l’école", str(internship.school_signatory or "")),
    ]


def what_of(internship: Internship) -> list[tuple[str, Any]]:
    """Return where, when and for what, as terms and values."""
    convention = internship.partnership_convention
    rows: list[tuple[str, Any]] = [
        ("Lieu", _place(internship)),
        ("Dates", period_in_letters(internship.starts_on, internship.ends_on)),
        ("Heures", _hours(internship)),
        ("Objet", internship.get_kind_display()),
        ("Métier", str(internship.trade or "")),
        ("Régime", internship.get_regime_display()),
        ("Convention de partenariat", convention.number if convention else "aucune en vigueur"),
    ]
    if internship.ended_early_on:
        told = f"{day_in_letters(internship.ended_early_on)}, par {internship.get_broken_by_display()}"
        rows.insert(2, ("Arrêté le", told))
    if internship.regime == Internship.Regime.PMSMP:
        rows += [
            ("Délégation", internship.delegation_reference),
            ("Structure prescriptrice", internship.prescribing_structure),
        ]
    return rows


def texts_of(internship: Internship) -> list[tuple[str, str]]:
    """Return the texts of the internship that say something, with their titles."""
    titles = {
        "activities": "Activités confiées", "objectives": "Objectifs", "skills": "Compétences à développer",
        "equipment": "Équipements de protection", "safety": "Hygiène et sécurité", "benefits": "Avantages",
        "insurance": "Assurance de l’entreprise", "access": "Comment s’y rendre",
    }  # fmt: skip
    return [(title, getattr(internship, name)) for name, title in titles.items() if getattr(internship, name).strip()]


def history_of(internship: Internship) -> list[TimelineEntry]:
    """Return what happened to the internship, latest first. Two queries."""
    moves = [
        TimelineEntry(move.at, str(move.actor), STATES[move.target].label, move.reason, STATES[move.target].tone)
        for move in internship.moves.select_related("actor")
    ]
    told_by_moves = {f"internship.{move.name}" for move in INTERNSHIP_LIFE.moves}
    acts = [
        TimelineEntry(entry.at, str(entry.actor or "Le portail"), entry.summary or entry.action)
        for entry in trail_of(internship)
        if entry.action not in told_by_moves
    ]
    return sorted(moves + acts, key=lambda event: event.at, reverse=True)


def _person(person: Any) -> str:
    if person is None:
        return ""
    return ", ".join(filter(None, (person.full_name, person.job_title, person.email, person.phone)))


def _place(internship: Internship) -> str:
    place = internship.establishment
    named = str(place.company) if str(place) in (str(place.company), "Siège") else f"{place.company}, {place}"
    return f"{named}, {address}" if (address := shown_address(place)) else named


def _hours(internship: Internship) -> str:
    told = f"{hours_words(internship.company_minutes)} en entreprise"
    return f"{told}, {hours_words(internship.school_minutes)} à l’école" if internship.school_minutes else told
