"""Move a convention along its life: one operation for every button, whatever the page."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from e2c_portal.accounts.models import User
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import Overtaken, Refused
from e2c_portal.kernel.workflow import Move
from e2c_portal.signing.lookups import last_signing_day
from e2c_portal.ui.refusals import refusal_of_database
from partnerships import workflows
from partnerships.ceremony_queries import ceremony_of
from partnerships.models import ConventionMove, PartnershipConvention
from partnerships.operations.signatures import hold_signature, open_for_convention, stop_signature
from partnerships.signing_plan import SigningPlan

FACT_DATE = {
    "record_vote": "deliberation_date", "record_signature": "signed_on", "record_archive": "signed_on",
    "denounce": "ended_on", "terminate": "ended_on",
}  # fmt: skip


@says_why
@transaction.atomic
def move_convention(
    convention_id: int,
    move_name: str,
    actor: User,
    *,
    seen_state: str | None = None,
    reason: str = "",
    facts: dict[str, Any] | None = None,
    plan: SigningPlan | None = None,
) -> PartnershipConvention:
    """Make one move of the workflow, or say why not and write nothing.

    `seen_state` is the state the person had on screen; `facts` holds what the move records (its `records` names); `plan` says
    how each signatory signs, for the move that puts to signature. Raises NotAllowed, Overtaken when somebody moved first,
    Refused with `details` listing what is missing.
    """
    signature = hold_signature(PartnershipConvention, convention_id)
    convention = PartnershipConvention.objects.select_for_update().get(pk=convention_id)
    move = workflows.CONVENTION_LIFE.move(move_name)
    if seen_state and convention.status != seen_state:
        raise Overtaken(_overtaken(convention))
    for name in move.records:
        if facts and name in facts:
            setattr(convention, name, facts[name])
    if move.name == "denounce" and convention.ended_on is None and convention.notice_given_on:
        convention.ended_on = convention.terms.earliest_end(convention.notice_given_on)
    take_signing_day(convention, move)
    workflows.CONVENTION_LIFE.check(convention, convention.status, move, actor, reason)  # type: ignore[arg-type]
    if move.name == "reopen":
        convention.deliberation_number, convention.deliberation_date = "", None
    write_move(convention, move, actor, reason)
    if move.name == "send_to_sign":
        open_for_convention(convention.pk, plan, actor)
    elif move.name == "reopen":
        stop_signature(signature, reason, actor)
    return convention


def take_signing_day(convention: PartnershipConvention, move: Move) -> None:
    """Date the signature from the envelope that everybody signed: nobody types it.

    When the last of them signed on the day of the ceremony whose programme it is at, it was signed there.
    """
    envelope = convention.signed_envelope() if move.name == "record_signature" else None
    if envelope is None:
        return
    convention.signed_on = last_signing_day(envelope)
    event = ceremony_of(convention)
    if event and event.held_on == convention.signed_on:
        convention.signing_event = event
        convention.signed_place = convention.signed_place or event.city


def write_move(convention: PartnershipConvention, move: Move, actor: User, reason: str = "") -> None:
    """Write a move that was checked, and its trace. Raises Refused when the database refuses the new state."""
    origin, convention.status = convention.status, move.target
    _save(convention)
    ConventionMove.objects.create(
        convention=convention, origin=origin, target=move.target, actor=actor, reason=reason.strip(),
        effective_on=_fact_date(convention, move.name),
    )  # fmt: skip


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
        raise refusal_of_database(error) from error


def _fact_date(convention: PartnershipConvention, move_name: str) -> date | None:
    name = FACT_DATE.get(move_name)
    return getattr(convention, name) if name else None
