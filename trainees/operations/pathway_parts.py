"""Write the parts of a pathway: phases, training contract, entry profile. One transaction each."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from trainees.models import EntryProfile, Pathway, PathwayPhase, TrainingContract
from trainees.operations.pathways import locked_pathway
from trainees.operations.people import NOT_YOURS, OVERTAKEN
from trainees.permissions import TraineePermission


@transaction.atomic
def start_phase(pathway_id: int, kind: str, starts_on: date, actor: User) -> PathwayPhase:
    """Begin a phase: the one under way ends the day before. Raises NotAllowed, Refused (days outside the pathway or before it)."""
    pathway = _writable(pathway_id, actor)
    _refuse_ended(pathway)
    if not pathway.entered_on <= starts_on <= pathway.last_day:
        raise Refused(
            f"Une phase commence pendant le parcours, entre le {pathway.entered_on:%d/%m/%Y} et le {pathway.last_day:%d/%m/%Y}."
        )
    former = pathway.phases.filter(ends_on=None).first()
    if former:
        if starts_on <= former.starts_on:
            raise Refused(f"La phase en cours a commencé le {former.starts_on:%d/%m/%Y} : la suivante vient après.")
        former.ends_on = starts_on - timedelta(days=1)
        former.full_clean()
        former.save()
    phase = PathwayPhase(pathway=pathway, kind=kind, starts_on=starts_on)
    phase.full_clean()
    phase.save()
    record(actor, "pathway.phase", pathway.trainee, f"Phase : {phase.get_kind_display()}", pathway=pathway.pk)
    return phase


@transaction.atomic
def record_contract(pathway_id: int, facts: Mapping[str, Any], seen: int | None, actor: User) -> TrainingContract:
    """Record or correct the training contract of a pathway. Raises NotAllowed, Overtaken, Refused, ValidationError by field."""
    pathway = _writable(pathway_id, actor)
    contract = TrainingContract.objects.filter(pathway=pathway).first()
    if contract and contract.revision != seen:
        raise Overtaken(OVERTAKEN)
    adding = contract is None
    contract = contract or TrainingContract(pathway=pathway, revision=0)
    contract.signed_on, contract.objectives, contract.recorded_by = facts["signed_on"], facts["objectives"], actor
    contract.revision += 1
    if not pathway.entered_on <= contract.signed_on <= min(pathway.ended_on or date.max, timezone.localdate()):
        raise Refused("Le contrat de formation se signe entre l’entrée et aujourd’hui, pendant le parcours.")
    contract.full_clean()
    contract.save()
    told = f"Contrat de formation {'enregistré' if adding else 'corrigé'}, signé le {contract.signed_on:%d/%m/%Y}"
    record(actor, "pathway.contract", pathway.trainee, told, pathway=pathway.pk)
    return contract


@transaction.atomic
def save_profile(pathway_id: int, facts: Mapping[str, Any], actor: User) -> EntryProfile:
    """Record or correct the situation at entry. Raises NotAllowed, ValidationError by field."""
    pathway = _writable(pathway_id, actor)
    profile = EntryProfile.objects.filter(pathway=pathway).first() or EntryProfile(pathway=pathway)
    for name, value in facts.items():
        setattr(profile, name, value)
    profile.full_clean()
    profile.save()
    record(actor, "pathway.profile", pathway.trainee, "Profil d’entrée enregistré", pathway=pathway.pk)
    return profile


def _writable(pathway_id: int, actor: User) -> Pathway:
    pathway = locked_pathway(pathway_id)
    if not actor.has_perm(TraineePermission.MOVE_PATHWAY, pathway):
        raise NotAllowed(NOT_YOURS)
    return pathway


def _refuse_ended(pathway: Pathway) -> None:
    if not pathway.is_open:
        raise Refused("Ce parcours est terminé : rouvrez-le d’abord.")
