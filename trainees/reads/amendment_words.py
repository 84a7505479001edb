"""What an amendment of an internship agreement changes, told before and after in plain sentences.

The changes are plain values kept on the amendment: {"ends_on": {"before": "2026-12-04", "after": "2026-12-11"}}. A choice
(place, person) is kept as {"id": 12, "label": "Marc Roux"}, the days of a schedule as rows (schedule_words.DayRow.frozen).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from e2c_portal.kernel.french import day_in_letters, period_in_letters
from trainees.models import AgreementAmendment, Internship
from trainees.reads.schedule_words import thawed, told

Kind = AgreementAmendment.Kind
NOTHING = "Rien"
HEADINGS = {
    "starts_on": "Premier jour du stage",
    "ends_on": "Dernier jour du stage",
    "days": "Horaires",
    "establishment": "Lieu du stage",
    "access": "Comment s’y rendre",
    "tutor": "Tuteur dans l’entreprise",
    "host_signatory": "Signataire pour l’entreprise",
    "activities": "Activités confiées",
    "objectives": "Objectifs",
    "skills": "Compétences à développer",
    "equipment": "Équipements de protection",
    "safety": "Hygiène et sécurité",
    "suspension": "Suspension",
    "ended_early_on": "Dernier jour de présence",
    "broken_by": "Le stage prend fin à la demande de",
}
DATES = {"starts_on", "ends_on", "ended_early_on"}
CHOICES = {"establishment", "tutor", "host_signatory"}
EFFECTS = {
    Kind.SUSPENSION: "La suspension a pris effet quand l’école l’a enregistrée ; l’avenant est signé ensuite.",
    Kind.RUPTURE: "Le stage s’est arrêté quand l’école l’a enregistré ; l’avenant est signé ensuite.",
}
# Before it is recorded: what the button will do.
WILL_DO = {
    Kind.SUSPENSION: "Le stage est suspendu dès que vous enregistrez ; l’avenant est signé ensuite.",
    Kind.RUPTURE: "Le stage s’arrête dès que vous enregistrez ; l’avenant est signé ensuite.",
}


@dataclass(frozen=True)
class Clause:
    """One thing that changes: what it was, what it becomes, a sentence a line."""

    heading: str
    before: list[str]
    after: list[str]


def clauses_of(changes: Mapping[str, Mapping[str, Any]]) -> list[Clause]:
    """Return what changes, in the order of the agreement."""
    return [
        Clause(heading, _said(name, changes[name].get("before")), _said(name, changes[name].get("after")))
        for name, heading in HEADINGS.items()
        if name in changes
    ]


def _said(name: str, value: Any) -> list[str]:
    if value in (None, "", []):
        return [NOTHING]
    if name in DATES:
        return [day_in_letters(date.fromisoformat(value))]
    if name in CHOICES:
        return [value["label"]]
    if name == "days":
        return told(thawed(row) for row in value)
    if name == "suspension":
        return [period_in_letters(date.fromisoformat(value["from"]), date.fromisoformat(value["to"]))]
    if name == "broken_by":
        return [Internship.Side(value).label]
    return [line.strip() for line in str(value).splitlines() if line.strip()]


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what differs, name by name."""
    return {name: {"before": before[name], "after": after[name]} for name in after if before[name] != after[name]}


def choice(row: Any, label: str = "") -> dict[str, Any] | None:
    """Return how a place or a person is kept in the changes."""
    return {"id": row.pk, "label": label or str(row)} if row else None
