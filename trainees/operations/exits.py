"""Record what an ended pathway led to, and the calls that follow. One transaction each."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from trainees.law.exits import OF_A_LENGTH, is_positive
from trainees.law.limits import Limit
from trainees.life.pathways import ENDED
from trainees.models import Exit, FollowUp, Pathway
from trainees.models.parameters import rule_on
from trainees.operations.pathways import locked_pathway
from trainees.operations.people import NOT_YOURS, OVERTAKEN
from trainees.permissions import TraineePermission


@transaction.atomic
def record_exit(pathway_id: int, facts: Mapping[str, Any], seen: int | None, actor: User) -> Exit:
    """Record or correct the exit of an ended pathway, judged by the threshold of its last day, which the row keeps.

    Raises NotAllowed, Overtaken when it was saved after the revision `seen`, Refused, ValidationError by field.
    """
    pathway = locked_pathway(pathway_id)
    _require(actor, pathway)
    if pathway.status not in ENDED or pathway.ended_on is None:
        raise Refused("La sortie s’enregistre quand le parcours est terminé.")
    row = Exit.objects.filter(pathway=pathway).first()
    if row and row.revision != seen:
        raise Overtaken(OVERTAKEN)
    row = row or Exit(pathway=pathway, revision=0)
    for name, value in facts.items():
        setattr(row, name, value)
    _judge(row, pathway.ended_on)
    row.recorded_by, row.recorded_at, row.revision = actor, timezone.now(), row.revision + 1
    row.full_clean()
    row.save()
    counted = "positive" if row.positive else "non positive"
    told = f"Sortie enregistrée : {row.get_category_display()} ({counted}, seuil de {row.rule.printed})"
    record(actor, "exit.recorded", pathway.trainee, told, pathway=pathway.pk, rule=row.rule_id, positive=row.positive)
    return row


def _judge(row: Exit, last_day: date) -> None:
    """Say whether the exit is positive by the rule in force on the last day of the pathway, and keep that rule."""
    if row.contract in OF_A_LENGTH and not row.contract_days:
        raise ValidationError({"contract_days": "Indiquez la durée de ce contrat, en jours : elle décide du résultat."})
    row.rule = rule_on(Limit.POSITIVE_CONTRACT_DAYS, last_day)
    row.positive = is_positive(row.category, row.contract, row.contract_days, row.rule.value)


@transaction.atomic
def answer_follow_up(follow_up_id: int, facts: Mapping[str, Any], seen: date | None, actor: User) -> FollowUp:
    """Record what the person said, or correct it: `seen` is the day that was on screen, None when nothing was answered.

    Raises NotAllowed, Overtaken, Refused (a day to come, or before the exit), ValidationError by field.
    """
    rows = FollowUp.objects.select_for_update(of=("self",)).select_related("pathway__trainee")
    follow_up = rows.get(pk=follow_up_id)
    pathway = follow_up.pathway
    _require(actor, pathway)
    if follow_up.done_on != seen:
        raise Overtaken(f"{follow_up.done_by} a déjà noté ce suivi. Relisez sa réponse avant de la corriger.")
    follow_up.situation, follow_up.done_on, follow_up.note = facts["situation"], facts["done_on"], facts["note"]
    if follow_up.done_on and not (pathway.ended_on or date.min) <= follow_up.done_on <= timezone.localdate():
        raise Refused("Un suivi se note entre la sortie et aujourd’hui.")
    follow_up.done_by = actor
    follow_up.full_clean()
    follow_up.save()
    told = f"{follow_up} : {follow_up.get_situation_display().lower()}"
    record(actor, "follow_up.answered", pathway.trainee, told, pathway=pathway.pk, months=follow_up.months)
    return follow_up


def _require(actor: User, pathway: Pathway) -> None:
    """Ask the right in the school where the person is today: a transfer hands their exit and follow-ups over."""
    if not actor.has_perm(TraineePermission.CHANGE_TRAINEE, pathway.trainee):
        raise NotAllowed(NOT_YOURS)
