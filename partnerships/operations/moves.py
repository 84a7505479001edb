"""Move a convention along its life: one operation for every button, whatever the page."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from e2c_portal.accounts.models import User
from e2c_portal.documents.requesting import request_document
from e2c_portal.kernel.errors import Overtaken, Refused
from partnerships import workflows
from partnerships.documents import convention_order
from partnerships.models import ConventionMove, PartnershipConvention

# Moves after which the document in people's hands must say something new.
SEALED_AFTER = ("send_to_sign", "record_signature")
FACT_DATE = {
    "record_vote": "deliberation_date", "record_signature": "signed_on", "record_archive": "signed_on",
    "denounce": "ended_on", "terminate": "ended_on",
}  # fmt: skip


@transaction.atomic
def move_convention(
    convention_id: int,
    move_name: str,
    actor: User,
    *,
    seen_state: str | None = None,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> PartnershipConvention:
    """Make one move of the workflow, or say why not and write nothing.

    `seen_state` is the state the person had on screen; `facts` holds what the move records (its `records` names).
    Raises NotAllowed, Overtaken when somebody moved first, Refused with `details` listing what is missing.
    """
    convention = PartnershipConvention.objects.select_for_update().get(pk=convention_id)
    move = workflows.CONVENTION_LIFE.move(move_name)
    if seen_state and convention.status != seen_state:
        raise Overtaken(_overtaken(convention))
    for name in move.records:
        if facts and name in facts:
            setattr(convention, name, facts[name])
    if move.name == "denounce" and convention.ended_on is None and convention.notice_given_on:
        convention.ended_on = convention.terms.earliest_end(convention.notice_given_on)
    workflows.CONVENTION_LIFE.check(convention, convention.status, move, actor, reason)  # type: ignore[arg-type]
    if move.name == "reopen":
        convention.deliberation_number, convention.deliberation_date = "", None
    origin, convention.status = convention.status, move.target
    _save(convention)
    ConventionMove.objects.create(
        convention=convention, origin=origin, target=move.target, actor=actor, reason=reason.strip(),
        effective_on=_fact_date(convention, move.name),
    )  # fmt: skip
    if move.name in SEALED_AFTER:
        request_document(convention_order(convention.pk), actor)
    return convention


def _overtaken(convention: PartnershipConvention) -> str:
    last = convention.moves.select_related("actor").first()
    who = f"{last.actor} l’a fait passer" if last else "Elle est passée"
    return f"Cette convention a changé pendant que vous la lisiez : {who} à « {convention.state.label} ». Relisez-la avant d’agir."


def _save(convention: PartnershipConvention) -> None:
    try:
        convention.full_clean()
    except ValidationError as error:
        raise Refused("Cette action est refusée.", details=error.messages) from error
    try:
        with transaction.atomic():
            convention.save()
    except IntegrityError as error:
        raise Refused("Cette action est refusée par une règle de la base : rechargez la page et vérifiez.") from error


def _fact_date(convention: PartnershipConvention, move_name: str) -> date | None:
    name = FACT_DATE.get(move_name)
    return getattr(convention, name) if name else None
