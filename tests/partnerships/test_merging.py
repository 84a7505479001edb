"""Merging two records of one company: refusals first, then nothing lost, then what the database itself holds."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from partnerships.models import Company, CompanyContact, CompanyExchange, Establishment, PartnershipConvention
from partnerships.operations.companies import note_exchange, save_record
from partnerships.operations.conventions import revise_convention
from partnerships.operations.merging import merge_companies
from tests.concurrency.together import at_once
from tests.factories.partnerships import company_named, convention_at, drafted, text_of

pytestmark = pytest.mark.django_db


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def refused_by_the_database(words: str, sql: str, *values: object) -> None:
    with pytest.raises(DatabaseError, match=words), transaction.atomic():  # noqa: PT012
        run(sql, *values)
        run("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def kept(officer: User) -> Company:
    return company_named("La Fabrique d’Oc", officer)


@pytest.fixture
def double(officer: User) -> Company:
    return company_named("Fabrique d’Oc SARL", officer, siren="")


def details_of(double: Company, kept: Company, actor: User) -> str:
    with pytest.raises(Refused) as refusal:
        merge_companies(double.pk, kept.pk, actor)
    return " ".join([refusal.value.message, *refusal.value.details])


def test_only_an_officer_merges(
    double: Company, kept: Company, auditor: User, coordinator: User, stranger: User
) -> None:
    for person in (auditor, coordinator, stranger):
        with pytest.raises(NotAllowed):
            merge_companies(double.pk, kept.pk, person)
    double.refresh_from_db()
    assert double.merged_into is None


def test_a_record_is_not_merged_into_itself(kept: Company, officer: User) -> None:
    assert "deux fiches différentes" in details_of(kept, kept, officer)


def test_two_siren_are_two_legal_persons(kept: Company, officer: User) -> None:
    other = company_named("Fabrique d’Oc", officer)
    assert "deux SIREN différents" in details_of(other, kept, officer)


def test_a_siret_of_another_siren_is_refused(double: Company, kept: Company, officer: User) -> None:
    other = company_named("Autre", officer)
    siret = other.establishments.get().siret
    Establishment.objects.filter(company=other).update(company=double, is_head_office=False)
    assert siret
    assert "ne commence pas par le SIREN" in details_of(double, kept, officer)


def test_conventions_that_would_overlap_are_named(double: Company, kept: Company, officer: User) -> None:
    one = convention_at("signed", officer, double, archive=True)
    other = convention_at("signed", officer, kept, archive=True)
    details = details_of(double, kept, officer)
    assert one.number in details
    assert other.number in details
    one.refresh_from_db()
    assert one.company == double


def test_conventions_that_follow_one_another_are_no_obstacle(double: Company, kept: Company, officer: User) -> None:
    today = timezone.localdate()
    old = {"starts_on": date(2013, 10, 11), "ends_on": today - timedelta(days=31)}
    convention_at("signed", officer, double, archive=True, **old)
    convention_at("signed", officer, kept, archive=True)
    merge_companies(double.pk, kept.pk, officer)
    assert kept.conventions.count() == 2


def test_all_goes_to_the_record_kept(double: Company, kept: Company, officer: User) -> None:
    signed = convention_at("signed", officer, double, archive=True)
    draft = drafted(officer, double)
    contact = save_record(CompanyContact(company=double, full_name="Ana Exemple", email="ana@exemple.invalid"), officer)
    exchange = note_exchange(
        CompanyExchange(company=double, contact=contact, held_on=timezone.localdate(), kind="call"), officer
    )
    merge_companies(double.pk, kept.pk, officer)
    for row in (signed, draft, contact, exchange):
        row.refresh_from_db()
        assert row.company == kept
    assert (signed.printed_company_name, draft.printed_company_name) == ("Fabrique d’Oc SARL", "")
    assert kept.establishments.filter(is_head_office=True).count() == 1
    assert kept.establishments.count() == 2
    assert "réunie" in trail_of(kept).get(action="company.merged").summary
    assert trail_of(double).filter(action="company.merged").exists()


def test_a_name_already_printed_stays(double: Company, kept: Company, officer: User) -> None:
    signed = convention_at("signed", officer, double, archive=True, printed_company_name="FABRIQUE 1913")
    merge_companies(double.pk, kept.pk, officer)
    signed.refresh_from_db()
    assert signed.printed_company_name == "FABRIQUE 1913"


def test_what_the_kept_record_lacks_is_completed(officer: User) -> None:
    known = company_named("Connue", officer)
    known.note, known.legal_form = "Vue aux Assises", "SAS"
    save_record(known, officer)
    bare = company_named("Sans numéro", officer, siren="", head_office=False)
    merge_companies(known.pk, bare.pk, officer)
    bare.refresh_from_db()
    assert (bare.siren, bare.legal_form, bare.note) == (known.siren, "SAS", "Vue aux Assises")
    assert bare.establishments.get().is_head_office


def test_somebody_known_twice_is_shown_once(double: Company, kept: Company, officer: User) -> None:
    facts = {"full_name": "Ana Exemple", "email": "ana@exemple.invalid"}
    twin = save_record(CompanyContact(company=kept, **facts), officer)
    other = save_record(CompanyContact(company=double, phone="0467228000", **facts), officer)
    merge_companies(double.pk, kept.pk, officer)
    twin.refresh_from_db()
    other.refresh_from_db()
    assert other.duplicate_of == twin
    assert twin.phone == "0467228000"


def test_who_was_writing_is_told(double: Company, kept: Company, officer: User) -> None:
    draft = drafted(officer, double)
    merge_companies(double.pk, kept.pk, officer)
    with pytest.raises(Overtaken):
        revise_convention(draft.pk, draft.revision, text_of(double), officer)


def test_a_merge_after_a_merge(double: Company, kept: Company, officer: User, officer_client: Client) -> None:
    third = company_named("Fabrique", officer, siren="")
    merge_companies(double.pk, third.pk, officer)
    assert "déjà été réunie" in details_of(double, kept, officer)
    merge_companies(third.pk, kept.pk, officer)
    answer = officer_client.get(double.get_absolute_url())
    assert (answer.status_code, answer.headers["Location"]) == (302, kept.get_absolute_url())
    page = officer_client.get(kept.get_absolute_url()).content.decode()
    assert "Aussi connue comme" in page
    assert "Fabrique d’Oc SARL" in page


def test_the_pages_of_a_merge_say_what_happens_and_what_prevents_it(
    double: Company, kept: Company, officer: User, officer_client: Client
) -> None:
    assert kept.legal_name in officer_client.get(f"/entreprises/{double.pk}/reunir/").content.decode()
    address = f"/entreprises/{double.pk}/reunir/{kept.pk}/"
    assert "Réunir les deux fiches" in officer_client.get(address).content.decode()
    assert officer_client.post(address).headers["Location"] == kept.get_absolute_url()
    foreign = company_named("Fabrique d’Oc", officer)
    address = f"/entreprises/{foreign.pk}/reunir/{kept.pk}/"
    for page in (officer_client.get(address), officer_client.post(address)):
        assert "deux SIREN différents" in page.content.decode()
        assert "Réunir les deux fiches" not in page.content.decode()


def test_the_former_name_still_leads_to_the_record(
    double: Company, kept: Company, officer: User, officer_client: Client
) -> None:
    merge_companies(double.pk, kept.pk, officer)
    page = officer_client.get("/entreprises/", {"q": "oc sarl"}).content.decode()
    assert kept.get_absolute_url() in page
    assert double.get_absolute_url() not in page


def test_the_database_keeps_a_settled_convention_with_its_company(
    double: Company, kept: Company, officer: User
) -> None:
    signed = convention_at("signed", officer, double, archive=True)
    refused_by_the_database(
        "figées", "UPDATE partnerships_partnershipconvention SET company_id = %s WHERE id = %s", kept.pk, signed.pk
    )
    refused_by_the_database(
        "figées", "UPDATE partnerships_partnershipconvention SET printed_company_name = 'X' WHERE id = %s", signed.pk
    )


def test_the_database_keeps_the_printed_name_even_during_a_merge(double: Company, kept: Company, officer: User) -> None:
    signed = convention_at("signed", officer, double, archive=True)
    with pytest.raises(DatabaseError, match="figées"), transaction.atomic():  # noqa: PT012
        run("UPDATE partnerships_company SET merged_into_id = %s WHERE id = %s", kept.pk, double.pk)
        run(
            "UPDATE partnerships_partnershipconvention SET company_id = %s, printed_company_name = 'Autre' WHERE id = %s",
            kept.pk,
            signed.pk,
        )


def test_the_database_leaves_nothing_behind(double: Company, kept: Company) -> None:
    refused_by_the_database(
        "ne garde ni convention",
        "UPDATE partnerships_company SET merged_into_id = %s WHERE id = %s",
        kept.pk,
        double.pk,
    )


def test_the_database_holds_a_merge_for_good(double: Company, kept: Company, officer: User) -> None:
    merge_companies(double.pk, kept.pk, officer)
    refused_by_the_database(
        "ne change plus", "UPDATE partnerships_company SET merged_into_id = NULL WHERE id = %s", double.pk
    )
    refused_by_the_database(
        "ne change plus", "UPDATE partnerships_company SET legal_name = 'X' WHERE id = %s", double.pk
    )
    other = company_named("Autre", officer, siren="", head_office=False)
    refused_by_the_database(
        "elle-même", "UPDATE partnerships_company SET merged_into_id = %s WHERE id = %s", double.pk, other.pk
    )
    refused_by_the_database(
        "réunie à une autre fiche",
        "INSERT INTO partnerships_companycontact (company_id, full_name, job_title, email, phone) VALUES (%s, 'X', '', '', '')",
        double.pk,
    )


@pytest.mark.django_db(transaction=True)
def test_two_merges_that_cross_each_other(officer: User, second_officer: User) -> None:
    one = company_named("Une", officer, siren="")
    other = company_named("Deux", officer, siren="")
    outcomes = at_once([
        lambda: merge_companies(one.pk, other.pk, officer), lambda: merge_companies(other.pk, one.pk, second_officer),
    ])  # fmt: skip
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert Company.objects.exclude(merged_into=None).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_a_convention_drafted_during_the_merge_is_not_lost(_round: int, officer: User, second_officer: User) -> None:
    double = company_named("Une", officer, siren="")
    kept = company_named("Deux", officer)
    outcomes: list[Callable | Exception] = at_once([
        lambda: merge_companies(double.pk, kept.pk, officer), lambda: drafted(second_officer, double),
    ])  # fmt: skip
    assert not isinstance(outcomes[0], Exception), outcomes[0]
    assert not PartnershipConvention.objects.filter(company=double).exists()
