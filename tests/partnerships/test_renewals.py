"""Renewals, notices, denunciations: neither gap nor overlap, and no end before its notice."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

import pytest
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Refused
from partnerships import workflows
from partnerships.calendar import DAY, add_months
from partnerships.models import PartnershipConvention
from partnerships.operations.conventions import revise_convention
from partnerships.operations.moves import move_convention
from partnerships.operations.renewals import renew_convention
from partnerships.queries import convention_in_full, conventions_visible_to
from partnerships.situation import SITUATIONS, situation_on
from schools.scope import Scope
from tests.factories.amendments import aim_higher, amended, longer, signed
from tests.factories.convention_rows import judged_together
from tests.factories.partnerships import drafted, make_move, text_of
from tests.partnerships.sql import change, refused, run

ConventionIn = Callable[..., PartnershipConvention]
TACIT = {"renewal": "tacit", "renewal_months": 12, "notice_months": 3}


def today() -> date:
    return timezone.localdate()


def archived(actor: User, **changes: object) -> PartnershipConvention:
    """Sign a convention the short way, today at the latest."""
    convention = drafted(actor, **{"origin": "archive", "sources": "Essai"} | changes)
    day = min(convention.starts_on or today(), today())
    return make_move(convention, "record_archive", actor, signed_on=day)


class TestDenunciation:
    def denounce(self, convention: PartnershipConvention, actor: User, **facts: object) -> PartnershipConvention:
        given = {"notice_given_on": today(), "notice_given_by": "company"} | facts
        return move_convention(convention.pk, "denounce", actor, reason="Restructuration", facts=given)

    def test_the_portal_counts_the_first_day_possible(self, officer: User) -> None:
        convention = self.denounce(archived(officer, notice_months=3), officer)
        assert convention.ended_on == add_months(today(), 3)

    def test_an_end_before_the_notice_is_refused(self, officer: User) -> None:
        convention = archived(officer, notice_months=3)
        with pytest.raises(Refused) as refusal:
            self.denounce(convention, officer, ended_on=add_months(today(), 3) - DAY)
        sentence = refusal.value.details[0].replace("\N{NO-BREAK SPACE}", " ")
        assert sentence.startswith("Avec un préavis de trois mois reçu le")
        assert "accord écrit" in sentence
        convention.refresh_from_db()
        assert convention.status == workflows.SIGNED

    def test_the_other_side_may_agree_to_an_earlier_end(self, officer: User) -> None:
        convention = archived(officer, notice_months=3)
        ended = self.denounce(convention, officer, ended_on=today(), early_end_agreement="Lettre du 2 mars 2026")
        assert ended.ended_on == today()

    def test_the_database_holds_the_notice(self, officer: User) -> None:
        convention = self.denounce(archived(officer, notice_months=3), officer)
        with refused("convention_notice_respected"):
            change(convention, ended_on=add_months(today(), 3) - DAY)
        other = archived(officer, notice_months=3)
        with refused("Indiquez qui dénonce"):
            change(other, status=workflows.DENOUNCED, ended_on=date(2099, 1, 1))

    @pytest.mark.usefixtures("seal_key")
    def test_an_amended_notice_counts(self, officer: User) -> None:
        from dataclasses import replace  # noqa: PLC0415

        convention = archived(officer, notice_months=1)

        def more(agreement):  # type: ignore[no-untyped-def]
            return replace(agreement, terms=replace(agreement.terms, notice_months=6))

        signed(amended(convention, officer, more), officer)
        with pytest.raises(Refused):
            self.denounce(convention, officer, ended_on=add_months(today(), 1))
        assert self.denounce(convention, officer).ended_on == add_months(today(), 6)

    def test_nothing_is_brought_forward_past_the_end(self, officer: User) -> None:
        convention = archived(officer, notice_months=24)
        with pytest.raises(Refused) as refusal:
            self.denounce(convention, officer)
        assert "prend fin de toute façon" in refusal.value.details[0]

    def test_a_tacit_convention_stops_in_the_middle_of_a_period(self, officer: User) -> None:
        convention = archived(officer, starts_on=date(2020, 1, 1), ends_on=date(2022, 12, 31), **TACIT)
        assert convention.terms.is_open_ended
        ended = self.denounce(convention, officer)
        assert ended.terms.last_day == add_months(today(), 3)
        assert situation_on(ended, today()).name == "leaving"
        assert situation_on(ended, add_months(today(), 3) + DAY).name == "ended_early"

    def test_only_a_termination_ends_what_is_already_renewed(self, officer: User) -> None:
        convention = archived(officer)
        successor = renew_convention(convention.pk, officer)
        sign_now(successor, officer)
        with pytest.raises(Refused) as refusal:
            self.denounce(convention, officer)
        assert "seule une résiliation" in refusal.value.details[0]

    def test_the_page_says_the_notice_and_what_is_refused(self, officer: User, officer_client: Client) -> None:
        convention = archived(officer, notice_months=3)
        url = f"/gestion/partnerships/partnershipconvention/{convention.pk}/etape/denounce/"
        assert "Le préavis est de trois" in officer_client.get(url).content.decode()
        data = {
            "seen_state": "signed", "notice_given_on": today().isoformat(), "notice_given_by": "region", "reason": "Fin",
            "ended_on": today().isoformat(), "early_end_agreement": "",
        }  # fmt: skip
        assert "accord écrit de l’autre partie" in officer_client.post(url, data).content.decode()
        officer_client.post(url, data | {"ended_on": ""})
        convention.refresh_from_db()
        assert convention.ended_on == add_months(today(), 3)


def sign_now(convention: PartnershipConvention, actor: User) -> PartnershipConvention:
    """Sign a renewal draft at once: it is turned into an archive, which needs no sealed document."""
    text = text_of(
        convention.company, origin="archive", sources="Essai", starts_on=convention.starts_on, ends_on=convention.ends_on,
        object=convention.object,
    )  # fmt: skip
    convention.refresh_from_db()
    revise_convention(convention.pk, convention.revision, text, actor)
    return make_move(convention, "record_archive", actor, signed_on=min(today(), convention.starts_on or today()))


class TestRenewal:
    def test_only_an_officer_renews(self, officer: User, auditor: User, coordinator: User) -> None:
        convention = archived(officer)
        for person in (auditor, coordinator):
            with pytest.raises(NotAllowed):
                renew_convention(convention.pk, person)
        assert PartnershipConvention.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"renewal": "none"}, "sans renouvellement"),
            (TACIT, "se reconduit tacitement sans limite"),
            ({"starts_on": None, "ends_on": None}, "dates ne sont pas connues"),
        ],
    )
    def test_what_cannot_be_renewed_says_why(self, officer: User, changes: dict, words: str) -> None:
        with pytest.raises(Refused) as refusal:
            renew_convention(archived(officer, **changes).pk, officer)
        assert words in refusal.value.details[0]

    def test_only_a_signed_one_is_renewed_and_once(self, officer: User) -> None:
        with pytest.raises(Refused):
            renew_convention(drafted(officer).pk, officer)
        convention = archived(officer)
        draft = renew_convention(convention.pk, officer)
        with pytest.raises(Refused) as refusal:
            renew_convention(convention.pk, officer)
        assert draft.number in refusal.value.details[0]
        make_move(draft, "shelve", officer)
        assert renew_convention(convention.pk, officer).predecessor == convention

    @pytest.mark.usefixtures("seal_key")
    def test_it_follows_the_amended_text_and_end(self, officer: User) -> None:
        convention = archived(officer, starts_on=date(2026, 1, 31), ends_on=date(2027, 1, 30))
        signed(amended(convention, officer, aim_higher(15)), officer)
        signed(amended(convention, officer, longer(31)), officer)
        draft = convention_in_full(renew_convention(convention.pk, officer).pk)
        assert draft.starts_on == date(2027, 3, 3)
        assert [row.target for row in draft.commitments.all()] == [15, None]
        assert draft.deliberation_number == ""
        assert draft.status == workflows.DRAFT

    def test_another_start_is_refused_before_the_text_is_settled_and_by_the_database(self, officer: User) -> None:
        convention = archived(officer)
        draft = renew_convention(convention.pk, officer)
        assert draft.starts_on
        moved = text_of(
            draft.company, starts_on=draft.starts_on + DAY, ends_on=draft.ends_on, origin="archive", sources="x"
        )
        revise_convention(draft.pk, 1, moved, officer)
        with pytest.raises(Refused) as refusal:
            make_move(draft, "approve", officer)
        assert "elle doit prendre effet" in refusal.value.details[0]
        with refused("prend effet le lendemain"):
            run(
                "UPDATE partnerships_partnershipconvention SET status = 'signed', signed_on = %s WHERE id = %s",
                today(),
                draft.pk,
            )

    def test_a_signed_successor_makes_it_renewed(self, officer: User) -> None:
        convention = archived(officer, starts_on=date(2020, 1, 1), ends_on=date(2022, 12, 31))
        assert situation_on(convention, today()).name == "expired"
        draft = renew_convention(convention.pk, officer)
        assert (draft.starts_on, draft.ends_on) == (date(2023, 1, 1), date(2025, 12, 31))
        assert situation_on(convention, today()).name == "expired"
        sign_now(draft, officer)
        assert situation_on(convention, today()).name == "renewed"
        row = conventions_visible_to(Scope(whole_network=True)).get(pk=convention.pk)
        assert row.situation == "renewed"

    def test_its_dates_no_longer_change_once_it_is_renewed(self, officer: User, seal_key: None) -> None:
        convention = archived(officer)
        sign_now(renew_convention(convention.pk, officer), officer)
        with pytest.raises(Refused) as refusal:
            signed(amended(convention, officer, longer(10)), officer)
        assert "déjà signée" in refusal.value.details[0]

    def test_the_renewals_of_renewals_cover_every_day(self, officer: User) -> None:
        convention = archived(officer, starts_on=date(2015, 1, 31), ends_on=date(2016, 1, 30))
        chain = [convention]
        for _ in range(4):
            chain.append(sign_now(renew_convention(chain[-1].pk, officer), officer))
        for former, following in zip(chain, chain[1:], strict=False):
            former.refresh_from_db()
            following.refresh_from_db()
            assert former.ends_on
            assert following.starts_on == former.ends_on + DAY
        assert chain[-1].ends_on
        day = chain[0].starts_on
        while day and day <= chain[-1].ends_on:
            assert sum(c.terms.period_on(day) is not None for c in chain) == 1
            day += timedelta(days=13)


class TestOverlap:
    def test_a_tacitly_renewed_convention_takes_the_days_to_come(self, officer: User) -> None:
        convention = archived(officer, starts_on=date(2020, 1, 1), ends_on=date(2022, 12, 31), **TACIT)
        other = drafted(
            officer, convention.company, origin="archive", sources="x", starts_on=today(), ends_on=today() + DAY
        )
        with pytest.raises(Refused) as refusal:
            make_move(other, "record_archive", officer, signed_on=today())
        assert "déjà une convention signée" in refusal.value.details[0]
        with refused("convention_one_at_a_time"):
            run(
                "UPDATE partnerships_partnershipconvention SET status = 'signed', signed_on = %s WHERE id = %s",
                today(),
                other.pk,
            )

    def test_after_its_last_renewal_the_days_are_free(self, officer: User) -> None:
        convention = archived(officer, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31), **TACIT, renewal_limit=2)
        assert convention.terms.last_day == date(2022, 12, 31)
        free = drafted(
            officer,
            convention.company,
            origin="archive",
            sources="x",
            starts_on=date(2023, 1, 1),
            ends_on=date(2023, 6, 1),
        )
        make_move(free, "record_archive", officer)
        taken = drafted(
            officer,
            convention.company,
            origin="archive",
            sources="x",
            starts_on=date(2022, 12, 31),
            ends_on=date(2022, 12, 31),
        )
        with pytest.raises(Refused):
            make_move(taken, "record_archive", officer)

    def test_a_denunciation_frees_the_days_after_it(self, officer: User) -> None:
        convention = archived(officer, starts_on=date(2020, 1, 1), ends_on=date(2022, 12, 31), **TACIT)
        facts = {"notice_given_on": today(), "notice_given_by": "region"}
        ended = move_convention(convention.pk, "denounce", officer, reason="x", facts=facts)
        draft = renew_convention(convention.pk, officer)
        assert ended.ended_on
        assert draft.starts_on == ended.ended_on + DAY
        sign_now(draft, officer)


class TestPages:
    def test_the_officer_renews_from_the_page(self, officer: User, officer_client: Client) -> None:
        convention = archived(officer)
        page = f"/gestion/partnerships/partnershipconvention/{convention.pk}/"
        assert "Renouveler…" in officer_client.get(f"{page}change/").content.decode()
        assert "le lendemain de la fin" in officer_client.get(f"{page}renouveler/").content.decode()
        answer = officer_client.post(f"{page}renouveler/", follow=True)
        draft = PartnershipConvention.objects.get(predecessor=convention)
        assert draft.number in answer.content.decode()
        assert "Renouvelle" in officer_client.get(f"/conventions/{draft.pk}/").content.decode()

    def test_the_sheet_tells_the_period_and_the_last_day_for_a_notice(
        self, officer: User, officer_client: Client
    ) -> None:
        convention = archived(officer, starts_on=date(2020, 1, 1), ends_on=date(2022, 12, 31), **TACIT)
        page = officer_client.get(f"/conventions/{convention.pk}/").content.decode()
        assert "Dernier jour pour donner congé" in page
        assert "reconduction)" in page
        listed = officer_client.get("/conventions/").content.decode()
        assert "31 décembre" in listed.replace("\N{NO-BREAK SPACE}", " ")


class TestLengthOfATacitRenewal:
    """Three values of truth: a length that is not known must not slip through the database's own check."""

    @pytest.mark.parametrize(
        "columns",
        [
            {"renewal": "tacit", "notice_months": 3},
            {"renewal": "tacit", "notice_months": 3, "renewal_months": 0},
            {"renewal": "express", "renewal_months": 12},
            {"renewal": "tacit", "notice_months": 3, "renewal_months": 12, "renewal_limit": 51},
        ],
    )
    def test_the_database_refuses_it(self, convention_draft: PartnershipConvention, columns: dict) -> None:
        with refused("convention_tacit_has_a_length"):
            change(convention_draft, **columns)

    def test_and_accepts_a_whole_one(self, convention_draft: PartnershipConvention) -> None:
        change(convention_draft, renewal="tacit", notice_months=3, renewal_months=12, renewal_limit=None)


def test_the_database_says_where_each_stands_as_python_does(officer: User) -> None:
    """Every state with every order of its dates, tacitly renewed or not, before and after the convention that follows is signed.

    The lists ask the database's own function: one question for all the rows, none of which is written.
    """
    followed = archived(officer)
    follower = renew_convention(followed.pk, officer)
    around = (None, today() - DAY, today(), today() + DAY)
    tacit = (
        {},
        {"renewal": "tacit", "renewal_months": 1},
        {"renewal": "tacit", "renewal_months": 1, "renewal_limit": 1},
    )
    rows = [
        PartnershipConvention(pk=followed.pk, status=status, starts_on=first, ends_on=last, ended_on=ended, **renewal)
        for status, first, last, ended, renewal in product(workflows.STATES, around, around, around, tacit)
    ]
    for some in ("expired", "renewed"):
        told = [situation_on(row, today()).name for row in rows]
        assert judged_together(rows, "e2c_convention_situation", today()) == told
        assert set(told) == set(SITUATIONS) - {"expired", "renewed"} | {some}
        if some == "expired":
            sign_now(follower, officer)
