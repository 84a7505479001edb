"""Every constraint of the network and of partnerships is broken once, by raw SQL, and the database refuses."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from e2c_portal.accounts.models import User
from partnerships.models import (
    Company,
    CompanyContact,
    CompanyExchange,
    Establishment,
    PartnershipConvention,
    SigningEvent,
)
from partnerships.operations.companies import note_exchange, save_record
from schools.models import School
from schools.operations.network import SiteFacts
from tests.factories.identifiers import new_siren, siret_of
from tests.factories.network import member_of, school_named

Rows = dict[str, models.Model]
# Amendments, meetings, comments and templates have tests of their own.
ELSEWHERE = {
    f"partnerships.models.{name}" for name in ("amendments", "ceremonies", "meetings", "negotiation", "templates")
}


@pytest.fixture
def rows(officer: User, convention_draft: PartnershipConvention) -> Rows:
    """Give one row of each kind, all of them sound."""
    company: Company = convention_draft.company
    site = SiteFacts("Site", postal_code="34000")
    school: School = school_named("École de Sète", officer, site)
    member = member_of(school, officer)
    contact = save_record(CompanyContact(company=company, full_name="Anne", email="anne@exemple.invalid"), officer)
    return {
        "convention": convention_draft, "company": company, "contact": contact, "school": school,
        "article": convention_draft.articles.all()[0], "commitment": convention_draft.commitments.all()[0],
        "signatory": convention_draft.signatories.all()[0], "office": Establishment.objects.get(company=company),
        "event": save_record(SigningEvent(name="Assises", held_on=date(2014, 12, 12)), officer),
        "network": school.network, "site": school.sites.all()[0], "membership": member.memberships.get(),
        "exchange": note_exchange(CompanyExchange(company=company, held_on=date(2026, 1, 1), kind="call"), officer),
    }  # fmt: skip


def change(row: models.Model, **columns: Any) -> None:
    settings = ", ".join(f"{name} = %s" for name in columns)
    run(f"UPDATE {row._meta.db_table} SET {settings} WHERE id = %s", *columns.values(), row.pk)


def copy(row: models.Model, **columns: Any) -> None:
    """Insert the same row again but for these columns."""
    names = [field.column for field in row._meta.concrete_fields if not field.primary_key and not field.generated]
    kept = [name for name in names if name not in columns]
    run(
        f"INSERT INTO {row._meta.db_table} ({', '.join([*kept, *columns])}) "
        f"SELECT {', '.join([*kept, *['%s'] * len(columns)])} FROM {row._meta.db_table} WHERE id = %s",
        *columns.values(), row.pk,
    )  # fmt: skip


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def without_guard(row: models.Model) -> None:
    """Silence the triggers of a table, so that its own constraint speaks."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(f"ALTER TABLE {row._meta.db_table} DISABLE TRIGGER USER")


def wrong_key(office: Establishment) -> str:
    return office.siret[:-1] + str((int(office.siret[-1]) + 1) % 10)


def merged_into_itself(rows: Rows) -> None:
    without_guard(rows["company"])
    change(rows["company"], merged_into_id=rows["company"].pk)


def unknown_status(rows: Rows) -> None:
    without_guard(rows["convention"])
    change(rows["convention"], status="perdue")


def signed(rows: Rows, **columns: Any) -> None:
    """Make a signed row of the draft at one stroke, whatever the path that leads there."""
    without_guard(rows["convention"])
    sound = {
        "status": "signed",
        "signed_on": date(2026, 1, 1),
        "deliberation_number": "D",
        "deliberation_date": date(2025, 1, 1),
    }
    change(rows["convention"], **sound | columns)


def amended_too_early(rows: Rows) -> None:
    without_guard(rows["convention"])
    change(rows["convention"], amended_ends_on=date(2030, 1, 1))


def its_own_successor(rows: Rows) -> None:
    without_guard(rows["convention"])
    change(rows["convention"], predecessor_id=rows["convention"].pk)


def renewed_twice(rows: Rows) -> None:
    without_guard(rows["convention"])
    for number in ("CP-8", "CP-9"):
        copy(rows["convention"], number=number, predecessor_id=rows["convention"].pk)


