"""How a Sirene import is told on its page: its state, its figures, its lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from e2c_portal.kernel.french import counted, number
from e2c_portal.kernel.workflow import State
from partnerships.models import Company, SireneImport, SireneImportLine
from partnerships.sirene_queries import NOT_APPLIED, told_changes

STATES = {
    "reading": State("En lecture", "Le fichier est comparé aux fiches ; rien ne change.", "progress"),
    "ready": State("À vérifier", "Le plan est prêt ; rien n’a changé.", "warning"),
    "applying": State("En application", "Les lignes s’appliquent une à une.", "progress"),
    "applied": State("Appliqué", "Les fiches sont à jour.", "success"),
    "failed": State("Illisible", "Le fichier n’a pas pu être lu jusqu’au bout ; rien n’a changé.", "danger"),
    "expired": State("Périmé", "Ce plan n’a pas été appliqué à temps ; rien n’a changé.", "neutral"),
}
ACTIONS = {
    "create": State("Création", "", "success"),
    "update": State("Mise à jour", "", "info"),
    "close": State("Fermeture", "", "warning"),
    "unchanged": State("Sans changement", "", "neutral"),
    "refused": State("Refusée", "", "danger"),
}
OUTCOMES = {"done": State("Appliquée", "", "success"), "refused": State("Non appliquée", "", "danger")}
CHOICES = (
    ("create", "Créations"), ("update", "Mises à jour"), ("close", "Fermetures"), ("unchanged", "Sans changement"),
    ("refused", "Lignes refusées"), (NOT_APPLIED, "Non appliquées"),
)  # fmt: skip


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
    numbers: str
    company: Company | None
    state: State
    reason: str
    changes: list[tuple[str, str, str]]
    outcome: State | None
    told: str


def state_of(asked: SireneImport) -> State:
    """Return where an import stands, in words."""
    return STATES[asked.status]


def choices_of(figures: dict[str, int]) -> list[Choice]:
    """Return the filters that show something, all lines first."""
    total = sum(figures[action] for action in SireneImportLine.Action)
    found = [Choice(value, label, figures[value]) for value, label in CHOICES if figures[value]]
    return [Choice("", "Toutes", total), *found]


def summary_of(asked: SireneImport, figures: dict[str, int]) -> str:
    """Say in one sentence what a file holds: « 3 mises à jour, 1 fermeture. 1 200 lignes laissées de côté… »"""
    words = {
        "create": ("création", "créations"), "update": ("mise à jour", "mises à jour"), "close": ("fermeture", "fermetures"),
        "unchanged": ("ligne sans changement", "lignes sans changement"), "refused": ("ligne refusée", "lignes refusées"),
    }  # fmt: skip
    if asked.status in ("failed", "expired"):
        return STATES[asked.status].meaning
    parts = [counted(figures[action], *forms) for action, forms in words.items() if figures[action]]
    told = f"{counted(asked.lines_read, 'ligne lue', 'lignes lues')} : {', '.join(parts) or 'rien à changer'}."
    if asked.left_aside:
        aside = counted(asked.left_aside, "ligne laissée de côté", "lignes laissées de côté")
        told += f" {aside} : autres entreprises ou établissements."
    if figures["done"] or figures[NOT_APPLIED]:
        told += (
            f" {counted(figures['done'], 'ligne appliquée', 'lignes appliquées')}, {number(figures[NOT_APPLIED])} non."
        )
    return told


def told_lines(lines: Iterable[SireneImportLine]) -> list[ToldLine]:
    """Return the lines as they are read; they are shown to those who may write companies alone."""
    return [_told(line) for line in lines]


def name_in(line: SireneImportLine) -> str:
    """Return the name of the company that a line speaks of: the record's, or the one that the file would create."""
    created = line.changes.get("company.legal_name", ["", ""])[1]
    return (line.company.legal_name if line.company else created) or "Entreprise non connue"


def changes_in_a_cell(line: SireneImportLine) -> str:
    """Return what a line changes on one line of text: « ville : Sète → Agde ; code postal : 34200 → 34300 »."""
    told = ((label, f"{before} → {after}" if before else after) for label, before, after in told_changes(line))
    return " ; ".join(f"{label} : {change}" for label, change in told)


def _told(line: SireneImportLine) -> ToldLine:
    return ToldLine(
        line.number, name_in(line), line.siret or line.siren, line.company, ACTIONS[line.action], line.reason,
        told_changes(line), OUTCOMES.get(line.outcome), line.told,
    )  # fmt: skip
