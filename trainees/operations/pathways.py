"""Open pathways and move them along their life. One transaction each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.submissions import Sending, once
from trainees.law.limits import Limit
from trainees.life.pathways import PATHWAY_LIFE
from trainees.models import AgeDerogation, Pathway, Trainee
from trainees.models.parameters import limits_on
from trainees.operations.moving import refuse_if_moved, save_or_refuse, take_facts, write_move
from trainees.operations.people import NOT_YOURS
from trainees.permissions import TraineePermission


@dataclass(frozen=True)
class Derogation:
    """Why somebody outside the age bounds is admitted, and when it was decided."""

    reason: str
    decided_on: date


@transaction.atomic
def open_pathway(
    pathway: Pathway, actor: User, *, derogation: Derogation | None = None, sending: Sending | None = None
) -> Pathway:
    """Open the pathway of a trainee in their school. Outside the age bounds of that day, a derogation is asked for.

    Raises NotAllowed, AlreadySent, Refused (age, another pathway at these dates).
    """
    trainee = Trainee.objects.select_for_update().get(pk=pathway.trainee_id)
    pathway.trainee, pathway.school, pathway.created_by = trainee, trainee.school, actor
    if not actor.has_perm(TraineePermission.MOVE_PATHWAY, pathway):
        raise NotAllowed(NOT_YOURS)
    return once(sending, actor, Pathway, lambda: _opened(pathway, derogation, actor))


def _opened(pathway: Pathway, derogation: Derogation | None, actor: User) -> Pathway:
    if pathway.site.school_id != pathway.school_id:
        raise Refused("Choisissez un site de cette école.")
    refusal = age_refusal(pathway.trainee, pathway.entered_on, with_derogation=derogation is not None)
    if refusal:
        raise Refused(refusal, code="age")
    save_or_refuse(pathway)
    if derogation is not None:
        if not actor.has_perm(TraineePermission.DEROGATE, pathway):
            raise NotAllowed("Une dérogation d’âge est décidée par la direction ou la coordination de l’école.")
        save_or_refuse(
            AgeDerogation(pathway=pathway, reason=derogation.reason, decided_on=derogation.decided_on, decided_by=actor)
        )
    record(actor, "pathway.opened", pathway.trainee, f"Parcours ouvert, entrée le {pathway.entered_on:%d/%m/%Y}")
    return pathway


def age_refusal(trainee: Trainee, entered_on: date, *, with_derogation: bool) -> str:
    """Return why the age at entry is refused, empty when it is not (code de l’éducation, L214-14; dated limits)."""
    return age_outside(trainee.age_on(entered_on), limits_on(entered_on), with_derogation=with_derogation)


def age_outside(age: int, limits: Mapping[str, Decimal], *, with_derogation: bool) -> str:
    """Return why an age at entry is refused under the limits of that day, empty when it is not."""
    low, high, furthest = limits[Limit.AGE_MIN], limits[Limit.AGE_MAX], limits[Limit.AGE_MAX_WITH_DEROGATION]
    if age > furthest:
        return f"À l’entrée, cette personne aurait {age} ans : l’âge maximal est de {furthest:.0f} ans, même avec dérogation."
    if low <= age <= high or with_derogation:
        return ""
    return (
        f"À l’entrée, cette personne aurait {age} ans : l’âge d’entrée va de {low:.0f} à {high:.0f} ans. "
        "Enregistrez une dérogation motivée, ou corrigez la date."
    )


@transaction.atomic
def move_pathway(
    pathway_id: int,
    move_name: str,
    actor: User,
    *,
    seen_state: str | None = None,
    reason: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Pathway:
    """Make one move of the life of a pathway, or say why not and write nothing.

    Raises NotAllowed, Overtaken when somebody moved first, Refused with `details` listing what is missing.
    """
    pathway = Pathway.objects.select_for_update(of=("self",)).select_related("trainee").get(pk=pathway_id)
    refuse_if_moved(pathway, seen_state, "Ce parcours")
    move = PATHWAY_LIFE.move(move_name)
    take_facts(pathway, move, facts)
    if move.name == "reopen":
        # What the rule of reopening reads of the former end is checked before it is erased.
        PATHWAY_LIFE.check(pathway, pathway.status, move, actor, reason)
        pathway.ended_on = pathway.summoned_on = pathway.interviewed_on = pathway.decided_on = None
    write_move(pathway, PATHWAY_LIFE, move, actor, reason, on=pathway.trainee)
    return pathway
