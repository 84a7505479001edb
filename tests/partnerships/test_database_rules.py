"""What PostgreSQL itself refuses, whoever writes: every test here speaks raw SQL."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry
from partnerships import workflows
from partnerships.models import Company, ConventionArticle, PartnershipConvention
from tests.factories.identifiers import new_siren, siret_of
from tests.factories.partnerships import company_named, drafted

CONVENTION = "partnerships_partnershipconvention"
MOVES = "partnerships_conventionmove"
ConventionIn = Callable[..., PartnershipConvention]


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@contextmanager
def refused(words: str) -> Iterator[None]:
    """Run the block, then what waits for the commit, and expect the database to refuse it with these words."""
    with pytest.raises(DatabaseError, match=words), transaction.atomic():  # noqa: PT012  both are what is refused
        yield
        run("SET CONSTRAINTS ALL IMMEDIATE")


def change(convention: PartnershipConvention, **columns: Any) -> None:
    settings = ", ".join(f"{name} = %s" for name in columns)
    run(f"UPDATE {CONVENTION} SET {settings} WHERE id = %s", *columns.values(), convention.pk)


def leave_move(convention: PartnershipConvention, target: str) -> None:
    run(
        f"INSERT INTO {MOVES} (convention_id, origin, target, actor_id, reason, rank) VALUES (%s, %s, %s, %s, '', 0)",
        convention.pk, convention.status, target, convention.created_by_id,
    )  # fmt: skip


class TestStates:
    def test_every_move_outside_of_the_table_is_refused(self, convention_in: ConventionIn, officer: User) -> None:
        legal = set(workflows.CONVENTION_LIFE.pairs())
        for origin in (workflows.DRAFT, workflows.NEGOTIATION, workflows.APPROVED, workflows.SHELVED):
            convention = convention_in(origin)
            for target in set(workflows.STATES) - {origin}:
                if (origin, target) not in legal:
                    with refused(f"Passage interdit dans {CONVENTION} : de {origin} à {target}"):
                        change(convention, status=target)
                        leave_move(convention, target)

    def test_nothing_leaves_the_last_state(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.ARCHIVED, archive=True)
        for target in set(workflows.STATES) - {workflows.ARCHIVED}:
            with refused("Passage interdit"):
                change(convention, status=target)

    def test_a_change_of_state_without_its_move_is_refused_at_the_commit(
        self, convention_draft: PartnershipConvention
    ) -> None:
        with refused("Changement d’état sans trace"):
            change(convention_draft, status=workflows.NEGOTIATION)

    def test_the_same_change_with_its_move_passes(self, convention_draft: PartnershipConvention) -> None:
        change(convention_draft, status=workflows.NEGOTIATION)
        leave_move(convention_draft, workflows.NEGOTIATION)
        run("SET CONSTRAINTS ALL IMMEDIATE")

    def test_a_move_that_says_something_else_is_no_trace(self, convention_draft: PartnershipConvention) -> None:
        with refused("Étape sans changement d’état"):
            change(convention_draft, status=workflows.NEGOTIATION)
            leave_move(convention_draft, workflows.APPROVED)

    @pytest.mark.django_db(transaction=True)
    def test_a_move_without_a_change_is_refused_before_and_after_it(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.NEGOTIATION)
        with refused("Étape sans changement d’état"):
            leave_move(convention, workflows.SHELVED)
        with transaction.atomic():
            change(convention, status=workflows.SHELVED)
            leave_move(convention, workflows.SHELVED)
        with refused("Étape sans changement d’état"):
            leave_move(convention, workflows.SHELVED)

    @pytest.mark.parametrize("state", sorted(set(workflows.STATES) - {workflows.DRAFT}))
    def test_a_convention_is_born_a_draft(self, state: str, company: Company, officer: User) -> None:
        with refused(f"État initial interdit dans {CONVENTION} : {state}"):
            run(
                f"INSERT INTO {CONVENTION} (number, company_id, title, object, status, created_by_id, printed_company_name, "
                "origin, sources, preamble, visas, recitals, renewal, deliberation_number, deliberation_date, signed_on, "
                "signed_place, revision) VALUES ('CP-1', %s, 't', 'o', %s, %s, '', 'archive', 's', '', '', '', '', 'D', "
                "'2014-01-01', '2014-02-01', '', 1)",
                company.pk, state, officer.pk,
            )  # fmt: skip

    def test_an_unknown_state_is_refused(self, convention_draft: PartnershipConvention) -> None:
        with refused("Passage interdit|convention_status_known"):
            change(convention_draft, status="perdue")


class TestSettledText:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("title", "Autre titre"), ("visas", "autre"), ("starts_on", date(2000, 1, 1)), ("number", "CP-0"),
            ("renewal", "none"), ("sources", "autre"), ("object", "autre"), ("printed_company_name", "Autre"),
        ],
    )  # fmt: skip
    def test_the_text_no_longer_changes(self, convention_in: ConventionIn, column: str, value: Any) -> None:
        convention = convention_in(workflows.APPROVED)
        with refused("Données figées"):
            change(convention, **{column: value})

    def test_it_changes_while_it_is_negotiated(self, convention_in: ConventionIn) -> None:
        change(convention_in(workflows.NEGOTIATION), title="Autre titre")

    @pytest.mark.parametrize(
        "table",
        ["partnerships_conventionarticle", "partnerships_commitment", "partnerships_conventionsignatory"],
    )
    def test_its_lines_neither_change_nor_go(self, convention_in: ConventionIn, table: str) -> None:
        convention = convention_in(workflows.APPROVED)
        column = {"partnerships_conventionarticle": "body", "partnerships_commitment": "unit"}.get(table, "quality")
        with refused("Le texte de cette convention est arrêté"):
            run(f"UPDATE {table} SET {column} = 'autre' WHERE convention_id = %s", convention.pk)
        with refused("Le texte de cette convention est arrêté"):
            run(f"DELETE FROM {table} WHERE convention_id = %s", convention.pk)

    def test_no_line_is_added(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.APPROVED)
        with refused("Le texte de cette convention est arrêté"):
            run(
                "INSERT INTO partnerships_conventionarticle (convention_id, number, title, body) VALUES (%s, 9, 't', 'b')",
                convention.pk,
            )

    def test_no_line_is_carried_away_to_a_draft(
        self, convention_in: ConventionIn, convention_draft: PartnershipConvention
    ) -> None:
        settled = convention_in(workflows.APPROVED)
        with refused("Le texte de cette convention est arrêté"):
            run(
                "UPDATE partnerships_conventionarticle SET convention_id = %s, number = 77 WHERE id = %s",
                convention_draft.pk, ConventionArticle.objects.filter(convention=settled).values_list("pk")[0][0],
            )  # fmt: skip

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("deliberation_number", "AUTRE"), ("deliberation_date", date(2013, 1, 1)), ("signed_on", date(2025, 1, 1)),
            ("signed_place", "Ailleurs"),
        ],
    )  # fmt: skip
    def test_what_was_voted_and_signed_no_longer_changes(
        self, convention_in: ConventionIn, column: str, value: Any
    ) -> None:
        convention = convention_in(workflows.SIGNED, archive=True)
        with refused("Données figées"):
            change(convention, **{column: value})


class TestDates:
    def test_it_does_not_end_before_it_starts(self, convention_draft: PartnershipConvention) -> None:
        with refused("convention_ends_after_it_starts"):
            change(convention_draft, ends_on=date(1999, 1, 1))

    def test_nothing_is_voted_without_its_deliberation(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.APPROVED)
        with refused("convention_voted_before_signed"):
            change(convention, status=workflows.DELIBERATED)

    def test_nothing_is_signed_without_its_date(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.DRAFT, origin="archive", sources="Essai")
        with refused("convention_signed_has_a_date"):
            change(convention, status=workflows.SIGNED)

    def test_nothing_put_to_sign_is_signed_before_everybody_signed(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.TO_SIGN)
        with refused("Toutes les personnes n’ont pas encore signé"):
            change(convention, signed_on=timezone.localdate(), status=workflows.SIGNED)

    def test_what_is_to_sign_keeps_its_vote(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.TO_SIGN)
        with refused("convention_voted_before_signed"):
            change(convention, deliberation_number="")

    def test_it_is_not_signed_before_the_vote(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.TO_SIGN)
        with refused("convention_signed_after_vote"):
            change(convention, signed_on=date(2001, 1, 1))

    def test_an_early_end_has_a_date(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.SIGNED, archive=True)
        with refused("convention_end_has_a_date"):
            change(convention, status=workflows.TERMINATED)

    def test_an_early_end_follows_the_signature(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.SIGNED, archive=True)
        with refused("convention_ended_after_signed"):
            change(convention, ended_on=date(2001, 1, 1), status=workflows.TERMINATED)

    def test_a_tacit_renewal_has_a_notice(self, convention_draft: PartnershipConvention) -> None:
        with refused("convention_tacit_has_notice"):
            change(convention_draft, renewal="tacit", renewal_months=12)

    def test_an_archive_cites_its_sources(self, convention_draft: PartnershipConvention) -> None:
        with refused("convention_archive_has_sources"):
            change(convention_draft, origin="archive", sources="")


class TestOneAtATime:
    """One convention in force per company and object at a date."""

    def sign(self, convention: PartnershipConvention) -> None:
        change(convention, status=workflows.SIGNED, signed_on=date(2020, 1, 1))
        leave_move(convention, workflows.SIGNED)

    def another(self, first: PartnershipConvention, officer: User, **changes: Any) -> PartnershipConvention:
        changes = {"origin": "archive", "sources": "Essai"} | changes
        return drafted(officer, first.company, **changes)

    def test_two_that_overlap_are_refused(self, convention_in: ConventionIn, officer: User) -> None:
        first = convention_in(workflows.SIGNED, archive=True)
        second = self.another(first, officer, starts_on=first.ends_on, ends_on=date(2100, 1, 1))
        with refused("convention_one_at_a_time"):
            self.sign(second)

    def test_the_next_day_is_free(self, convention_in: ConventionIn, officer: User) -> None:
        first = convention_in(workflows.SIGNED, archive=True, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
        self.sign(self.another(first, officer, starts_on=date(2021, 1, 1), ends_on=date(2021, 12, 31)))
        run("SET CONSTRAINTS ALL IMMEDIATE")

    def test_another_object_is_free(self, convention_in: ConventionIn, officer: User) -> None:
        first = convention_in(workflows.SIGNED, archive=True)
        self.sign(self.another(first, officer, object="Taxe d’apprentissage"))

    def test_an_early_end_frees_the_days_after_it(self, convention_in: ConventionIn, officer: User) -> None:
        first = convention_in(workflows.TERMINATED, archive=True)
        assert first.ended_on
        self.sign(self.another(first, officer, starts_on=timezone.localdate(), ends_on=first.ends_on))

    def test_its_last_day_is_not_free(self, convention_in: ConventionIn, officer: User) -> None:
        first = convention_in(workflows.TERMINATED, archive=True)
        second = self.another(first, officer, starts_on=first.ended_on, ends_on=date(2100, 1, 1))
        with refused("convention_one_at_a_time"):
            self.sign(second)


class TestIdentifiers:
    def add(self, company: Company, siret: str) -> None:
        run(
            "INSERT INTO partnerships_establishment (company_id, name, siret, is_head_office, address, postal_code, city, "
            "naf_code, naf_version) VALUES (%s, 'Site', %s, false, '', '', '', '', '')",
            company.pk, siret,
        )  # fmt: skip

    def test_a_siret_has_its_key(self, company: Company) -> None:
        right = siret_of(company.siren, 7)
        wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
        with refused("establishment_siret_valid"):
            self.add(company, wrong)
        self.add(company, right)

    def test_a_siret_begins_with_the_siren_of_its_company(self, company: Company) -> None:
        with refused("ne commence pas par le SIREN"):
            self.add(company, siret_of(new_siren()))

    def test_the_siren_of_a_company_does_not_leave_its_siret_behind(self, company: Company) -> None:
        with refused("ne commence pas par"):
            run("UPDATE partnerships_company SET siren = %s WHERE id = %s", new_siren(), company.pk)

    def test_a_siren_has_its_key(self, officer: User) -> None:
        company = company_named("Sans siège", officer, head_office=False)
        with refused("company_siren_valid"):
            run("UPDATE partnerships_company SET siren = '123456789' WHERE id = %s", company.pk)

    def test_a_siren_is_borne_once(self, company: Company, officer: User) -> None:
        other = company_named("Autre", officer, head_office=False)
        with refused("company_siren_once"):
            run("UPDATE partnerships_company SET siren = %s WHERE id = %s", company.siren, other.pk)

    def test_la_poste_follows_its_own_rule(self, officer: User) -> None:
        post = company_named("La Poste", officer, siren="356000000", head_office=False)
        self.add(post, "35600000000048")
        self.add(post, "35600000009075")
        with refused("establishment_siret_valid"):
            self.add(post, "35600000009076")

    def test_a_company_has_one_head_office(self, company: Company) -> None:
        self.add(company, siret_of(company.siren, 8))
        with refused("establishment_one_head_office"):
            run("UPDATE partnerships_establishment SET is_head_office = true WHERE company_id = %s", company.pk)


class TestTraces:
    def test_a_move_is_never_rewritten(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.NEGOTIATION)
        with refused("Ligne inaltérable"):
            run(f"UPDATE {MOVES} SET reason = 'autre' WHERE convention_id = %s", convention.pk)
        with refused("Ligne inaltérable"):
            run(f"DELETE FROM {MOVES} WHERE convention_id = %s", convention.pk)

    def test_the_trail_is_never_rewritten(self, convention_draft: PartnershipConvention) -> None:
        entry = Entry.objects.first()
        assert entry
        with refused("Ligne inaltérable"):
            run("UPDATE audit_entry SET summary = 'autre' WHERE id = %s", entry.pk)
        with refused("Ligne inaltérable"):
            run("DELETE FROM audit_entry WHERE id = %s", entry.pk)

    def test_conventions_and_companies_are_never_deleted(self, convention_draft: PartnershipConvention) -> None:
        with refused("Suppression refusée"):
            run(f"DELETE FROM {CONVENTION} WHERE id = %s", convention_draft.pk)
        with refused("Suppression refusée"):
            run("DELETE FROM partnerships_company WHERE id = %s", convention_draft.company_id)

    def test_a_sealed_document_is_never_deleted_nor_rewritten(self, convention_in: ConventionIn) -> None:
        convention = convention_in(workflows.TO_SIGN)
        with refused("Suppression refusée"):
            run("DELETE FROM documents_document WHERE reference = %s", convention.number)
        with refused("Données figées"):
            run("UPDATE documents_document SET context = '{}' WHERE reference = %s", convention.number)
