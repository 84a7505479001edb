"""A signature awaited on a convention is told to the one who must sign, who may have the signing link sent again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents import kinds
from e2c_portal.mailing.models import Mail
from e2c_portal.signing import purposes
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.operations.opening import open_envelope
from partnerships import workflows
from partnerships.models import Company, PartnershipConvention
from tests.factories.spaces import contact_of, space_of
from tests.signing.pacts.kind import PACT, PURPOSE, order
from tests.signing.pacts.registered import SAMPLES
from tests.signing.people import JEANNE, KARIM
from tests.signing.work import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def envelope(
    convention_in: Callable[..., PartnershipConvention], company: Company, officer: User, settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Envelope:  # fmt: skip
    """Have a paper about a convention of the company signed by Jeanne and Karim."""
    monkeypatch.setitem(kinds._kinds, PACT.name, PACT)
    monkeypatch.setitem(purposes._purposes, PURPOSE.kind, PURPOSE)
    settings.DOCUMENT_ASSET_DIRS = [*settings.DOCUMENT_ASSET_DIRS, SAMPLES]
    convention = convention_in(workflows.DELIBERATED, company)
    people = (JEANNE, KARIM)
    asked = open_envelope(replace(order(people), subject=convention), people, officer)
    work()
    return asked


def test_it_is_told_and_its_link_sent_again_to_that_person_alone(
    envelope: Envelope, company: Company, officer: User
) -> None:
    space = space_of(contact_of(company, officer, "Jeanne Martin", email="Jeanne@exemple.fr"), officer)
    page = f"signature/{envelope.signatories.get(full_name='Jeanne Martin').public_id}/"
    assert "Votre signature est attendue" in space.text()
    assert page in space.text()
    assert "envoyé à Jeanne@exemple.fr" in space.text(page)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        too_soon = space.browser.post(space.first + page)
        assert too_soon.status_code == 422
        assert "a déjà été demandé" in too_soon.content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        answer = space.browser.post(space.first + page)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert "Le message est parti" in space.browser.get(answer["Location"]).content.decode()
    assert Mail.objects.filter(kind="signing.invitation", email="jeanne@exemple.fr", status="queued").count() == 1
    others = f"signature/{envelope.signatories.get(full_name='Karim Bénali').public_id}/"
    assert space.get(others).status_code == HTTPStatus.NOT_FOUND


def test_a_colleague_does_not_see_it(envelope: Envelope, company: Company, officer: User) -> None:
    space = space_of(contact_of(company, officer, "Léa Collègue"), officer)
    assert "signature est attendue" not in space.text()
    page = f"signature/{envelope.signatories.get(full_name='Jeanne Martin').public_id}/"
    assert space.get(page).status_code == HTTPStatus.NOT_FOUND
    assert space.browser.post(space.first + page).status_code == HTTPStatus.NOT_FOUND
