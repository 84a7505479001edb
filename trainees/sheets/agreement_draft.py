"""What a draft agreement says, as terms and values: the tutor reads it before anybody signs."""

from e2c_portal.kernel.french import period_in_letters
from trainees.models import Internship
from trainees.reads.schedule_words import duration, rows_of, told


def draft_facts(internship: Internship) -> list[tuple[str, list[str]]]:
    """Return the terms of the agreement to come, each with its lines. Personal data of the trainee are left out."""
    place, trade = internship.establishment, internship.trade
    where = ", ".join(filter(None, (place.name, place.address, f"{place.postal_code} {place.city}".strip())))
    signatory = internship.host_signatory
    rows = [
        ("Stagiaire", [str(internship.trainee)]),
        ("Dates", [period_in_letters(internship.starts_on, internship.ends_on)]),
        (
            "Horaires",
            [*told(rows_of(internship.days.all())), f"En tout : {duration(internship.company_minutes)} en entreprise."],
        ),
        ("Lieu", [where, *_lines(internship.access)]),
        ("Objet", [internship.get_kind_display(), f"Métier : {trade.label}" if trade else ""]),
        ("Activités confiées", _lines(internship.activities)),
        ("Objectifs", _lines(internship.objectives)),
        ("Compétences à développer", _lines(internship.skills)),
        ("Équipements de protection", _lines(internship.equipment) or ["Aucun"]),
        ("Hygiène et sécurité", _lines(internship.safety)),
        ("Avantages", _lines(internship.benefits) or ["Aucun"]),
        ("Assurance de l’entreprise", _lines(internship.insurance)),
        ("Tuteur", [_person(internship.tutor)]),
        ("Signe pour l’entreprise", [_person(signatory)]),
    ]
    return [(term, [line for line in lines if line] or ["À compléter"]) for term, lines in rows]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _person(person: object) -> str:
    parts = (getattr(person, name, "") for name in ("full_name", "job_title", "phone", "email"))
    return ", ".join(filter(None, parts))
