"""Every constraint of the network and of partnerships is broken once, by raw SQL, and the database refuses."""

import uuid
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from e2c_portal.accounts.models import User
from partnerships.models import (
    Company,
    CompanyContact,
    CompanyExchange,
    ContactReplacement,
    Establishment,
    SigningEvent,
)
from partnerships.operations.companies import note_exchange, save_record
from partnerships.operations.requests import AskedChange, receive_request
from schools.models import School
from schools.operations.network import SiteFacts
from tests.factories.identifiers import new_siren, siret_of
from tests.factories.network import member_of, school_named
from tests.factories.partnerships import drafted
from tests.factories.people import regional_officer
from tests.partnerships.sql import copy, refusal, update, without_guard
from tests.partnerships.test_life_rules import CONSTRAINTS as LIFE_CASES

pytestmark = pytest.mark.django_db
Rows = dict[str, Any]
# Ceremonies, deliveries and Sirene imports have tests of their own.
ELSEWHERE = {f"partnerships.models.{name}" for name in ("ceremonies", "deliveries", "sirene")}


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Rows]:
    """Give one row of each kind, all of them sound; made once, and gone with the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield sound_rows(regional_officer())
        transaction.set_rollback(True)


def sound_rows(officer: User) -> Rows:
    convention_draft = drafted(officer)
    company: Company = convention_draft.company
    site = SiteFacts("Site", postal_code="34000")
    school: School = school_named("École de Sète", officer, site)
    member = member_of(school, officer)
    contact = save_record(CompanyContact(company=company, full_name="Anne", email="anne@exemple.invalid"), officer)
    other = save_record(CompanyContact(company=company, full_name="Léa", email="lea@exemple.invalid"), officer)
    return {
        "convention": convention_draft, "company": company, "contact": contact, "school": school,
        "article": convention_draft.articles.all()[0], "commitment": convention_draft.commitments.all()[0],
        "signatory": convention_draft.signatories.all()[0], "office": Establishment.objects.get(company=company),
        "event": save_record(SigningEvent(name="Assises", held_on=date(2014, 12, 12)), officer),
        "network": school.network, "site": school.sites.all()[0], "membership": member.memberships.get(),
        "request": receive_request(contact.pk, AskedChange("other", "Bonjour"), uuid.uuid4()),
        "replacement": replaced_by(contact, other),
        "exchange": note_exchange(CompanyExchange(company=company, held_on=date(2026, 1, 1), kind="call"), officer),
    }  # fmt: skip


def replaced_by(former: CompanyContact, successor: CompanyContact) -> ContactReplacement:
    return ContactReplacement.objects.create(
        former=former, successor=successor, effective_on=date(2026, 1, 1), leaves=False
    )


def wrong_key(office: Establishment) -> str:
    return office.siret[:-1] + str((int(office.siret[-1]) + 1) % 10)


def merged_into_itself(rows: Rows) -> None:
    without_guard(rows["company"])
    update(rows["company"], merged_into_id=rows["company"].pk)


def unknown_status(rows: Rows) -> None:
    without_guard(rows["convention"])
    update(rows["convention"], status="perdue")


def signed(rows: Rows, **columns: Any) -> None:
    """Make a signed row of the draft at one stroke, whatever the path that leads there."""
    without_guard(rows["convention"])
    sound = {
        "status": "signed",
        "signed_on": date(2026, 1, 1),
        "deliberation_number": "D",
        "deliberation_date": date(2025, 1, 1),
    }
    update(rows["convention"], **sound | columns)


def amended_too_early(rows: Rows) -> None:
    without_guard(rows["convention"])
    update(rows["convention"], amended_ends_on=date(2030, 1, 1))


def its_own_successor(rows: Rows) -> None:
    without_guard(rows["convention"])
    update(rows["convention"], predecessor_id=rows["convention"].pk)


def renewed_twice(rows: Rows) -> None:
    without_guard(rows["convention"])
    for number in ("CP-8", "CP-9"):
        copy(rows["convention"], number=number, predecessor_id=rows["convention"].pk)


def overlapping(rows: Rows) -> None:
    signed(rows)
    copy(rows["convention"], number="CP-0")


CASES: dict[str, Callable[[Rows], None]] = {
    "article_number_once": lambda rows: copy(rows["article"]),
    "commitment_rhythm_known": lambda rows: update(rows["commitment"], rhythm="parfois"),
    "commitment_kind_known": lambda rows: update(rows["commitment"], kind="cadeaux"),
    "commitment_position_once": lambda rows: copy(rows["commitment"]),
    "commitment_target_has_a_unit": lambda rows: update(rows["commitment"], target=3, unit=""),
    "signatory_position_once": lambda rows: copy(rows["signatory"]),
    "signatory_side_known": lambda rows: update(rows["signatory"], side="ailleurs"),
    "signing_event_once": lambda rows: copy(rows["event"]),
    "contact_once_per_company": lambda rows: copy(rows["contact"]),
    "company_never_merged_into_itself": merged_into_itself,
    "contact_never_its_own_double": lambda rows: update(rows["contact"], duplicate_of_id=rows["contact"].pk),
    "exchange_kind_known": lambda rows: copy(rows["exchange"], kind="fax"),
    "request_kind_known": lambda rows: copy(rows["request"], kind="cadeau", form_key=uuid.uuid4()),
    "request_says_something": lambda rows: copy(rows["request"], text="", form_key=uuid.uuid4()),
    "request_without_nir": lambda rows: copy(rows["request"], text="1 85 05 78 006 084 36", form_key=uuid.uuid4()),
    "request_handled_by_somebody": lambda rows: update(rows["request"], status="answered"),
    "replacement_by_somebody_else": lambda rows: copy(
        rows["replacement"], successor_id=rows["replacement"].former_id, form_key=uuid.uuid4()
    ),
    "company_siren_once": lambda rows: copy(rows["company"]),
    "company_siren_valid": lambda rows: copy(rows["company"], siren="123456789"),
    "establishment_siret_once": lambda rows: copy(rows["office"], is_head_office=False),
    "establishment_siret_valid": lambda rows: update(rows["office"], siret=wrong_key(rows["office"])),
    "establishment_one_head_office": lambda rows: copy(rows["office"], siret=""),
    "company_legal_category": lambda rows: update(rows["company"], legal_category="571"),
    "company_diffusion_known": lambda rows: update(rows["company"], diffusion_status="N"),
    "establishment_commune_code": lambda rows: update(rows["office"], commune_code="2C004"),
    "establishment_headcount_known": lambda rows: update(rows["office"], headcount_range="99"),
    "establishment_diffusion_known": lambda rows: update(rows["office"], diffusion_status="N"),
    "establishment_naf_says_its_version": lambda rows: update(rows["office"], naf_code="5310Z"),
    "convention_status_known": unknown_status,
    "convention_ends_after_it_starts": lambda rows: update(rows["convention"], ends_on=date(1999, 1, 1)),
    "convention_signed_has_a_date": lambda rows: signed(rows, signed_on=None),
    "convention_voted_before_signed": lambda rows: signed(rows, deliberation_number=""),
    "convention_signed_after_vote": lambda rows: signed(rows, signed_on=date(2001, 1, 1)),
    "convention_end_has_a_date": lambda rows: signed(rows, status="denounced"),
    "convention_ended_after_signed": lambda rows: signed(rows, status="denounced", ended_on=date(2001, 1, 1)),
    "convention_tacit_has_notice": lambda rows: update(rows["convention"], renewal="tacit", renewal_months=12),
    "convention_tacit_has_a_length": lambda rows: update(rows["convention"], renewal="tacit", notice_months=3),
    "convention_amended_once_signed": amended_too_early,
    "convention_never_its_own_successor": its_own_successor,
    "convention_renewed_once": renewed_twice,
    "convention_notice_respected": lambda rows: signed(
        rows, status="denounced", notice_months=3, notice_given_on=date(2026, 1, 15), notice_given_by="company",
        ended_on=date(2026, 2, 1),
    ),
    "convention_archive_has_sources": lambda rows: update(rows["convention"], origin="archive"),
    "convention_one_at_a_time": overlapping,
    "school_name_once_per_network": lambda rows: copy(rows["school"], slug="autre"),
    "school_siret_once": lambda rows: (update(rows["school"], siret=SIRET), copy(rows["school"], name="Autre", slug="autre")),
    "school_siret_valid": lambda rows: update(rows["school"], siret="1234"),
    "school_label_ends_after_it_starts": lambda rows: update(
        rows["school"], label_starts_on=date(2026, 1, 1), label_ends_on=date(2025, 1, 1)
    ),
    "site_name_once_per_school": lambda rows: copy(rows["site"]),
    "site_postal_code": lambda rows: update(rows["site"], postal_code="3400"),
    "membership_once_at_a_time": lambda rows: copy(rows["membership"]),
    "membership_role_known": lambda rows: update(rows["membership"], role="concierge"),
    "membership_ends_after_it_starts": lambda rows: update(rows["membership"], ends_on=date(1999, 1, 1)),
}  # fmt: skip
SIRET = siret_of(new_siren())


@pytest.mark.parametrize("name", sorted(CASES))
def test_it_is_refused(name: str, rows: Rows) -> None:
    assert name in refusal(lambda: CASES[name](rows))


def test_every_constraint_has_its_case() -> None:
    found = {
        constraint.name
        for app in ("schools", "partnerships")
        for model in apps.get_app_config(app).get_models()
        if model.__module__ not in ELSEWHERE
        for constraint in model._meta.constraints
    }
    assert found == set(CASES) | set(LIFE_CASES)
