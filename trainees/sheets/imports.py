"""How an import of trainees is told on its page: its state, its figures, its lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from e2c_portal.kernel.french import counted
from e2c_portal.kernel.workflow import State
from trainees.models import TraineeImport, TraineeImportLine
from trainees.reads.imports import NOT_DONE

STATES = {
    "mapping": State("Colonnes à vérifier", "Le tableau est lu ; dites ce que contient chaque colonne.", "warning"),
    "checking": State("En vérification", "Chaque ligne est comparée aux fiches ; rien ne change.", "progress"),
    "ready": State("À relire", "La vérification est faite ; rien n’a changé.", "warning"),
    "applying": State("En cours d’import", "Les lignes s’enregistrent une à une.", "progress"),
    "applied": State("Importé", "Les fiches sont à jour.", "success"),
    "undoing": State("En cours d’annulation", "Ce que l’import a écrit se retire ligne par ligne.", "progress"),
    "undone": State("Annulé", "Ce que l’import avait écrit est retiré, sauf ce qui a servi depuis.", "neutral"),
    "failed": State("Interrompu", "La vérification n’a pas abouti ; rien n’a changé.", "danger"),
    "expired": State("Périmé", "Ce tableau n’a pas été importé à temps ; rien n’a changé.", "neutral"),
}
ACTIONS = {
    "create": State("Création", "", "success"),
    "complete": State("Complétée", "", "info"),
    "unchanged": State("Laissée telle quelle", "", "neutral"),
    "refused": State("Refusée", "", "danger"),
}
OUTCOMES = {
    "done": State("Importée", "", "success"),
    "refused": State("Non importée", "", "danger"),
    "undone": State("Annulée", "", "neutral"),
    "kept": State("Gardée", "", "warning"),
}
CHOICES = (
    ("create", "Créations"), ("complete", "Complétées"), ("unchanged", "Laissées telles quelles"), (NOT_DONE, "Refusées"),
    ("undone", "Annulées"), ("kept", "Gardées"),
)  # fmt: skip
PROGRESS = {"checking": "Lignes vérifiées", "applying": "Lignes importées", "undoing": "Lignes annulées"}


@dataclass(frozen=True)
class Choice:
    """One filter of the lines, with how many it shows."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class ToldLine:
    """One line as a person reads it."""

    number: int
    name: str
    trainee_id: UUID | None
    state: State
    outcome: State | None
    texts: list[str]
    changes: list[tuple[str, str]]


@dataclass(frozen=True)
class Progress:
    """How far the work under way is."""

    label: str
    done: int
    total: int


def state_of(asked: TraineeImport) -> State:
    """Return where an import stands, in words."""
    return STATES[asked.status]


def choices_of(figures: Mapping[str, int]) -> list[Choice]:
    """Return the filters that show something, all lines first."""
    counts = {**figures, "undone": figures.get("was_undone", 0), "kept": figures.get("was_kept", 0)}
    total = sum(figures.get(action, 0) for action in TraineeImportLine.Action)
    return [
        Choice("", "Toutes", total),
        *(Choice(value, label, counts.get(value, 0)) for value, label in CHOICES if counts.get(value, 0)),
    ]


def to_apply(figures: Mapping[str, int]) -> int:
    """Return how many lines may be imported."""
    return figures.get("create", 0) + figures.get("complete", 0)


def progress_of(asked: TraineeImport, figures: Mapping[str, int]) -> Progress | None:
    """Return how far the work is, None when none is under way."""
    if not asked.is_under_way:
        return None
    done, total = {
        "checking": (asked.lines_read - figures["waiting"], asked.lines_read),
        "applying": (figures["was_done"] + figures["was_refused"], to_apply(figures)),
        "undoing": (figures["was_undone"] + figures["was_kept"], to_apply(figures) - figures["was_refused"]),
    }[asked.status]
    return Progress(PROGRESS[asked.status], done, total or 1)


def summary_of(asked: TraineeImport, figures: Mapping[str, int]) -> str:
    """Say in one or two sentences what the file holds and what became of it."""
    if asked.status in ("failed", "expired", "mapping"):
        return STATES[asked.status].meaning
    words = {
        "create": ("fiche à créer", "fiches à créer"), "complete": ("fiche à compléter", "fiches à compléter"),
        "unchanged": ("laissée telle quelle", "laissées telles quelles"), "refused": ("ligne refusée", "lignes refusées"),
    }  # fmt: skip
    parts = [counted(figures[action], *forms) for action, forms in words.items() if figures.get(action)]
    told = f"{counted(asked.lines_read, 'ligne lue', 'lignes lues')} : {', '.join(parts)}."
    after = {
        "was_done": ("ligne importée", "lignes importées"), "was_refused": ("ligne non importée", "lignes non importées"),
        "was_undone": ("ligne annulée", "lignes annulées"), "was_kept": ("ligne gardée", "lignes gardées"),
    }  # fmt: skip
    since = [counted(figures[name], *forms) for name, forms in after.items() if figures.get(name)]
    return f"{told} {', '.join(since)}." if since else told


def told_lines(lines: Iterable[TraineeImportLine]) -> list[ToldLine]:
    """Return the lines as they are read."""
    return [
        ToldLine(
            line.number, line.name or "Nom absent", line.trainee.public_id if line.trainee else None, ACTIONS[line.action], OUTCOMES.get(line.outcome),
            [text for text in (line.told, line.reason) if text], [(label, text) for label, text in line.changes],
        )
        for line in lines
        if line.action
    ]  # fmt: skip


def why_refused(line: TraineeImportLine) -> str:
    """Return the reason that goes beside a line in the file of refusals."""
    return line.told if line.outcome == TraineeImportLine.Outcome.REFUSED else line.reason
