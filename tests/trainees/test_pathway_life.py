"""The life of a pathway by its operations: days, phases, contract, referent, suspensions, reopening; refusals first."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import NotAllowed, Overtaken, PortalError, Refused
from partnerships.models import Establishment
from schools.models import Membership, School
from tests.factories.network import member_of
from tests.factories.trainees import host, pathway_of, site_of, trainee_in
from trainees.life import pathways as life
from trainees.models import Exit, FollowUp, Internship, Pathway, Suspension
from trainees.operations.exits import record_exit
from trainees.operations.pathway_parts import record_contract, save_profile, start_phase
from trainees.operations.pathways import move_pathway, name_referent, open_pathway, replan_pathway

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = timedelta(days=1)
ENTERED = TODAY - 40 * DAY
CONTRACT = {"signed_on": ENTERED + 20 * DAY, "objectives": "Un métier de la cuisine"}


@pytest.fixture
def on_trial(school: School, coordinator: User) -> Pathway:
    pathway = pathway_of(trainee_in(school, coordinator), coordinator, entered_on=ENTERED, ends_on=TODAY + 100 * DAY)
    Pathway.objects.filter(pk=pathway.pk).update(trial_ends_on=ENTERED + 21 * DAY)
    pathway.refresh_from_db()
    return pathway


@pytest.fixture
def running(on_trial: Pathway, coordinator: User) -> Pathway:
    record_contract(on_trial.pk, CONTRACT, None, coordinator)
    return move_pathway(on_trial.pk, "confirm", coordinator)


def internship_of(pathway: Pathway, actor: User, *, until: date, place: Establishment | None = None) -> Internship:
    return Internship.objects.create(
        trainee=pathway.trainee, school=pathway.school, pathway=pathway, establishment=place or host(), kind="discovery",
        starts_on=until - 5 * DAY, ends_on=until, created_by=actor,
    )  # fmt: skip


def test_a_pathway_ends_with_its_follow_ups_and_its_phase(running: Pathway, coordinator: User) -> None:
    start_phase(running.pk, "integration", ENTERED, coordinator)
    start_phase(running.pk, "emergence", ENTERED + 10 * DAY, coordinator)
    ended = move_pathway(running.pk, "complete", coordinator, facts={"ended_on": TODAY})
    assert [row.months for row in ended.follow_ups.all()] == [3, 6, 9, 12]
    assert ended.follow_ups.get(months=12).due_on.year == TODAY.year + 1
    first, second = ended.phases.all()
    assert (first.ends_on, second.ends_on) == (ENTERED + 9 * DAY, TODAY)
    assert ended.moves.first().effective_on == TODAY


def test_it_does_not_end_under_an_internship(running: Pathway, coordinator: User) -> None:
    internship_of(running, coordinator, until=TODAY + 10 * DAY)
    with pytest.raises(Refused) as refusal:
        move_pathway(running.pk, "complete", coordinator, facts={"ended_on": TODAY})
    assert "Un stage court" in refusal.value.details[0]
    with pytest.raises(Refused, match="la fin prévue ne peut pas le précéder"):
        replan_pathway(running.pk, {"planned_ends_on": TODAY + 9 * DAY}, 1, coordinator)
    assert replan_pathway(running.pk, {"planned_ends_on": TODAY + 10 * DAY}, 1, coordinator).revision == 2
    with pytest.raises(Overtaken):
        replan_pathway(running.pk, {"planned_ends_on": TODAY + 20 * DAY}, 1, coordinator)


@pytest.mark.parametrize("entered", [True, False])
def test_what_the_state_closed_is_not_replanned(on_trial: Pathway, coordinator: User, *, entered: bool) -> None:
    facts = {"entered_on": ENTERED + DAY} if entered else {"trial_ends_on": ENTERED + 30 * DAY}
    changed = replan_pathway(on_trial.pk, facts, 1, coordinator)
    assert changed.entered_on == ENTERED
    assert (changed.trial_ends_on == ENTERED + 30 * DAY) is not entered


def test_a_suspension_follows_the_state(running: Pathway, coordinator: User) -> None:
    for day, words in ((ENTERED - DAY, "avant l’entrée"), (TODAY + DAY, "le jour où elle commence")):
        with pytest.raises(Refused, match=words):
            move_pathway(running.pk, "suspend", coordinator, reason="Santé", facts={"day": day})
    move_pathway(running.pk, "suspend", coordinator, reason="Santé", facts={"day": TODAY - 10 * DAY})
    with pytest.raises(Refused, match="premier jour de la suspension"):
        move_pathway(running.pk, "resume", coordinator, facts={"day": TODAY - 10 * DAY})
    move_pathway(running.pk, "resume", coordinator, facts={"day": TODAY - 4 * DAY})
    row = Suspension.objects.get(pathway=running)
    assert (row.starts_on, row.ends_on, row.reason) == (TODAY - 10 * DAY, TODAY - 5 * DAY, "Santé")
    move_pathway(running.pk, "suspend", coordinator, reason="Logement", facts={"day": TODAY - 2 * DAY})
    with pytest.raises(Refused, match="son dernier jour ne peut pas précéder"):
        move_pathway(running.pk, "abandon", coordinator, reason="Parti", facts={"ended_on": TODAY - 3 * DAY})
    move_pathway(running.pk, "abandon", coordinator, reason="Parti", facts={"ended_on": TODAY})
    assert running.suspensions.first().ends_on == TODAY  # type: ignore[union-attr]


def test_an_exclusion_follows_its_days(running: Pathway, coordinator: User) -> None:
    days = {
        "summoned_on": TODAY - 9 * DAY,
        "interviewed_on": TODAY - 5 * DAY,
        "decided_on": TODAY - 4 * DAY,
        "ended_on": TODAY,
    }
    with pytest.raises(Refused) as refusal:
        move_pathway(running.pk, "exclude", coordinator, reason="Faute grave", facts=days)
    assert "un jour franc" in refusal.value.details[0]
    ended = move_pathway(
        running.pk, "exclude", coordinator, reason="Faute grave", facts=days | {"decided_on": TODAY - 3 * DAY}
    )
    assert ended.status == life.EXCLUDED
    assert ended.decided_on == TODAY - 3 * DAY


def test_reopening_takes_back_the_exit_and_the_follow_ups(
    running: Pathway, school: School, officer: User, coordinator: User
) -> None:
    move_pathway(running.pk, "complete", coordinator, facts={"ended_on": TODAY - 30 * DAY})
    record_exit(running.pk, {"category": "none", "evidence": "declared"}, None, coordinator)
    teacher = member_of(school, officer, "Rémi Prof", Membership.Role.REFERENT)
    with pytest.raises(NotAllowed):
        move_pathway(running.pk, "reopen", teacher, reason="Erreur")
    with pytest.raises(Refused, match="motif"):
        move_pathway(running.pk, "reopen", coordinator)
    again = move_pathway(running.pk, "reopen", coordinator, reason="Le contrat est rompu")
    assert (again.status, again.ended_on) == (life.RUNNING, None)
    assert not Exit.objects.exists()
    assert not FollowUp.objects.exists()
    assert "exit.erased" in {entry.action for entry in trail_of(running.trainee)}


def test_it_reopens_for_a_month_only(running: Pathway, coordinator: User) -> None:
    move_pathway(running.pk, "complete", coordinator, facts={"ended_on": TODAY - 31 * DAY})
    with pytest.raises(Refused) as refusal:
        move_pathway(running.pk, "reopen", coordinator, reason="Trop tard")
    assert "pouvait être rouvert" in refusal.value.details[0]


def test_a_pathway_left_in_trial_reopens_in_trial(on_trial: Pathway, coordinator: User) -> None:
    move_pathway(on_trial.pk, "leave_trial", coordinator, reason="Doute", facts={"ended_on": TODAY})
    with pytest.raises(Overtaken):
        move_pathway(on_trial.pk, "reopen", coordinator, reason="Revient")
    assert move_pathway(on_trial.pk, "reopen_trial", coordinator, reason="Revient").status == life.TRIAL


def test_phases_stay_inside_and_follow_one_another(running: Pathway, coordinator: User) -> None:
    with pytest.raises(Refused, match="pendant le parcours"):
        start_phase(running.pk, "integration", ENTERED - DAY, coordinator)
    start_phase(running.pk, "integration", TODAY - DAY, coordinator)
    with pytest.raises(Refused, match="la suivante vient après"):
        start_phase(running.pk, "emergence", TODAY - DAY, coordinator)


def test_the_contract_is_of_the_pathway(on_trial: Pathway, coordinator: User) -> None:
    for day in (ENTERED - DAY, TODAY + DAY):
        with pytest.raises(Refused, match="pendant le parcours"):
            record_contract(on_trial.pk, CONTRACT | {"signed_on": day}, None, coordinator)
    contract = record_contract(on_trial.pk, CONTRACT, None, coordinator)
    with pytest.raises(Overtaken):
        record_contract(on_trial.pk, CONTRACT, None, coordinator)
    assert record_contract(on_trial.pk, CONTRACT, contract.revision, coordinator).revision == 2


def test_a_referent_works_in_the_school(
    on_trial: Pathway, coordinator: User, officer: User, other_school: School
) -> None:
    with pytest.raises(Refused, match="travaille dans cette école"):
        name_referent(on_trial.pk, member_of(other_school, officer), coordinator)
    teacher = member_of(on_trial.school, officer, "Rémi Prof", Membership.Role.REFERENT)
    assert name_referent(on_trial.pk, teacher, coordinator).referent == teacher


def test_a_foreign_site_or_a_stranger_opens_nothing(
    school: School, other_school: School, coordinator: User, officer: User
) -> None:
    trainee = trainee_in(school, coordinator)
    days = {"entered_on": TODAY, "trial_ends_on": TODAY, "planned_ends_on": TODAY + 90 * DAY}
    with pytest.raises(Refused, match="site de cette école"):
        open_pathway(Pathway(trainee=trainee, site=site_of(other_school), **days), coordinator)
    with pytest.raises(NotAllowed):
        open_pathway(Pathway(trainee=trainee, site=site_of(school), **days), member_of(other_school, officer))


def test_the_profile_is_written_once(on_trial: Pathway, coordinator: User) -> None:
    save_profile(
        on_trial.pk, {"education_level": "infra_3", "qpv_code": "QN03401M", "qpv_vintage": "2024"}, coordinator
    )
    assert save_profile(on_trial.pk, {"education_level": "niveau_3"}, coordinator).qpv_code == "QN03401M"


def test_the_first_to_move_wins(on_trial: Pathway, coordinator: User) -> None:
    move_pathway(on_trial.pk, "suspend", coordinator, reason="Santé", seen_state=life.TRIAL)
    with pytest.raises(Overtaken):
        move_pathway(on_trial.pk, "suspend", coordinator, reason="Santé", seen_state=life.TRIAL)
    assert Suspension.objects.count() == 1


def test_the_database_lets_no_pathway_move_without_its_step(on_trial: Pathway) -> None:
    with pytest.raises(IntegrityError, match="sans trace"), transaction.atomic():
        _moved_by_hand(on_trial)


def _moved_by_hand(pathway: Pathway) -> None:
    Pathway.objects.filter(pk=pathway.pk).update(status=life.LEFT_IN_TRIAL, ended_on=TODAY)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_refusal_writes_nothing(running: Pathway, coordinator: User) -> None:
    with pytest.raises(PortalError):
        move_pathway(running.pk, "complete", coordinator, facts={"ended_on": TODAY + DAY})
    running.refresh_from_db()
    assert (running.status, running.ended_on, FollowUp.objects.count()) == (life.RUNNING, None, 0)
