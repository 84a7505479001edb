"""Deliveries of the tests, made by the real operations, and conventions old enough to have some."""

import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from PIL import Image

from e2c_portal.accounts.models import User
from e2c_portal.documents.received_files import Upload
from partnerships.calendar import DAY, add_months
from partnerships.models import (
    AmendmentChange,
    CommitmentDelivery,
    CompanyContact,
    ConventionAmendment,
    PartnershipConvention,
)
from partnerships.operations.companies import save_record
from partnerships.operations.conventions import Promise
from partnerships.operations.deliveries import DeliveryText, declare_delivery, report_delivery
from tests.factories.amendments import text_in_force
from tests.factories.partnerships import convention_at


def today() -> date:
    return timezone.localdate()


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def delivered(on: date | None = None, quantity: int = 1, description: str = "Fait", **more: Any) -> DeliveryText:
    """Return a delivery as typed, a week ago unless said."""
    return DeliveryText(on or ago(7), quantity, description, **more)


def photo(kind: str = "JPEG", **saved: Any) -> Upload:
    """Return a small picture."""
    content = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(content, kind, **saved)
    return Upload(content.getvalue())


def promised(
    *promises: Promise, months_ago: int = 18, months: int = 36, actor: User, **more: Any
) -> PartnershipConvention:
    """Return a signed convention that began some months ago, with these promises."""
    starts_on = add_months(today(), -months_ago)
    dates = {"starts_on": starts_on, "ends_on": add_months(starts_on, months) - DAY}
    return convention_at("signed", actor, archive=True, **{**dates, "commitments": list(promises), **more})


def declared(convention: PartnershipConvention, actor: User, key: int = 1, **more: Any) -> CommitmentDelivery:
    """Declare a delivery of a promise."""
    return declare_delivery(convention.pk, key, delivered(**more), actor)


def contact_at(convention: PartnershipConvention, actor: User, name: str = "Ana Exemple") -> CompanyContact:
    """Add somebody to the company of a convention."""
    return save_record(CompanyContact(company=convention.company, full_name=name), actor)


def reported(convention: PartnershipConvention, actor: User, key: int = 1, **more: Any) -> CommitmentDelivery:
    """Report a delivery as a new contact of the company."""
    return report_delivery(convention.pk, key, delivered(**more), contact_at(convention, actor).pk)


def amend(
    convention: PartnershipConvention, actor: User, steps: Sequence[tuple[int, int]], action: str = "replace"
) -> None:
    """Sign amendments that set the target of the first promise, each some days after the beginning; rules are lifted."""
    before = text_in_force(convention).commitments[0].__dict__
    for number, (offset, target) in enumerate(steps, start=1):
        day = convention.starts_on + timedelta(days=offset)  # type: ignore[operator]
        amendment = ConventionAmendment.objects.create(
            convention=convention,
            number=number,
            purpose="x",
            status="signed",
            effective_on=day,
            signed_on=day,
            created_by=actor,
        )
        after = {"replace": {**before, "target": target}, "add": {**before, "position": 3}, "remove": None}[action]
        AmendmentChange.objects.create(
            amendment=amendment, position=1, part="commitment", action=action, key="3" if action == "add" else "1",
            before=None if action == "add" else before, after=after,
        )  # fmt: skip
        before = after or before
