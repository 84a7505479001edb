"""The life of an internship (stage), as one table (domain dossier, section 7.2).

« En cours » and « terminé » are not states: reads.situation derives them from the dates of a signed internship.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

from e2c_portal.kernel.workflow import Move, State, Workflow
from trainees.permissions import TraineePermission

if TYPE_CHECKING:
    from trainees.models import Internship

PROSPECTED, ACCEPTED, SIGNED, CANCELLED, BROKEN, NOT_STARTED = (
    "prospected", "accepted", "signed", "cancelled", "broken", "not_started",
)  # fmt: skip
# These hold the trainee's days: no other internship may take them.
TAKING_DAYS = (PROSPECTED, ACCEPTED, SIGNED, BROKEN)
OPEN = (PROSPECTED, ACCEPTED)

STATES = {
    PROSPECTED: State(
        "À confirmer par l’entreprise", "Le stage est demandé ; l’entreprise n’a pas encore accepté.", "neutral"
    ),
    ACCEPTED: State(
        "Accepté par l’entreprise", "L’entreprise accepte ; la convention de stage se prépare ou se signe.", "info"
    ),
    SIGNED: State("Convention signée", "Toutes les personnes ont signé la convention de stage.", "success"),
    CANCELLED: State("Annulé", "Le stage a été annulé avant son premier jour.", "neutral"),
    BROKEN: State("Rompu", "Le stage s’est arrêté avant son terme.", "danger"),
    NOT_STARTED: State("Non démarré", "La convention était signée, mais la personne n’est pas venue.", "danger"),
}


def _lacking(checks: Iterable[tuple[bool, str]]) -> list[str]:
    return [sentence for present, sentence in checks if not present]


def signature_missing(internship: "Internship") -> list[str]:
    """The portal records it when the agreement is signed by all: nobody types it."""
    return _lacking(
        [(internship.has_signed_agreement(), "Attendez que toutes les personnes aient signé la convention.")]
    )


def cancellation_missing(internship: "Internship") -> list[str]:
    """An internship that began is broken off, never cancelled."""
    began = internship.status == SIGNED and internship.starts_on <= timezone.localdate()
    return _lacking([
        (not began, "Le stage a commencé : enregistrez une rupture, ou dites que la personne n’est pas venue."),
    ])  # fmt: skip


def rupture_missing(internship: "Internship") -> list[str]:
    """A rupture says its last day of presence and who ends the internship."""
    day = internship.ended_early_on
    return _lacking([
        (day is not None, "Indiquez le dernier jour de présence."),
        (bool(internship.broken_by), "Indiquez qui met fin au stage."),
        (
            day is None or internship.starts_on <= day < internship.ends_on,
            f"Le dernier jour de présence se situe entre le {internship.starts_on:%d/%m/%Y} et la veille du "
            f"{internship.ends_on:%d/%m/%Y}.",
        ),
        (day is None or day <= timezone.localdate(), "Le dernier jour de présence ne peut pas être à venir."),
    ])  # fmt: skip


def absence_missing(internship: "Internship") -> list[str]:
    """Nobody came: no presence in the company may say the contrary."""
    return _lacking([
        (internship.starts_on <= timezone.localdate(), "Le stage n’a pas commencé : annulez-le."),
        (not internship.was_attended(), "Des présences en entreprise sont enregistrées : c’est une rupture."),
    ])  # fmt: skip


def _move(name: str, label: str, origins: Iterable[str], target: str, **more: object) -> Move:
    return Move(name, label, target, frozenset(origins), TraineePermission.WRITE_INTERNSHIP, **more)  # type: ignore[arg-type]


INTERNSHIP_LIFE = Workflow(
    name="stage",
    initial=PROSPECTED,
    states=STATES,
    moves=(
        _move("accept", "L’entreprise accepte", [PROSPECTED], ACCEPTED,
              consequence="La convention de stage peut être préparée."),
        _move("record_signature", "Enregistrer la signature", [ACCEPTED], SIGNED, missing=signature_missing,
              consequence="Le stage peut commencer."),
        _move("cancel", "Annuler le stage", [PROSPECTED, ACCEPTED, SIGNED], CANCELLED, missing=cancellation_missing,
              needs_reason=True, consequence="Les jours redeviennent libres ; les signatures en cours sont annulées."),
        _move("break_off", "Enregistrer une rupture", [SIGNED], BROKEN, missing=rupture_missing, needs_reason=True,
              records=("ended_early_on", "broken_by"),
              consequence="Le stage s’arrête à la date indiquée ; l’avenant de rupture part à la signature."),
        _move("not_started", "La personne n’est pas venue", [SIGNED], NOT_STARTED, missing=absence_missing, needs_reason=True,
              consequence="Le stage ne compte pas dans les stages réalisés."),
    ),
)  # fmt: skip