def overlapping(rows: Rows) -> None:
    signed(rows)
    copy(rows["convention"], number="CP-0")


CASES: dict[str, Callable[[Rows], None]] = {
    "article_number_once": lambda rows: copy(rows["article"]),
    "commitment_kind_known": lambda rows: change(rows["commitment"], kind="cadeaux"),
    "commitment_position_once": lambda rows: copy(rows["commitment"]),
    "commitment_target_has_a_unit": lambda rows: change(rows["commitment"], target=3, unit=""),
    "signatory_position_once": lambda rows: copy(rows["signatory"]),
    "signatory_side_known": lambda rows: change(rows["signatory"], side="ailleurs"),
    "signing_event_once": lambda rows: copy(rows["event"]),
    "contact_once_per_company": lambda rows: copy(rows["contact"]),
    "company_never_merged_into_itself": merged_into_itself,
    "contact_never_its_own_double": lambda rows: change(rows["contact"], duplicate_of_id=rows["contact"].pk),
    "exchange_kind_known": lambda rows: copy(rows["exchange"], kind="fax"),
    "company_siren_once": lambda rows: copy(rows["company"]),
    "company_siren_valid": lambda rows: copy(rows["company"], siren="123456789"),
    "establishment_siret_once": lambda rows: copy(rows["office"], is_head_office=False),
    "establishment_siret_valid": lambda rows: change(rows["office"], siret=wrong_key(rows["office"])),
    "establishment_one_head_office": lambda rows: copy(rows["office"], siret=""),
    "establishment_naf_says_its_version": lambda rows: change(rows["office"], naf_code="5310Z"),
    "convention_status_known": unknown_status,
    "convention_ends_after_it_starts": lambda rows: change(rows["convention"], ends_on=date(1999, 1, 1)),
    "convention_signed_has_a_date": lambda rows: signed(rows, signed_on=None),
    "convention_voted_before_signed": lambda rows: signed(rows, deliberation_number=""),
    "convention_signed_after_vote": lambda rows: signed(rows, signed_on=date(2001, 1, 1)),
    "convention_end_has_a_date": lambda rows: signed(rows, status="denounced"),
    "convention_ended_after_signed": lambda rows: signed(rows, status="denounced", ended_on=date(2001, 1, 1)),
    "convention_tacit_has_notice": lambda rows: change(rows["convention"], renewal="tacit", renewal_months=12),
    "convention_tacit_has_a_length": lambda rows: change(rows["convention"], renewal="tacit", notice_months=3),
    "convention_amended_once_signed": amended_too_early,
    "convention_never_its_own_successor": its_own_successor,
    "convention_renewed_once": renewed_twice,
    "convention_notice_respected": lambda rows: signed(
        rows, status="denounced", notice_months=3, notice_given_on=date(2026, 1, 15), notice_given_by="company",
        ended_on=date(2026, 2, 1),
    ),
    "convention_archive_has_sources": lambda rows: change(rows["convention"], origin="archive"),
    "convention_one_at_a_time": overlapping,
    "school_name_once_per_network": lambda rows: copy(rows["school"], slug="autre"),
    "school_siret_once": lambda rows: (change(rows["school"], siret=SIRET), copy(rows["school"], name="Autre", slug="autre")),
    "school_siret_valid": lambda rows: change(rows["school"], siret="1234"),
    "school_label_ends_after_it_starts": lambda rows: change(
        rows["school"], label_starts_on=date(2026, 1, 1), label_ends_on=date(2025, 1, 1)
    ),
    "site_name_once_per_school": lambda rows: copy(rows["site"]),
    "site_postal_code": lambda rows: change(rows["site"], postal_code="3400"),
    "membership_once_at_a_time": lambda rows: copy(rows["membership"]),
    "membership_role_known": lambda rows: change(rows["membership"], role="concierge"),
    "membership_ends_after_it_starts": lambda rows: change(rows["membership"], ends_on=date(1999, 1, 1)),
}  # fmt: skip
SIRET = siret_of(new_siren())


def refusal(act: Callable[[], object]) -> str:
    """Return what the database says to an act, at once or at the commit; nothing of it remains."""
    try:
        with transaction.atomic():
            act()
            run("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error)
    return ""


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
    assert found == set(CASES)
