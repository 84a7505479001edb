"""What the page of a door shows: the answer in colour and words, the people found by name, what the script needs."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from assises.life import registrations as life
from assises.models import Checkpoint, DoorPost, Registration, Scan
from assises.reads.door import CATEGORY_OF_ONE, MARK_LENGTH, marks_of_tickets, whose
from e2c_portal.kernel.workflow import State

Outcome = Scan.Outcome
WORDS = {
    Outcome.OK: ("success", "OUI"),
    Outcome.ALREADY_IN: ("warning", "DÉJÀ ENTRÉ"),
}
NO = ("danger", "NON")
OFFLINE = {
    "known": {"tone": "warning", "word": "BILLET CONNU", "sentence": "Il sera compté au retour du réseau."},
    "unknown": {"tone": "danger", "word": "BILLET INCONNU", "sentence": "Il sera vérifié au retour du réseau."},
    "unsure": {"tone": "warning", "word": "GARDÉ", "sentence": "Pas de réseau : ce billet sera vérifié à son retour."},
}
SCRIPT_WORDS = {
    "force": "Laisser entrer",
    "late": "après coup",
    "waiting": "# en attente d’envoi : ne fermez pas cette page.",
    "tally": "# comptés sur # attendus",
    "over": "La visite est terminée. Rouvrez le lien de la porte : ce qui attend (#) partira de lui-même.",
    "search_offline": "La recherche par nom demande le réseau. Scannez le billet, ou tapez son code.",
    "no_memory": "Ce téléphone ne garde rien en mémoire : ne fermez pas la page pendant une coupure.",
}


@dataclass(frozen=True)
class ShownAnswer:
    """An answer as the door reads it."""

    nonce: str
    code: str
    tone: str
    word: str
    sentence: str
    who: str
    may_force: bool

    def as_json(self) -> dict[str, Any]:
        return vars(self)


def shown_answer(nonce: Any, code: str, sentence: str, who: str = "", may_force: bool = False) -> ShownAnswer:
    """Return an answer with its tone and its word: the colour never speaks alone."""
    tone, word = WORDS.get(code, NO)  # type: ignore[call-overload]
    return ShownAnswer(str(nonce), code, tone, word, sentence, who, may_force)


@dataclass(frozen=True)
class Found:
    """Somebody found by name: nothing but what tells two people apart, and whether they may come in."""

    pk: int
    name: str
    category: str
    whose: str
    state: State
    may_enter: bool


def found_people(people: list[Registration]) -> list[Found]:
    """Return what a door may know of the people it looked for."""
    return [
        Found(row.pk, row.full_name, CATEGORY_OF_ONE[row.category], whose(row), row.state, row.status == life.CONFIRMED)
        for row in people
    ]


def script_facts(post: DoorPost, urls: dict[str, str]) -> dict[str, Any]:
    """Return what the script of the page needs to work through a cut. It names nobody."""
    return {
        "post": post.pk, "now": timezone.now().isoformat(), "urls": urls, "marks": marks_of_tickets(post.edition),
        "mark_length": MARK_LENGTH, "offline": OFFLINE, "words": SCRIPT_WORDS,
    }  # fmt: skip


def tally_words(counted: int, expected: int) -> str:
    """Say how many people were counted among those expected."""
    return SCRIPT_WORDS["tally"].replace("#", str(counted), 1).replace("#", str(expected), 1)


def hours_of(checkpoint: Checkpoint) -> str:
    """Say when a checkpoint is held."""
    return f"{checkpoint.opens_at:%H:%M} – {checkpoint.closes_at:%H:%M}"
