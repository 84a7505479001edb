"""Load the two examples of today: one to work on, one taken to its signature by the moves of an officer."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.example_facts import (
    DELIBERATION,
    NOTE,
    OPEN_COMPANY,
    SIGNED_COMPANY,
    Calendar,
    calendar,
    example_text,
    three_years_from,
)
from e2c_portal.documents.building import build
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import typeset
from partnerships import workflows
from partnerships.models import Company, PartnershipConvention
from partnerships.operations.companies import save_record
from partnerships.operations.conventions import ArticleText, ConventionText, draft_convention
from partnerships.operations.moves import move_convention
from partnerships.operations.sealing import seal_convention


def load_examples(actor: User) -> int:
    """Write the examples that are missing. Returns how many. Raises Refused when the document to sign cannot be made."""
    today = timezone.localdate()
    opening = today + timedelta(days=30)
    dates = calendar(today)
    before = PartnershipConvention.objects.count()
    _drafted(OPEN_COMPANY, opening, three_years_from(opening), actor)
    _sign(_drafted(SIGNED_COMPANY, dates.signed_on, dates.ends_on, actor), dates, actor)
    return PartnershipConvention.objects.count() - before


@transaction.atomic
def _drafted(name: str, starts_on: date, ends_on: date, actor: User) -> PartnershipConvention:
    """Return the convention of this company, written now if it was not there."""
    convention = PartnershipConvention.objects.filter(company__legal_name=name).order_by("pk").first()
    if convention:
        return convention
    company = save_record(Company(legal_name=name, note=typeset(NOTE)), actor)
    return draft_convention(_typeset(example_text(company, starts_on, ends_on)), actor)


def _sign(convention: PartnershipConvention, dates: Calendar, actor: User) -> None:
    """Vote, put to sign, seal and record the signature, as an officer does; start from where an earlier run stopped."""
    vote = {"deliberation_number": DELIBERATION, "deliberation_date": dates.voted_on}
    signature = {"signed_on": dates.signed_on, "signed_place": "Montpellier"}
    steps: dict[str, tuple[str, dict[str, Any]]] = {
        workflows.DRAFT: ("approve", {}),
        workflows.APPROVED: ("record_vote", vote),
        workflows.DELIBERATED: ("send_to_sign", {}),
        workflows.TO_SIGN: ("record_signature", signature),
    }
    while step := steps.get(convention.status):
        name, facts = step
        if name == "record_signature":
            _seal(convention, actor)
        convention = move_convention(convention.pk, name, actor, facts=facts)


def _seal(convention: PartnershipConvention, actor: User) -> None:
    """Make the document to sign here: no worker runs yet when the demonstration is loaded. A failed one is taken again."""
    document = seal_convention(convention, actor)
    build(document.pk)
    document.refresh_from_db()
    if not document.is_sealed:
        raise Refused(f"Le document de l’exemple à signer n’a pas pu être scellé. {document.failure}".strip())


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
