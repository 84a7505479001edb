"""Amendments of the tests, made by the real operations."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.signing.models import Method
from partnerships.agreement import Agreement
from partnerships.consolidation import consolidated
from partnerships.models import ConventionAmendment, PartnershipConvention
from partnerships.operations.amendments import AmendmentText, WrittenLine, draft_amendment, move_amendment
from partnerships.queries import convention_with_amendments
from partnerships.signing_plan import SigningPlan, Way
from tests.factories.signing import signed_on_paper

# Whoever signs an amendment of these tests does so on paper, whatever its date of effect.
ON_PAPER = SigningPlan({f"{side}-{rank}": Way(Method.PAPER) for side in ("region", "company") for rank in range(1, 5)})


def text_in_force(convention: PartnershipConvention) -> Agreement:
    """Return what is agreed now, all signed amendments counted."""
    return consolidated(convention_with_amendments(convention.pk)).agreement


def written(agreement: Agreement, *, purpose: str = "Mise à jour", effective_on: date | None = None) -> AmendmentText:
    """Return an agreement as the form of an amendment would hand it over."""
    terms = agreement.terms
    return AmendmentText(
        purpose=purpose,
        effective_on=effective_on,
        ends_on=terms.ends_on,
        renewal=terms.renewal,
        renewal_months=terms.renewal_months,
        renewal_limit=terms.renewal_limit,
        notice_months=terms.notice_months,
        lines=[
            WrittenLine(part, line.key, {k: v for k, v in asdict(line).items() if k not in ("number", "position")})
            for part in ("article", "commitment", "signatory")
            for line in agreement.lines(part)
        ],
    )


def amended(
    convention: PartnershipConvention,
    actor: User,
    change: Callable[[Agreement], Agreement],
    **more: Any,
) -> ConventionAmendment:
    """Create the draft of an amendment: `change` receives the text in force and returns what it must become."""
    return draft_amendment(convention.pk, written(change(text_in_force(convention)), **more), actor)


def longer(days: int = 365) -> Callable[[Agreement], Agreement]:
    """Return the change that moves the end of a convention later (earlier when negative)."""

    def change(agreement: Agreement) -> Agreement:
        assert agreement.terms.ends_on
        return replace(
            agreement, terms=replace(agreement.terms, ends_on=agreement.terms.ends_on + timedelta(days=days))
        )

    return change


def aim_higher(target: int) -> Callable[[Agreement], Agreement]:
    """Return the change of the first commitment's target."""

    def change(agreement: Agreement) -> Agreement:
        first, *others = agreement.commitments
        return replace(agreement, commitments=(replace(first, target=target), *others))

    return change


def new_signatory(name: str) -> Callable[[Agreement], Agreement]:
    """Return the change of who signs for the company."""

    def change(agreement: Agreement) -> Agreement:
        people = [replace(p, full_name=name) if p.side == "company" else p for p in agreement.signatories]
        return replace(agreement, signatories=tuple(people))

    return change


def signed(amendment: ConventionAmendment, actor: User, on: date | None = None) -> ConventionAmendment:
    """Bring an amendment to its signature by the real moves, voted when it must be; its document is only said to be sealed."""
    day = on or timezone.localdate()
    if amendment.needs_vote and not amendment.deliberation_number:
        vote = {"deliberation_number": "CR-26/09.009", "deliberation_date": day - timedelta(days=3)}
        move_amendment(amendment.pk, "record_vote", actor, facts=vote)
    move_amendment(amendment.pk, "send_to_sign", actor, plan=ON_PAPER)
    signed_on_paper(amendment, actor, day)
    amendment = ConventionAmendment.objects.get(pk=amendment.pk)
    assert amendment.status == "signed"
    return amendment
