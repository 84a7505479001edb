"""The life of a pathway (parcours), as one table (domain dossier, section 7.2)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from e2c_portal.kernel.french import date_in_letters
from e2c_portal.kernel.workflow import Move, State, Workflow
from trainees.law.limits import Limit
from trainees.permissions import TraineePermission

if TYPE_CHECKING:
    from trainees.models import Pathway

PLANNED, TRIAL, RUNNING, SUSPENDED = "planned", "trial", "running", "suspended"
COMPLETED, LEFT_IN_TRIAL, INTERRUPTED, ABANDONED, EXCLUDED, NO_SHOW = (
    "completed", "left_in_trial", "interrupted", "abandoned", "excluded", "no_show",
)  # fmt: skip
OPEN = (PLANNED, TRIAL, RUNNING, SUSPENDED)
# The person is in the school's charge: present, absent, or away with its leave.
UNDER_WAY = (TRIAL, RUNNING, SUSPENDED)
REOPENINGS = ("reopen", "reopen_trial")
ENDED = (COMPLETED, LEFT_IN_TRIAL, INTERRUPTED, ABANDONED, EXCLUDED)

STATES = {
    PLANNED: State("Prévu", "L’entrée est décidée, la personne n’est pas encore arrivée.", "neutral"),
    TRIAL: State("Période d’essai", "La personne est arrivée ; le parcours n’est pas encore confirmé.", "info"),
    RUNNING: State("En parcours", "Le contrat de formation est signé, le parcours suit son cours.", "success"),
    SUSPENDED: State("Suspendu", "Le parcours est arrêté pour un temps, avec un motif.", "warning"),
    COMPLETED: State("Terminé", "Le parcours est allé à son terme.", "neutral"),
    LEFT_IN_TRIAL: State("Sorti pendant l’essai", "Le parcours s’est arrêté avant d’être confirmé.", "neutral"),
    INTERRUPTED: State("Interrompu", "Une cause extérieure a mis fin au parcours : santé, déménagement…", "neutral"),
    ABANDONED: State("Abandon", "La personne a quitté le parcours.", "neutral"),
    EXCLUDED: State("Exclusion", "L’école a mis fin au parcours, après convocation et entretien.", "danger"),
    NO_SHOW: State("Jamais venu", "La personne ne s’est pas présentée : le parcours n’a pas commencé.", "neutral"),
}


def _lacking(checks: Iterable[tuple[bool, str]]) -> list[str]:
    return [sentence for present, sentence in checks if not present]


def arrival_missing(pathway: "Pathway") -> list[str]:
    """Somebody arrives on the day of entry, not before."""
    return _lacking([
        (pathway.entered_on <= timezone.localdate(), "Le jour d’entrée est à venir : la personne n’est pas encore arrivée."),
    ])  # fmt: skip


def confirmation_missing(pathway: "Pathway") -> list[str]:
    """The trial is closed by a contract between the trainee and the school."""
    return _lacking([
        (pathway.has_contract(), "Enregistrez d’abord le contrat de formation et sa date de signature."),
        (pathway.referent_id is not None, "Désignez d’abord le formateur référent."),
    ])  # fmt: skip


def end_missing(pathway: "Pathway") -> list[str]:
    """A pathway ends on a day that has come, with no internship left after it."""
    ended_on = pathway.ended_on
    running = pathway.internship_running_after(ended_on) if ended_on else None
    return _lacking([
        (ended_on is not None, "Indiquez le dernier jour du parcours."),
        (ended_on is None or ended_on <= timezone.localdate(), "Le dernier jour du parcours ne peut pas être à venir."),
        (ended_on is None or ended_on >= pathway.entered_on, "Le parcours ne peut pas finir avant d’avoir commencé."),
        (
            running is None,
            f"Un stage court jusqu’au {running.last_day:%d/%m/%Y} : terminez-le ou annulez-le d’abord." if running else "",
        ),
    ])  # fmt: skip


def exclusion_missing(pathway: "Pathway") -> list[str]:
    """Summons in writing, interview, then a reasoned decision within the legal days (code du travail, R6352-4 to R6352-6)."""
    summoned, met, decided = pathway.summoned_on, pathway.interviewed_on, pathway.decided_on
    complete = summoned is not None and met is not None and decided is not None
    checks = [
        (summoned is not None, "Indiquez le jour de la convocation écrite (code du travail, art. R6352-5)."),
        (met is not None, "Indiquez le jour de l’entretien (code du travail, art. R6352-5)."),
        (decided is not None, "Indiquez le jour de la décision écrite (code du travail, art. R6352-6)."),
    ]
    return _lacking(checks) + (_decision_days_missing(pathway) if complete else []) + end_missing(pathway)


def _decision_days_missing(pathway: "Pathway") -> list[str]:
    summoned, met, decided = pathway.summoned_on, pathway.interviewed_on, pathway.decided_on
    if summoned is None or met is None or decided is None:
        return []
    # A clear day lies wholly between the two: neither that of the interview nor that of the decision counts.
    earliest = met + timedelta(days=int(pathway.limit(Limit.SANCTION_MIN_DAYS, met)) + 1)
    latest = met + timedelta(days=int(pathway.limit(Limit.SANCTION_MAX_DAYS, met)))
    return _lacking([
        (summoned <= met, "La convocation précède l’entretien."),
        (
            earliest <= decided <= latest,
            f"La décision se prend entre le {earliest:%d/%m/%Y} et le {latest:%d/%m/%Y} : un jour franc au moins après "
            "l’entretien, quinze jours au plus (code du travail, art. R6352-6).",
        ),
        (pathway.ended_on is None or decided <= pathway.ended_on, "L’exclusion ne prend pas effet avant la décision."),
    ])  # fmt: skip


def reopening_missing(pathway: "Pathway") -> list[str]:
    """A pathway is reopened for a time after its end (dated limit), unless another one began."""
    ended_on = pathway.ended_on
    if ended_on is None:
        return []
    until = ended_on + timedelta(days=int(pathway.limit(Limit.REOPENING_DAYS, ended_on)))
    return _lacking([
        (
            timezone.localdate() <= until,
            f"Ce parcours pouvait être rouvert jusqu’au {date_in_letters(until).removeprefix('le ')} : "
            "créez plutôt un nouveau parcours.",
        ),
        (
            pathway.trainee.school_id == pathway.school_id,
            "La personne est maintenant dans une autre école : son parcours d’ici ne se rouvre pas.",
        ),
        (not pathway.has_later_pathway(), "Un autre parcours a commencé depuis : celui-ci ne se rouvre pas."),
    ])  # fmt: skip


def confirmed_reopening_missing(pathway: "Pathway") -> list[str]:
    """A pathway that goes on has its contract and its referent, as when it was confirmed."""
    return reopening_missing(pathway) + confirmation_missing(pathway)


def _move(name: str, label: str, origins: Iterable[str], target: str, **more: object) -> Move:
    right = TraineePermission.REOPEN_PATHWAY if name in REOPENINGS else TraineePermission.MOVE_PATHWAY
    return Move(name, label, target, frozenset(origins), right, **more)  # type: ignore[arg-type]


PATHWAY_LIFE = Workflow(
    name="parcours",
    initial=PLANNED,
    states=STATES,
    moves=(
        _move("arrive", "Enregistrer l’arrivée", [PLANNED], TRIAL, missing=arrival_missing,
              consequence="La période d’essai commence."),
        _move("no_show", "La personne n’est pas venue", [PLANNED], NO_SHOW, needs_reason=True,
              consequence="Le parcours est classé : il ne compte dans aucun chiffre."),
        _move("confirm", "Confirmer le parcours", [TRIAL], RUNNING, missing=confirmation_missing,
              consequence="Le parcours est confirmé par le contrat de formation."),
        _move("suspend", "Suspendre le parcours", [TRIAL, RUNNING], SUSPENDED, needs_reason=True,
              consequence="Aucune présence n’est attendue pendant la suspension."),
        _move("resume", "Reprendre le parcours", [SUSPENDED], RUNNING, missing=confirmation_missing,
              consequence="Les présences sont de nouveau attendues."),
        _move("complete", "Terminer le parcours", [RUNNING], COMPLETED, missing=end_missing, records=("ended_on",),
              consequence="La sortie peut être enregistrée, et les suivis à 3, 6, 9 et 12 mois sont prévus."),
        _move("leave_trial", "Sortie pendant l’essai", [TRIAL], LEFT_IN_TRIAL, missing=end_missing, needs_reason=True,
              records=("ended_on",), consequence="Le parcours se termine avant d’être confirmé."),
        _move("interrupt", "Interruption (cause extérieure)", [RUNNING, SUSPENDED], INTERRUPTED, missing=end_missing,
              needs_reason=True, records=("ended_on",), consequence="Le parcours se termine sans être compté comme un abandon."),
        _move("abandon", "Abandon", [RUNNING, SUSPENDED], ABANDONED, missing=end_missing, needs_reason=True,
              records=("ended_on",), consequence="L’abandon est à signaler au financeur."),
        _move("exclude", "Exclusion", [TRIAL, RUNNING, SUSPENDED], EXCLUDED, missing=exclusion_missing, needs_reason=True,
              records=("summoned_on", "interviewed_on", "decided_on", "ended_on"),
              consequence="L’exclusion et ses motifs sont à signaler au financeur."),
        _move("reopen", "Rouvrir le parcours", [COMPLETED, INTERRUPTED, ABANDONED, EXCLUDED], RUNNING,
              missing=confirmed_reopening_missing, needs_reason=True,
              consequence="La sortie et les suivis enregistrés sont effacés ; le parcours reprend."),
        _move("reopen_trial", "Rouvrir en période d’essai", [LEFT_IN_TRIAL, EXCLUDED], TRIAL, missing=reopening_missing,
              needs_reason=True, consequence="La sortie et les suivis enregistrés sont effacés ; l’essai reprend."),
    ),
)  # fmt: skip
