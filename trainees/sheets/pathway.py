"""A pathway as the page of its trainee tells it: facts, phases, what may be done now and what prevents it."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.kernel.french import counted, day_in_letters
from e2c_portal.kernel.workflow import Move, State
from trainees.law.exits import rule_in_words
from trainees.life import pathways as life
from trainees.life.pathways import PATHWAY_LIFE, end_missing
from trainees.models import (
    EntryProfile,
    Exit,
    FollowUp,
    Internship,
    Pathway,
    PathwayPhase,
    SkillsCertificate,
    Suspension,
    TrainingContract,
)
from trainees.permissions import TraineePermission

POSITIVE = State("Sortie positive", "Comptée comme positive par la règle imprimée.", "success")
NOT_POSITIVE = State("Sortie non positive", "Non comptée comme positive par la règle imprimée.", "neutral")
# The step that follows of itself; the others stand under it.
FIRST_MOVE = {life.PLANNED: "arrive", life.TRIAL: "confirm", life.SUSPENDED: "resume"}


@dataclass(frozen=True)
class MoveOffer:
    """A move offered to one person now: its address, what still prevents it."""

    move: Move
    url: str
    missing: list[str]
    first: bool


@dataclass(frozen=True)
class PathwaySheet:
    """One pathway. `contract`, `profile` and `exit` are None while they are not recorded."""

    pathway: Pathway
    facts: list[tuple[str, Any]]
    offers: list[MoveOffer]
    phases: list[PathwayPhase]
    suspensions: list[Suspension]
    contract: TrainingContract | None
    profile: EntryProfile | None
    profile_facts: list[tuple[str, Any]]
    exit: Exit | None
    exit_facts: list[tuple[str, Any]]
    rule: str
    follow_ups: list[FollowUp]
    internships: list[Internship]
    writes: bool
    follows: bool
    warnings: list[str]
    attests: bool
    certificate: SkillsCertificate | None = None

    @property
    def first_offer(self) -> MoveOffer | None:
        return next((offer for offer in self.offers if offer.first), None)

    @property
    def other_offers(self) -> list[MoveOffer]:
        return [offer for offer in self.offers if not offer.first]

    @property
    def counted_as(self) -> State:
        """The badge of the exit: whether it is counted as positive."""
        return POSITIVE if self.exit and self.exit.positive else NOT_POSITIVE

    @property
    def ended(self) -> bool:
        return self.pathway.status in life.ENDED


def pathway_sheet(
    pathway: Pathway,
    internships: list[Internship],
    viewer: User,
    today: date,
    *,
    latest: bool,
    follows: bool,
    certificate: SkillsCertificate | None = None,
) -> PathwaySheet:
    """Tell a pathway read with its parts. Moves are offered on the latest one alone; `follows` opens exit and follow-ups."""
    contract, profile = getattr(pathway, "contract", None), getattr(pathway, "profile", None)
    known: Exit | None = getattr(pathway, "exit", None)
    follow_ups = list(pathway.follow_ups.all())
    return PathwaySheet(
        pathway, _facts(pathway), _offers(pathway, viewer, today) if latest else [], list(pathway.phases.all()),
        list(pathway.suspensions.all()), contract, profile, _profile_facts(profile) if profile else [], known,
        _exit_facts(known) if known else [], rule_in_words(known.rule.printed, known.rule.source) if known else "",
        follow_ups, internships, viewer.has_perm(TraineePermission.MOVE_PATHWAY, pathway), follows,
        _warnings(pathway, follow_ups, known, today) if follows else [],
        pathway.status not in (life.PLANNED, life.NO_SHOW) and viewer.has_perm(TraineePermission.ISSUE_CERTIFICATE, pathway),
        certificate,
    )  # fmt: skip


def _offers(pathway: Pathway, viewer: User, today: date) -> list[MoveOffer]:
    moves = [
        move for move in PATHWAY_LIFE.moves
        if pathway.status in move.origins and viewer.has_perm(move.permission, pathway)
    ]  # fmt: skip
    blocked = _end_blocked(pathway, today) if any("ended_on" in move.records for move in moves) else []
    first = FIRST_MOVE.get(pathway.status, "")
    return [
        MoveOffer(
            move, reverse("trainees:pathway_move", args=[pathway.pk, move.name]),
            # The days that a move records are asked on its own page: only what they would meet is told here.
            blocked if move.records else move.missing(pathway), move.name == first,
        )
        for move in moves
    ]  # fmt: skip


def _end_blocked(pathway: Pathway, today: date) -> list[str]:
    """Return what would prevent the pathway from ending today."""
    tried = copy(pathway)
    tried.ended_on = max(today, pathway.entered_on)
    return end_missing(tried) if pathway.entered_on <= today else []


def _facts(pathway: Pathway) -> list[tuple[str, Any]]:
    facts = [
        ("Site", f"{pathway.site.name}, {pathway.school.name}"),
        ("Entrée", day_in_letters(pathway.entered_on)),
        ("Période d’essai", f"jusqu’au {day_in_letters(pathway.trial_ends_on)}"),
        ("Fin prévue", day_in_letters(pathway.planned_ends_on)),
        ("Formateur référent", pathway.referent.full_name if pathway.referent else ""),
        ("Financement", pathway.funding),
    ]
    if pathway.ended_on:
        facts.insert(4, ("Dernier jour", day_in_letters(pathway.ended_on)))
    if derogation := getattr(pathway, "age_derogation", None):
        told = f"{derogation.reason} (décidée le {day_in_letters(derogation.decided_on)} par {derogation.decided_by})"
        facts.append(("Dérogation d’âge", told))
    if pathway.status == life.EXCLUDED and pathway.summoned_on and pathway.interviewed_on and pathway.decided_on:
        told = ", ".join(
            f"{step} le {day_in_letters(day)}"
            for step, day in (
                ("convocation", pathway.summoned_on), ("entretien", pathway.interviewed_on), ("décision", pathway.decided_on),
            )
        )  # fmt: skip
        facts.append(("Procédure d’exclusion", told))
    return facts


def _profile_facts(profile: EntryProfile) -> list[tuple[str, Any]]:
    yes_no = {True: "Oui", False: "Non", None: ""}
    return [
        ("Niveau de formation", profile.get_education_level_display()),
        ("Sorti de l’école le", profile.left_school_on and day_in_letters(profile.left_school_on)),
        ("Situation", profile.get_situation_display()),
        ("A déjà travaillé", yes_no[profile.worked_before]),
        ("Permis de conduire", yes_no[profile.driving_licence]),
        ("Quartier prioritaire", f"{profile.qpv_code} (liste {profile.qpv_vintage})" if profile.qpv_code else ""),
    ]


def _exit_facts(row: Exit) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [("Sortie", row.get_category_display())]
    if row.starts_on:
        facts.append(("À partir du", day_in_letters(row.starts_on)))
    if row.contract:
        length = f", {counted(row.contract_days, 'jour', 'jours')}" if row.contract_days else ""
        facts.append(("Contrat", f"{row.get_contract_display()}{length}"))
    more = (("Employeur ou organisme", row.employer), ("Formation", row.training), ("Code RNCP", row.rncp_code))
    facts += [(term, value) for term, value in more if value]
    note = f" ({row.evidence_note})" if row.evidence_note else ""
    return [*facts, ("Preuve", f"{row.get_evidence_display()}{note}")]


def _warnings(pathway: Pathway, follow_ups: Iterable[FollowUp], known: Exit | None, today: date) -> list[str]:
    """Return what waits for somebody, as sentences that say what to do."""
    found = []
    if pathway.status == life.PLANNED and pathway.entered_on <= today:
        found.append("Le jour d’entrée est arrivé : enregistrez l’arrivée, ou dites que la personne n’est pas venue.")
    if pathway.status == life.TRIAL and pathway.trial_ends_on < today:
        found.append(
            f"La période d’essai a pris fin le {day_in_letters(pathway.trial_ends_on)} : confirmez le parcours, ou enregistrez la sortie."
        )
    if pathway.status in (life.RUNNING, life.SUSPENDED) and pathway.planned_ends_on < today:
        found.append(
            f"La fin prévue, le {day_in_letters(pathway.planned_ends_on)}, est passée : terminez le parcours ou changez-la."
        )
    if pathway.status in life.UNDER_WAY and pathway.referent_id is None:
        found.append("Aucun formateur référent n’est désigné.")
    # A transferred pathway has neither exit nor follow-up: the next school's pathway will have them.
    if pathway.status in life.ENDED and known is None and follow_ups:
        found.append("La sortie n’est pas encore enregistrée.")
    late = [follow_up for follow_up in follow_ups if follow_up.done_on is None and follow_up.due_on < today]
    if late:
        found.append(f"{counted(len(late), 'suivi', 'suivis')} en retard : appelez la personne, puis notez sa réponse.")
    return found
