"""The life of an edition of the Assises, as one table (domain dossier, section 7.2).

« Inscriptions ouvertes » and « tenue » are never typed: they follow from the dates (reads.editions.situation_of).
"""

from typing import Any

from django.utils import timezone

from assises.permissions import AssisesPermission
from e2c_portal.kernel.workflow import Move, State, Workflow

DRAFT, ANNOUNCED, CANCELLED, CLOSED = "draft", "announced", "cancelled", "closed"

STATES = {
    DRAFT: State("En préparation", "Seules les personnes de la Région et des écoles la voient.", "info"),
    ANNOUNCED: State("Annoncée", "Sa page est publique, avec le dernier programme publié.", "success"),
    CANCELLED: State("Annulée", "Elle n’aura pas lieu ; sa page publique le dit.", "danger"),
    CLOSED: State(
        "Clôturée",
        "La journée a eu lieu et son bilan est figé. Une correction en fait une nouvelle version.",
        "neutral",
    ),
}


def missing_to_announce(edition: Any) -> list[str]:
    """Say what a public page cannot do without."""
    wanted = (
        (edition.place and edition.city, "Indiquez le lieu et la ville."),
        (edition.starts_at and edition.ends_at, "Indiquez l’heure de début et l’heure de fin."),
        (edition.contact_email, "Indiquez l’adresse électronique à laquelle poser une question."),
        (edition.presentation.strip(), "Écrivez la présentation : à qui s’adresse la journée, et ce qui s’y passe."),
    )
    return [sentence for there, sentence in wanted if not there]


def missing_to_close(edition: Any) -> list[str]:
    """Say what a report cannot do without: the day itself."""
    return [] if timezone.localdate() >= edition.held_on else ["La journée n’a pas encore eu lieu."]


EDITION_LIFE = Workflow(
    name="édition des Assises",
    initial=DRAFT,
    states=STATES,
    moves=(
        Move("announce", "Annoncer", ANNOUNCED, frozenset({DRAFT}), AssisesPermission.PREPARE_EDITION,
             missing=missing_to_announce, consequence="La page de l’édition devient publique."),
        Move("withdraw", "Retirer l’annonce", DRAFT, frozenset({ANNOUNCED}), AssisesPermission.PREPARE_EDITION,
             needs_reason=True, consequence="La page publique disparaît ; rien de ce qui est préparé n’est perdu."),
        Move("cancel", "Annuler l’édition", CANCELLED, frozenset({DRAFT, ANNOUNCED}), AssisesPermission.PREPARE_EDITION,
             needs_reason=True, consequence="L’édition n’aura pas lieu. Si elle est annoncée, sa page publique le dit ; chaque personne inscrite est prévenue."),
        # A past edition that the portal did not see is closed from its draft.
        Move("close", "Clôturer et faire le bilan", CLOSED, frozenset({DRAFT, ANNOUNCED}), AssisesPermission.CLOSE_EDITION,
             missing=missing_to_close, consequence="Le bilan est calculé, figé et scellé ; une correction en fera une nouvelle version."),
    ),
)  # fmt: skip
