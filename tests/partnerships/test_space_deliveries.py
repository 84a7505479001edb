"""A contact says what the company did: of its own promises alone, once, and it counts when an officer confirms."""

import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from e2c_portal.accounts.models import User
from partnerships import workflows
from partnerships.models import CommitmentDelivery, Company, CompanyContact, PartnershipConvention
from partnerships.operations.deliveries import confirm_delivery, set_aside_delivery
from tests.factories.partnerships import company_named
from tests.factories.spaces import Space, contact_of, space_of

pytestmark = pytest.mark.django_db
ConventionIn = Callable[..., PartnershipConvention]
SCAN = Path(__file__).parents[1] / "documents" / "samples" / "plain.pdf"


@pytest.fixture
def convention(company: Company, convention_in: ConventionIn) -> PartnershipConvention:
    return convention_in(workflows.SIGNED, company, archive=True)


@pytest.fixture
def contact(company: Company, officer: User) -> CompanyContact:
    return contact_of(company, officer)


@pytest.fixture
def space(contact: CompanyContact, convention: PartnershipConvention, officer: User) -> Space:
    return space_of(contact, officer)


def page_of(convention: PartnershipConvention, key: int = 1) -> str:
    return f"realisation/{convention.pk}-{key}/"


def typed(space: Space, page: str, **changes: Any) -> dict[str, Any]:
    key = re.search(r'name="public_id" value="([0-9a-f-]+)"', space.text(page))
    assert key
    today = timezone.localdate()
    return {"delivered_on": today, "quantity": 3, "description": "Trois stages", "public_id": key[1]} | changes


def test_it_is_reported_once_and_waits(space: Space, convention: PartnershipConvention, officer: User) -> None:
    page = page_of(convention)
    assert page in space.text("realisation/")
    sent = typed(space, page)
    answers = []
    for _ in range(2):
        proof = SimpleUploadedFile("scan.pdf", SCAN.read_bytes(), "application/pdf")
        answers.append(space.browser.post(space.first + page, {**sent, "proof": proof}))
    assert [answer.status_code for answer in answers] == [HTTPStatus.SEE_OTHER] * 2
    row = CommitmentDelivery.objects.get()
    assert (row.status, row.reported_by_contact, bool(row.proof)) == ("reported", space.contact, True)
    done = space.browser.get(answers[0]["Location"]).content.decode()
    assert "Votre déclaration est bien reçue" in done
    assert "À confirmer" in done
    assert "0 sur 12" in space.text().replace("\N{NO-BREAK SPACE}", " ")
    confirm_delivery(row.pk, officer)
    assert "3 sur 12" in space.text().replace("\N{NO-BREAK SPACE}", " ")


def test_why_it_was_set_aside_is_read(space: Space, convention: PartnershipConvention, officer: User) -> None:
    page = page_of(convention)
    space.browser.post(space.first + page, typed(space, page))
    set_aside_delivery(CommitmentDelivery.objects.get().pk, "Déjà comptée en mars", officer)
    assert "Déjà comptée en mars" in space.text("realisation/")


def test_a_refusal_keeps_what_was_typed(space: Space, convention: PartnershipConvention) -> None:
    page, refusals = page_of(convention), (
        ({"quantity": 0}, "au moins pour 1"),
        ({"description": ""}, "Dites en une ligne"),
        ({"delivered_on": timezone.localdate() + timedelta(days=1)}, "une fois qu’elle a eu lieu"),
        ({"delivered_on": "2001-01-01"}, "en vigueur"),
        ({"description": "Stage de 2 98 12 30 004 018 51"}, "sécurité sociale"),
    )  # fmt: skip
    sound = typed(space, page)
    for changes, sentence in refusals:
        answer = space.browser.post(space.first + page, sound | changes)
        assert answer.status_code == 422, sentence
        assert sentence in answer.content.decode()
        assert str((sound | changes)["description"]) in answer.content.decode()
    assert not CommitmentDelivery.objects.exists()


def test_a_file_too_large_is_not_left_out_in_silence(
    space: Space, convention: PartnershipConvention, settings: Any
) -> None:
    page = page_of(convention)
    sent = typed(space, page, proof=SimpleUploadedFile("scan.pdf", SCAN.read_bytes() + b" " * 5000, "application/pdf"))
    settings.UPLOAD_LIMIT_BYTES = 4000
    answer = space.browser.post(space.first + page, sent)
    assert "trop lourd" in answer.content.decode()
    assert "Trois stages" in answer.content.decode()
    assert not CommitmentDelivery.objects.exists()


def test_only_the_promises_of_ones_own_company(
    space: Space, convention: PartnershipConvention, convention_in: ConventionIn, officer: User
) -> None:
    foreign = convention_in(workflows.SIGNED, company_named("Autre", officer), archive=True)
    for item in (f"{foreign.pk}-1", f"{convention.pk}-99", "0-1", "x", f"{convention.pk}"):
        page = f"realisation/{item}/"
        assert space.get(page).status_code == HTTPStatus.NOT_FOUND, item
        sent = {"delivered_on": timezone.localdate(), "quantity": 1, "description": "Rien"}
        assert space.browser.post(space.first + page, sent).status_code == HTTPStatus.NOT_FOUND
    assert not CommitmentDelivery.objects.exists()


def test_somebody_about_to_leave_still_reports(
    space: Space, convention: PartnershipConvention, contact: CompanyContact
) -> None:
    contact.left_on = timezone.localdate() + timedelta(days=5)
    contact.save()
    page = page_of(convention)
    assert space.browser.post(space.first + page, typed(space, page)).status_code == HTTPStatus.SEE_OTHER


def test_without_a_convention_in_force_there_is_nothing_to_say(contact: CompanyContact, officer: User) -> None:
    assert "Aucune convention n’est en vigueur" in space_of(contact, officer).text("realisation/")
