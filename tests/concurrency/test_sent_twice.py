"""The same form sent twice at the same instant: two transactions, one record, the same answer to both."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from e2c_portal.accounts.models import User
from e2c_portal.kernel.submissions import AlreadySent, Sending
from partnerships.models import Company, ConventionAmendment, PartnershipConvention
from partnerships.operations.amendments import draft_amendment
from partnerships.operations.companies import save_company
from partnerships.operations.conventions import draft_convention
from tests.concurrency.together import at_once
from tests.factories.amendments import aim_higher, text_in_force, written
from tests.factories.identifiers import new_siren
from tests.factories.partnerships import company_named, convention_at, text_of

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 4


def the_same() -> Sending:
    return Sending(uuid4(), "ce qui a été saisi")


def one_answer(make: Callable[[], object]) -> object:
    """Run the same act in several hands at once and return what all of them were given."""
    outcomes = at_once([make] * HANDS)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    [answer] = set(outcomes)
    return answer


def test_one_convention(transactional_db: None, officer: User) -> None:
    company, sending = company_named("Fabrique", officer), the_same()
    draft = one_answer(lambda: draft_convention(text_of(company), officer, sending=sending))
    assert list(PartnershipConvention.objects.all()) == [draft]


def test_one_company_even_with_its_siren(transactional_db: None, officer: User) -> None:
    siren, sending = new_siren(), the_same()
    made = one_answer(lambda: save_company(Company(legal_name="Fabrique", siren=siren), [], officer, sending=sending))
    assert list(Company.objects.all()) == [made]


def test_one_amendment(transactional_db: None, officer: User) -> None:
    convention = convention_at("signed", officer, archive=True)
    text, sending = written(aim_higher(15)(text_in_force(convention))), the_same()
    made = one_answer(lambda: draft_amendment(convention.pk, text, officer, sending=sending))
    assert list(ConventionAmendment.objects.all()) == [made]


def test_two_people_who_write_the_same_create_two(transactional_db: None, officer: User, second_officer: User) -> None:
    company = company_named("Fabrique", officer)
    outcomes = at_once([
        lambda p=person: draft_convention(text_of(company), p, sending=the_same()) for person in (officer, second_officer)
    ])  # fmt: skip
    assert len({outcome.number for outcome in outcomes}) == 2


def test_the_first_is_refused_and_the_second_goes_on(transactional_db: None, officer: User) -> None:
    """A refusal gives the token back: whoever waited for it then writes."""
    company, sending = company_named("Fabrique", officer), the_same()
    wrong = text_of(company, ends_on=date(1999, 1, 1))
    outcomes = at_once([
        lambda t=text: draft_convention(t, officer, sending=sending) for text in (wrong, text_of(company), wrong)
    ])  # fmt: skip
    assert PartnershipConvention.objects.count() == 1
    assert {type(outcome) for outcome in outcomes} <= {ValidationError, PartnershipConvention}


def test_changed_in_between_it_is_refused(transactional_db: None, officer: User) -> None:
    company, token = company_named("Fabrique", officer), uuid4()
    outcomes = at_once([
        lambda c=content: draft_convention(text_of(company), officer, sending=Sending(token, c)) for content in "ab"
    ])  # fmt: skip
    [refused] = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert isinstance(refused, AlreadySent)
    assert "a déjà créé « CP-" in refused.message
