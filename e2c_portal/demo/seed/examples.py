"""Load the examples of today, taken where they stand by the operations of an officer."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.example_facts import (
    AWAITED_COMPANY,
    DELIBERATION,
    LINK_COMPANY,
    NOTE,
    OPEN_COMPANY,
    SIGNATORIES,
    SIGNED_COMPANY,
    THREE_SIGNATORIES,
    TWO_SIGNATORIES,
    Calendar,
    calendar,
    example_text,
    three_years_from,
)
from e2c_portal.demo.seed.on_paper import copy_signed_by, make_document
from e2c_portal.demo.seed.people import second_officer
from e2c_portal.documents.signing_steps import close
from e2c_portal.kernel.french import typeset
from e2c_portal.signing.lookups import latest_envelope
from e2c_portal.signing.models import Method
from e2c_portal.signing.operations.applying import apply
from e2c_portal.signing.operations.paper import check_paper, record_paper
from partnerships import workflows
from partnerships.models import Company, PartnershipConvention
from partnerships.operations.companies import save_record
from partnerships.operations.conventions import ArticleText, ConventionText, Signatory, draft_convention
from partnerships.operations.moves import move_convention
from partnerships.signing_plan import SigningPlan, Way

ON_PAPER = SigningPlan({"region-1": Way(Method.PAPER), "company-1": Way(Method.PAPER)})


def load_examples(actor: User) -> int:
    """Write the examples that are missing. Returns how many. Raises Refused when the document to sign cannot be made."""
    today = timezone.localdate()
    opening = today + timedelta(days=30)
    dates = calendar(today)
    before = PartnershipConvention.objects.count()
    _drafted(OPEN_COMPANY, opening, three_years_from(opening), actor)
    _sign(_drafted(SIGNED_COMPANY, dates.signed_on, dates.ends_on, actor), dates, actor)
    for name, people in ((LINK_COMPANY, THREE_SIGNATORIES), (AWAITED_COMPANY, TWO_SIGNATORIES)):
        _put_to_sign(_drafted(name, today, three_years_from(today), actor, people), dates.voted_on, actor)
    return PartnershipConvention.objects.count() - before


@transaction.atomic
def _drafted(
    name: str, starts_on: date, ends_on: date, actor: User, people: list[Signatory] = SIGNATORIES
) -> PartnershipConvention:
    """Return the convention of this company, written now if it was not there."""
    convention = PartnershipConvention.objects.filter(company__legal_name=name).order_by("pk").first()
    if convention:
        return convention
    company = save_record(Company(legal_name=name, note=typeset(NOTE)), actor)
    return draft_convention(_typeset(example_text(company, starts_on, ends_on, people)), actor)


def _put_to_sign(
    convention: PartnershipConvention, voted_on: date, actor: User, plan: SigningPlan | None = None
) -> PartnershipConvention:
    """Approve, vote and put to signature, as an officer does; start from where an earlier run stopped."""
    vote = {"deliberation_number": DELIBERATION, "deliberation_date": voted_on}
    steps: dict[str, tuple[str, dict[str, Any]]] = {
        workflows.DRAFT: ("approve", {}),
        workflows.APPROVED: ("record_vote", {"facts": vote}),
        workflows.DELIBERATED: ("send_to_sign", {"plan": plan}),
    }
    while step := steps.get(convention.status):
        name, more = step
        convention = move_convention(convention.pk, name, actor, **more)
    return convention


def _sign(convention: PartnershipConvention, dates: Calendar, actor: User) -> None:
    """Have an example signed on paper at its date, by the same steps as in an office: one adds the copy, another checks it."""
    convention = _put_to_sign(convention, dates.voted_on, actor, ON_PAPER)
    envelope = latest_envelope("convention", f"partnerships.partnershipconvention:{convention.pk}")
    if convention.status != workflows.TO_SIGN or envelope is None:
        return
    make_document(envelope)
    for signatory in envelope.signatories.filter(signed_at=None):
        if signatory.status != "to_check":
            record_paper(signatory.pk, copy_signed_by(convention.number, signatory.full_name), dates.signed_on, actor)
        check_paper(signatory.pk, second_officer(), accepted=True)
    apply(envelope.pk)
    close(envelope.document_id)


def _typeset(text: ConventionText) -> ConventionText:
    return replace(
        text,
        title=typeset(text.title),
        sources=typeset(text.sources),
        preamble=typeset(text.preamble),
        visas=typeset(text.visas),
        recitals=typeset(text.recitals),
        articles=[ArticleText(typeset(item.title), typeset(item.body)) for item in text.articles],
        commitments=[replace(item, description=typeset(item.description)) for item in text.commitments],
    )
