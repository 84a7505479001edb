"""Officers are told in time: before an end, before a tacit renewal, of actions that wait. Once each, in one message a day."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import Role, User
from e2c_portal.audit.trail import trail_of
from e2c_portal.celery import app
from e2c_portal.kernel.french import day_in_letters
from e2c_portal.mailing.addresses import address_sha256
from e2c_portal.mailing.digests import group_due
from e2c_portal.mailing.models import Mail, Preference, Status
from partnerships.models import PartnershipConvention, SteeringMeeting
from partnerships.operations import reminding
from partnerships.operations.meetings import ActionText, MeetingText, complete_action, record_meeting
from partnerships.operations.moves import move_convention
from partnerships.operations.reminding import remind_of_actions, remind_of_deadlines
from partnerships.operations.renewals import renew_convention
from partnerships.watching import followers_of
from tests.concurrency.together import at_once
from tests.factories.amendments import amended, longer, signed
from tests.factories.partnerships import drafted
from tests.factories.people import closed, opened_again, regional_officer
from tests.harness.worker import load_tasks
from tests.mailing.samples import work
from tests.partnerships.test_renewals import TACIT, archived, sign_now

pytestmark = pytest.mark.django_db
DEADLINE, ACTIONS = "partnerships.deadline", "partnerships.actions"
# The database keeps its own clock: what is signed is signed today, and the tests look at what comes later.
TODAY = timezone.localdate()
END = TODAY + timedelta(days=600)
LONG_BEFORE = TODAY + timedelta(days=300)
DATES = {"starts_on": TODAY - timedelta(days=30), "ends_on": END}


def at(day: date, clock: str = "00:30") -> time_machine.travel:
    moment = datetime.combine(day, datetime.strptime(clock, "%H:%M").time())  # noqa: DTZ007  made aware here
    return time_machine.travel(timezone.make_aware(moment), tick=False)


def before(days: int, end: date = END) -> date:
    return end - timedelta(days=days)


@pytest.fixture
def convention(officer: User) -> PartnershipConvention:
    """A convention signed long before its end."""
    with at(LONG_BEFORE):
        return archived(officer, **DATES)


def told() -> list[tuple[str, str]]:
    """Return what was asked for and still waits or left: to whom, and the first words."""
    mails = Mail.objects.filter(kind=DEADLINE).exclude(status=Status.CANCELLED).order_by("pk")
    return [(mail.name, mail.context["headline"].replace("\N{NO-BREAK SPACE}", " ")) for mail in mails]


def read_in_the_morning(day: date, outbox: list[Any]) -> list[Any]:
    """Do what leaves at seven; return what arrived."""
    before_that = len(outbox)
    with at(day, "07:05"):
        group_due()
        work()
    return outbox[before_that:]


class TestDeadlines:
    def test_each_step_is_told_on_its_day_to_whoever_made_the_convention(
        self, convention: PartnershipConvention, officer: User, second_officer: User, mailoutbox: list[Any]
    ) -> None:
        with at(before(91)):
            assert remind_of_deadlines() == 0
        for days in (90, 60, 30, 7):
            with at(before(days)):
                assert remind_of_deadlines() == 1
                assert remind_of_deadlines() == 0
            [mail] = read_in_the_morning(before(days), mailoutbox)
            assert mail.to == [f"{officer.full_name} <{officer.email}>"]
        assert told() == [(officer.full_name, f"Prend fin dans {days} jours") for days in (90, 60, 30, 7)]
        with at(before(0)):
            assert remind_of_deadlines() == 0
        body = mailoutbox[-1].body.replace("\N{NO-BREAK SPACE}", " ")
        assert f"prend fin le {day_in_letters(END)}".replace("\N{NO-BREAK SPACE}", " ") in body
        assert "préparez son renouvellement" in body
        assert convention.get_absolute_url() in body
        history = [entry.summary for entry in trail_of(convention) if entry.action == "convention.reminded"]
        assert history[0].replace("\N{NO-BREAK SPACE}", " ") == f"Rappel à {officer.full_name} : Prend fin dans 7 jours"

    def test_after_days_without_a_run_the_nearest_alone_is_told(self, convention: PartnershipConvention) -> None:
        with at(before(25)):
            remind_of_deadlines()
        with at(before(24), "23:50"):
            remind_of_deadlines()
        assert [words for _, words in told()] == ["Prend fin dans 25 jours"]

    def test_a_clock_set_back_over_midnight_brings_no_earlier_step(self, convention: PartnershipConvention) -> None:
        with at(before(30), "00:20"):
            remind_of_deadlines()
        with at(before(32), "23:20"):
            remind_of_deadlines()
        assert len(told()) == 1

    def test_what_is_asked_after_the_morning_is_reckoned_for_the_next(
        self, convention: PartnershipConvention, mailoutbox: list[Any]
    ) -> None:
        with at(before(31), "10:00"):
            assert remind_of_deadlines() == 1
        [mail] = read_in_the_morning(before(30), mailoutbox)
        assert mail.subject.replace("\N{NO-BREAK SPACE}", " ").startswith("Prend fin dans 30 jours : ")

    def test_before_a_tacit_renewal_the_last_day_for_a_notice_is_told(
        self, officer: User, mailoutbox: list[Any]
    ) -> None:
        with at(LONG_BEFORE):
            convention = archived(officer, starts_on=date(2020, 1, 1), ends_on=date(2022, 12, 31), **TACIT)
        notice = convention.terms.notice_deadline(END)
        assert notice
        for days in (90, 7, 1, 0):
            with at(before(days, notice)):
                remind_of_deadlines()
        assert [words for _, words in told()] == [
            "Plus que 90 jours pour donner congé",
            "Plus que 7 jours pour donner congé",
        ]
        mails = read_in_the_morning(before(0, notice), mailoutbox)
        assert "se reconduit tacitement" in mails[-1].body

    def test_a_denunciation_makes_its_own_end(self, officer: User) -> None:
        with at(LONG_BEFORE):
            convention = archived(officer, starts_on=date(2020, 1, 1), ends_on=date(2022, 12, 31), **TACIT)
            facts = {"notice_given_on": LONG_BEFORE, "notice_given_by": "company", "ended_on": END}
            move_convention(convention.pk, "denounce", officer, reason="Restructuration", facts=facts)
        with at(before(60)):
            remind_of_deadlines()
        assert [words for _, words in told()] == ["Prend fin dans 60 jours"]
        assert Mail.objects.get(kind=DEADLINE).context["advice"].startswith("Sa fin est annoncée.")

    def test_nothing_is_told_of_what_is_not_in_force_or_has_no_date(self, officer: User) -> None:
        with at(LONG_BEFORE):
            drafted(officer, **DATES)
            archived(officer, starts_on=None, ends_on=None)
            archived(officer, starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1))
        with at(before(30)):
            assert remind_of_deadlines() == 0

    def test_a_convention_signed_late_waits_for_its_next_step(self, officer: User) -> None:
        end = TODAY + timedelta(days=40)
        archived(officer, **DATES | {"ends_on": end})
        with at(before(40, end)):
            assert remind_of_deadlines() == 0
        with at(before(30, end)):
            assert remind_of_deadlines() == 1

    def test_a_successor_is_said_while_it_is_prepared_and_ends_the_reminders_once_signed(
        self, convention: PartnershipConvention, officer: User, mailoutbox: list[Any]
    ) -> None:
        with at(before(61)):
            successor = renew_convention(convention.pk, officer)
        with at(before(60)):
            remind_of_deadlines()
        [mail] = read_in_the_morning(before(60), mailoutbox)
        assert f"n° {successor.number}, qui doit la renouveler, est à l’étape « Brouillon »" in mail.body
        with at(before(30)):
            remind_of_deadlines()
        with at(before(30), "02:00"):
            sign_now(successor, officer)
        assert read_in_the_morning(before(30), mailoutbox) == [], "it lost its object while it waited"
        with at(before(7)):
            assert remind_of_deadlines() == 0

    @pytest.mark.usefixtures("seal_key")
    def test_an_amendment_that_moves_the_end_starts_the_count_again(self, officer: User, mailoutbox: list[Any]) -> None:
        end = TODAY + timedelta(days=30)
        convention = archived(officer, **DATES | {"ends_on": end})
        with at(TODAY):
            assert remind_of_deadlines() == 1
        signed(amended(convention, officer, longer(20)), officer)
        read_in_the_morning(TODAY, mailoutbox)
        assert told() == [], "it lost its object while it waited; what else leaves that morning is not looked at"
        with at(TODAY + timedelta(days=1)):
            assert remind_of_deadlines() == 0, "49 days left: the step of 60 days is not made up for"
        with at(TODAY + timedelta(days=20)):
            assert remind_of_deadlines() == 1
        assert [words for _, words in told()] == ["Prend fin dans 30 jours"]

    def test_a_message_is_worth_nothing_after_its_day(
        self, convention: PartnershipConvention, mailoutbox: list[Any]
    ) -> None:
        with at(before(7)):
            remind_of_deadlines()
        assert read_in_the_morning(END + timedelta(days=1), mailoutbox) == []
        assert Mail.objects.get(kind=DEADLINE).status == Status.CANCELLED

    def test_several_come_as_one_message(
        self, convention: PartnershipConvention, officer: User, mailoutbox: list[Any]
    ) -> None:
        with at(LONG_BEFORE):
            archived(officer, **DATES | {"ends_on": END + timedelta(days=30)})
        with at(before(30)):
            assert remind_of_deadlines() == 2
        [mail] = read_in_the_morning(before(30), mailoutbox)
        assert mail.subject.startswith("2")
        assert mail.body.count("La convention prend fin le") == 2

    def test_whoever_stopped_them_receives_none(
        self, convention: PartnershipConvention, officer: User, mailoutbox: list[Any]
    ) -> None:
        Preference.objects.create(address_sha256=address_sha256(officer.email), kind=DEADLINE)
        for _ in range(2):
            with at(before(30)):
                remind_of_deadlines()
        assert read_in_the_morning(before(30), mailoutbox) == []
        assert Mail.objects.filter(kind=DEADLINE).count() == 1

    def test_the_search_costs_the_same_whatever_the_number(
        self, convention: PartnershipConvention, officer: User, django_assert_num_queries: Any
    ) -> None:
        with at(before(30)):
            remind_of_deadlines()
            with django_assert_num_queries(3):
                remind_of_deadlines()
            with at(LONG_BEFORE):
                for _ in range(2):
                    archived(officer, **DATES)
            remind_of_deadlines()
            with django_assert_num_queries(3):
                remind_of_deadlines()
        assert len(told()) == 3

    @pytest.mark.django_db(transaction=True)
    def test_two_runs_at_the_same_instant_tell_once(self, officer: User) -> None:
        with at(LONG_BEFORE):
            convention = archived(officer, **DATES)
            met(convention, officer, before(20))
        with at(before(30)):
            assert sum(at_once([remind_of_deadlines] * 3)) == 1
            assert sum(at_once([remind_of_actions] * 3)) == 1
        assert len(told()) == Mail.objects.filter(kind=ACTIONS).count() == 1


class TestFollowers:
    def test_all_officers_when_whoever_made_it_is_gone(
        self, convention: PartnershipConvention, officer: User, second_officer: User, auditor: User, coordinator: User
    ) -> None:
        assert followers_of(convention) == [officer]
        closed(officer)
        assert followers_of(PartnershipConvention.objects.get(pk=convention.pk)) == [second_officer]
        opened_again(officer)
        User.objects.filter(pk=officer.pk).update(role=Role.AUDITOR)
        assert followers_of(PartnershipConvention.objects.get(pk=convention.pk)) == [second_officer]

    def test_a_step_told_to_one_is_not_told_again_to_others(
        self, convention: PartnershipConvention, officer: User, second_officer: User
    ) -> None:
        with at(before(30)):
            remind_of_deadlines()
        closed(officer)
        with at(before(29)):
            assert remind_of_deadlines() == 0
        with at(before(7)):
            assert remind_of_deadlines() == 1
        assert [name for name, _ in told()] == [officer.full_name, second_officer.full_name]

    def test_a_job_that_dies_half_way_tells_nobody_and_the_next_one_everybody_once(
        self, convention: PartnershipConvention, officer: User, second_officer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class PowerCut(BaseException):
            pass

        def dies(*args: object, **kwargs: object) -> None:
            raise PowerCut

        User.objects.filter(pk=officer.pk).update(role=Role.AUDITOR)
        third = regional_officer("Zoé Dernière")
        with at(before(30)):
            with monkeypatch.context() as patch:
                patch.setattr(reminding, "record", dies)
                with pytest.raises(PowerCut), transaction.atomic():
                    remind_of_deadlines()
            assert told() == []
            assert remind_of_deadlines() == 1
        assert [name for name, _ in told()] == [second_officer.full_name, third.full_name]

    def test_with_nobody_to_tell_it_waits(self, convention: PartnershipConvention, officer: User) -> None:
        closed(officer)
        with at(before(30)):
            assert remind_of_deadlines() == 0
        assert not trail_of(convention).filter(action="convention.reminded").exists()
        opened_again(officer)
        with at(before(29)):
            assert remind_of_deadlines() == 1


def met(convention: PartnershipConvention, actor: User, *due: date) -> SteeringMeeting:
    """Record a meeting with one action for each day."""
    actions = [ActionText(f"Action {number}", "Paul Exemple", day) for number, day in enumerate(due, 1)]
    text = MeetingText(timezone.localdate(), actions=actions)
    return record_meeting(convention.pk, text, actor)


class TestActions:
    DAY = LONG_BEFORE + timedelta(days=60)

    @pytest.fixture
    def meeting(self, convention: PartnershipConvention, officer: User) -> SteeringMeeting:
        with at(LONG_BEFORE):
            return met(convention, officer, self.DAY, self.DAY + timedelta(days=20))

    def lists(self) -> list[str]:
        mails = Mail.objects.filter(kind=ACTIONS).order_by("pk")
        return [mail.context["summary"].replace("\N{NO-BREAK SPACE}", " ") for mail in mails]

    def run(self, days: int) -> int:
        with at(self.DAY + timedelta(days=days)):
            return remind_of_actions()

    def test_one_list_when_something_moves(self, meeting: SteeringMeeting, mailoutbox: list[Any]) -> None:
        assert [self.run(days) for days in (-31, -30, -30, -29, -11, -10, -1, 0, 1, 7)] == [
            0,
            1,
            0,
            0,
            0,
            1,
            0,
            1,
            0,
            1,
        ]
        assert self.lists() == [
            "1 action à faire",
            "2 actions à faire",
            "2 actions à faire",
            "1 action en retard et 1 action à faire",
        ]
        mails = read_in_the_morning(self.DAY + timedelta(days=7), mailoutbox)
        assert "Action 1 (Paul Exemple, pour le" in mails[-1].body
        assert "/conventions/actions/?toutes" in mails[-1].body

    def test_nothing_once_they_are_done(self, meeting: SteeringMeeting, officer: User, mailoutbox: list[Any]) -> None:
        assert self.run(0) == 1
        with at(self.DAY, "02:00"):
            for action in meeting.actions.all():
                complete_action(action.pk, officer)
        assert read_in_the_morning(self.DAY, mailoutbox) == []
        assert self.run(40) == 0

    def test_a_long_list_says_how_many_it_leaves_out(self, convention: PartnershipConvention, officer: User) -> None:
        with at(LONG_BEFORE):
            met(convention, officer, *[self.DAY - timedelta(days=1)] * 15, *[self.DAY] * 10)
        self.run(0)
        context = Mail.objects.get(kind=ACTIONS).context
        assert (len(context["late"]), len(context["coming"])) == (15, 5)
        assert context["hidden"].replace("\N{NO-BREAK SPACE}", " ") == "5 autres actions"

    def test_the_search_costs_the_same_whatever_the_number(
        self, meeting: SteeringMeeting, officer: User, django_assert_num_queries: Any
    ) -> None:
        self.run(0)
        with at(self.DAY), django_assert_num_queries(3):
            remind_of_actions()
        with at(LONG_BEFORE):
            met(archived(officer, **DATES), officer, self.DAY, self.DAY)
        with at(self.DAY), django_assert_num_queries(3):
            remind_of_actions()


def test_the_timed_task_tells_both(officer: User, convention: PartnershipConvention) -> None:
    with at(LONG_BEFORE):
        met(convention, officer, before(10))
    load_tasks()
    with at(before(30)):
        app.tasks["partnerships.remind"].apply(throw=True)
    assert set(Mail.objects.values_list("kind", flat=True)) == {DEADLINE, ACTIONS}


def test_an_address_that_cannot_be_written_to_stops_nobody_else(
    officer: User, second_officer: User, convention: PartnershipConvention
) -> None:
    with at(LONG_BEFORE):
        archived(second_officer, **DATES)
    User.objects.filter(pk=officer.pk).update(email="pas une adresse")
    with at(before(30)):
        assert remind_of_deadlines() == 1
    assert [name for name, _ in told()] == [second_officer.full_name]
