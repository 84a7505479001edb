"""The page of a company is not saved over somebody else's work: refused, told what differs, nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from partnerships.models import Company, CompanyContact
from partnerships.operations.companies import record_departure, save_company, save_record
from partnerships.operations.merging import merge_companies
from tests.factories.partnerships import company_named
from tests.partnerships.test_admin_companies import change, posted

pytestmark = pytest.mark.django_db
REFUSAL = "Quelqu’un a enregistré cette fiche pendant que vous la modifiiez"


@pytest.fixture
def bare(officer: User) -> Company:
    """A company without any line, so that its page posts little."""
    return company_named("Fabrique", officer, head_office=False)


@pytest.fixture
def contact(bare: Company, officer: User) -> CompanyContact:
    return save_record(CompanyContact(company=bare, full_name="Ana Exemple"), officer)


def shown(company: Company, **typed: Any) -> dict[str, Any]:
    """Return what the page posts as it is shown now, but for what is typed."""
    company.refresh_from_db()
    lines = {"contacts": company.contacts.count()}
    data = posted(lines, legal_name=company.legal_name, siren=company.siren, revision_seen=company.revision)
    for number, contact in enumerate(company.contacts.all()):
        data |= {f"contacts-{number}-id": contact.pk, f"contacts-{number}-company": company.pk}
        data |= {f"contacts-{number}-full_name": contact.full_name, f"contacts-{number}-job_title": contact.job_title}
    return data | typed


def test_the_page_carries_its_revision(bare: Company, officer_client: Client) -> None:
    assert '<input type="hidden" name="revision_seen" value="1"' in officer_client.get(change(bare)).content.decode()


def test_the_second_to_save_is_told_and_keeps_what_was_typed(
    bare: Company, officer_client: Client, second_officer: User, client_of: Callable[[User], Client]
) -> None:
    mine, theirs = shown(bare, note="La mienne"), shown(bare, note="La leur", legal_form="SA")
    assert client_of(second_officer).post(change(bare), theirs).status_code == 302
    html = officer_client.post(change(bare), mine).content.decode()
    assert REFUSAL in html
    assert "diffère de la version enregistrée sur : forme juridique, remarque" in html
    assert "La mienne</textarea>" in html
    assert 'name="revision_seen" value="2"' in html
    bare.refresh_from_db()
    assert (bare.note, bare.revision) == ("La leur", 2)


def test_saving_again_is_then_a_decision(bare: Company, officer: User, officer_client: Client) -> None:
    mine = shown(bare, note="La mienne")
    bare.note = "La leur"
    save_company(bare, [], officer, seen=1)
    again = officer_client.post(change(bare), mine).context["adminform"].form["revision_seen"].value()
    assert officer_client.post(change(bare), mine | {"revision_seen": again}).status_code == 302
    bare.refresh_from_db()
    assert (bare.note, bare.revision) == ("La mienne", 3)


def test_a_page_without_revision_is_refused(bare: Company, officer_client: Client) -> None:
    for revision in ("", "0", "99"):
        assert (
            REFUSAL in officer_client.post(change(bare), shown(bare, note="x", revision_seen=revision)).content.decode()
        )


def test_a_contact_added_counts_as_a_saving_of_the_company(
    bare: Company, officer_client: Client, contact: CompanyContact
) -> None:
    data = shown(bare) | {"contacts-0-job_title": "Directrice"}
    assert officer_client.post(change(bare), data).status_code == 302
    bare.refresh_from_db()
    assert bare.revision == 2
    assert [entry.summary for entry in trail_of(bare)] == ["Fiche créée"], "nothing of the company itself changed"
    assert REFUSAL in officer_client.post(change(bare), data | {"contacts-0-job_title": "Autre"}).content.decode()


def test_nothing_typed_is_no_saving(bare: Company, officer_client: Client) -> None:
    assert officer_client.post(change(bare), shown(bare)).status_code == 302
    bare.refresh_from_db()
    assert bare.revision == 1


def test_somebody_who_left_does_not_come_back_with_an_old_page(
    bare: Company, officer: User, officer_client: Client, contact: CompanyContact
) -> None:
    mine = shown(bare, note="Ma remarque")
    record_departure(contact.pk, timezone.localdate(), officer)
    assert REFUSAL in officer_client.post(change(bare), mine).content.decode()
    contact.refresh_from_db()
    assert contact.left_on == timezone.localdate()


def test_a_merge_counts_as_a_saving(bare: Company, officer: User, officer_client: Client) -> None:
    mine = shown(bare, note="Ma remarque")
    double = company_named("Fabrique", officer, siren="", head_office=False)
    double.note = "Remarque du double"
    save_company(double, [], officer, seen=1)
    merge_companies(double.pk, bare.pk, officer)
    assert REFUSAL in officer_client.post(change(bare), mine).content.decode()
    bare.refresh_from_db()
    assert bare.note == "Remarque du double"
