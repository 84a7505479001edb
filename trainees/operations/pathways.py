"""Open pathways and move them along their life. One transaction each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.changes import changed_fields
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.french import date_in_letters
from e2c_portal.kernel.submissions import Sending, once
from trainees.law.limits import Limit
from trainees.life.pathways import ENDED, PATHWAY_LIFE, PLANNED, REOPENINGS, TRIAL
from trainees.models import AgeDerogation, Pathway, Trainee
from trainees.models.parameters import limits_on
from trainees.operations.doubles import refresh_doubles_of
from trainees.operations.moving import refuse_if_moved, save_or_refuse, take_facts, write_checked_move, write_move
from trainees.operations.pathway_ends import erase_end, plan_follow_ups
from trainees.operations.people import NOT_YOURS, OVERTAKEN
from trainees.operations.suspensions import begin_suspension, close_suspension, end_suspension
from trainees.permissions import TraineePermission
from trainees.reads.staff import referents_of


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
    _refuse_foreign_referent(pathway)
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
    refresh_doubles_of(pathway.trainee_id)
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


@says_why
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
    pathway = locked_pathway(pathway_id)
    refuse_if_moved(pathway, seen_state, "Ce parcours")
    move, day = PATHWAY_LIFE.move(move_name), None
    take_facts(pathway, move, facts)
    if move.name in REOPENINGS:
        # What the rule of reopening reads of the former end is checked before it is erased.
        PATHWAY_LIFE.check(pathway, pathway.status, move, actor, reason)
        erase_end(pathway, actor)
        write_checked_move(pathway, move, actor, reason, on=pathway.trainee)
        return pathway
    if move.name in BY_DAY:
        day = (facts or {}).get("day") or timezone.localdate()
    elif move.name == "arrive":
        day = pathway.entered_on
    write_move(pathway, PATHWAY_LIFE, move, actor, reason, on=pathway.trainee, effective_on=day)
    _write_consequences(pathway, move.name, reason, day)
    return pathway


# These two say since when, in `facts["day"]`: today unless said.
BY_DAY = ("suspend", "resume")


def _write_consequences(pathway: Pathway, move_name: str, reason: str, day: date | None) -> None:
    """Keep the suspensions and the follow-ups true to the state just reached."""
    if move_name == "suspend" and day:
        begin_suspension(pathway, day, reason)
    elif move_name == "resume" and day:
        end_suspension(pathway, day)
    elif pathway.status in ENDED:
        close_suspension(pathway)
        plan_follow_ups(pathway)


def locked_pathway(pathway_id: int) -> Pathway:
    """Return a pathway and its trainee, the pathway locked until the commit."""
    rows = Pathway.objects.select_for_update(of=("self",)).select_related("trainee", "school")
    return rows.get(pk=pathway_id)


# What may still be changed of a pathway, by its state: the entry while it is to come, the trial while it lasts.
PLANNED_FACTS = ("site", "entered_on", "trial_ends_on", "planned_ends_on", "funding")
TRIAL_FACTS = ("site", "trial_ends_on", "planned_ends_on", "funding")
OPEN_FACTS = ("site", "planned_ends_on", "funding")


def facts_open_to_change(pathway: Pathway) -> tuple[str, ...]:
    """Return the names of what may be changed today without a move; nothing of an ended pathway."""
    if not pathway.is_open:
        return ()
    return {PLANNED: PLANNED_FACTS, TRIAL: TRIAL_FACTS}.get(pathway.status, OPEN_FACTS)


@transaction.atomic
def replan_pathway(pathway_id: int, facts: Mapping[str, Any], seen: int | None, actor: User) -> Pathway:
    """Change the plan of an open pathway: its end, and what its state still leaves open.

    Raises NotAllowed, Overtaken when it was saved after the revision `seen`, Refused (an internship goes further, age),
    ValidationError by field.
    """
    pathway = locked_pathway(pathway_id)
    if not actor.has_perm(TraineePermission.MOVE_PATHWAY, pathway):
        raise NotAllowed(NOT_YOURS)
    if pathway.revision != seen:
        raise Overtaken(OVERTAKEN)
    for name in facts_open_to_change(pathway):
        if name in facts:
            setattr(pathway, name, facts[name])
    if pathway.status not in (PLANNED, TRIAL):
        # The trial is over: a pathway cut short of its day is not held by it.
        pathway.trial_ends_on = min(pathway.trial_ends_on, pathway.planned_ends_on)
    _refuse_plan(pathway)
    changed = changed_fields(pathway)
    pathway.revision += 1
    pathway.full_clean()
    pathway.save()
    if changed:
        summary = f"Parcours modifié : {', '.join(changed)}"
        if "fin prévue" in changed:
            summary += f" (fin prévue {date_in_letters(pathway.planned_ends_on)})"
        record(actor, "pathway.replanned", pathway.trainee, summary, pathway=pathway.pk, changed=changed)
    return pathway


def _refuse_plan(pathway: Pathway) -> None:
    """Raise Refused when the plan cuts an internship, leaves the school or the age bounds."""
    if not pathway.is_open:
        raise Refused("Ce parcours est terminé : rouvrez-le pour le modifier.")
    if pathway.site.school_id != pathway.school_id:
        raise Refused("Choisissez un site de cette école.")
    internship = pathway.internship_running_after(pathway.planned_ends_on)
    if internship:
        raise Refused(
            f"Un stage court jusqu’au {internship.last_day:%d/%m/%Y} : la fin prévue ne peut pas le précéder.",
            code="internship",
        )
    derogation = AgeDerogation.objects.filter(pathway=pathway).exists()
    if pathway.status == PLANNED and (
        refusal := age_refusal(pathway.trainee, pathway.entered_on, with_derogation=derogation)
    ):
        raise Refused(refusal, code="age")


@transaction.atomic
def name_referent(pathway_id: int, referent: User | None, actor: User) -> Pathway:
    """Give an open pathway its referent. Raises NotAllowed, Refused (ended pathway, somebody of another school)."""
    pathway = locked_pathway(pathway_id)
    if not actor.has_perm(TraineePermission.MOVE_PATHWAY, pathway):
        raise NotAllowed(NOT_YOURS)
    if not pathway.is_open:
        raise Refused("Ce parcours est terminé : son formateur référent ne change plus.")
    if pathway.referent == referent:
        return pathway
    pathway.referent = referent
    _refuse_foreign_referent(pathway)
    pathway.save(update_fields=["referent"])
    told = f"Formateur référent : {referent.full_name}" if referent else "Plus de formateur référent"
    record(actor, "pathway.referent", pathway.trainee, told, pathway=pathway.pk)
    return pathway


def _refuse_foreign_referent(pathway: Pathway) -> None:
    if pathway.referent_id and not referents_of(pathway.school_id).filter(pk=pathway.referent_id).exists():
        raise Refused("Choisissez un formateur référent qui travaille dans cette école.", code="referent")
