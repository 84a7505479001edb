"""Planning, revising and moving internships: what is refused, by whom, and that nothing typed or planned is lost."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from partnerships.models import CompanyContact
from schools.models import School
from schools.scope import scope_of
from tests.factories.internships import FRIDAY, drafted_for, planned, said_signed
from tests.factories.network import member_of
from tests.factories.people import person
from tests.factories.timetables import MONDAY, full_weeks, timetable
from tests.factories.trainees import MINOR, host, representative_of, trainee_in, tutor_at
from trainees.models import DangerousWorkDerogation, Internship, InternshipAgreement, ScheduleDay, Suspension, Trainee
from trainees.operations.derogations import record_derogation
from trainees.operations.internships import Unlawful, move_internship, plan_internship, revise_internship
from trainees.operations.lapsing import lapse_agreements
from trainees.reads.legality import examine, findings_of
from trainees.reads.visible import internship_known_to

pytestmark = pytest.mark.django_db
WEEKS = full_weeks(MONDAY, FRIDAY)


@pytest.fixture
def trainee(school: School, coordinator: User) -> Trainee:
    return trainee_in(school, coordinator, last_name="Pons", first_name="Léa")


def rules_of(internship: Internship, stints: list | None = None) -> list[str]:
    return [finding.rule for finding in examine(internship, WEEKS if stints is None else stints)]


class TestPlanning:
    def test_it_is_saved_with_its_days_and_its_hours(self, trainee: Trainee, coordinator: User) -> None:
        internship = planned(trainee, coordinator, accepted=True)
        assert (internship.status, internship.days.count()) == ("accepted", 10)
        assert (internship.company_minutes, internship.school_minutes) == (70 * 60, 0)
        assert findings_of(internship) == []
        assert Entry.objects.filter(action="internship.planned").count() == 1

    def test_an_unlawful_one_is_never_saved_and_says_each_rule(self, trainee: Trainee, coordinator: User) -> None:
        with pytest.raises(Unlawful) as refusal:
            planned(trainee, coordinator, stints=timetable("L-V 8-14,14h20-19"))
        assert {finding.rule for finding in refusal.value.findings} == {"day_hours", "week_hours"}
        assert all("code du travail" in told for told in refusal.value.details)
        assert not Internship.objects.exists()

    def test_another_school_may_not(
        self, trainee: Trainee, other_school: School, officer: User, auditor: User, coordinator: User
    ) -> None:
        draft = drafted_for(trainee, coordinator)
        for somebody in (member_of(other_school, officer), auditor, officer, person()):
            with pytest.raises(NotAllowed):
                plan_internship(draft, WEEKS, somebody)

    def test_overlapping_is_refused_with_the_other_named(self, trainee: Trainee, coordinator: User) -> None:
        first = planned(trainee, coordinator)
        with pytest.raises(Unlawful, match="corrigez") as refusal:
            planned(trainee, coordinator, starts_on=FRIDAY, ends_on=FRIDAY, stints=full_weeks(FRIDAY, FRIDAY))
        assert str(first.establishment.company) in refusal.value.details[0]
        move_internship(first.pk, "cancel", coordinator, reason="L’entreprise renonce")
        assert planned(trainee, coordinator).pk

    def test_a_new_tutor_is_recorded_with_it(self, trainee: Trainee, coordinator: User) -> None:
        draft = drafted_for(trainee, coordinator, tutor=None, host_signatory=None)
        newcomer = CompanyContact(full_name="Ana Neuve", email="ana@entreprise.invalid")
        made = plan_internship(draft, WEEKS, coordinator, newcomer=newcomer)
        assert (made.tutor, made.host_signatory) == (newcomer, newcomer)
        assert newcomer.establishment == made.establishment

    def test_a_refusal_leaves_no_tutor_behind(self, trainee: Trainee, coordinator: User) -> None:
        draft = drafted_for(trainee, coordinator)
        with pytest.raises(Unlawful):
            plan_internship(draft, timetable("D 9-12"), coordinator, newcomer=CompanyContact(full_name="Ana Neuve"))
        assert not CompanyContact.objects.filter(full_name="Ana Neuve").exists()


class TestFacts:
    def test_a_lawful_one_has_nothing_against_it(self, trainee: Trainee, coordinator: User) -> None:
        assert rules_of(drafted_for(trainee, coordinator)) == []

    def test_no_day(self, trainee: Trainee, coordinator: User) -> None:
        assert rules_of(drafted_for(trainee, coordinator), []) == ["no_days"]
        assert rules_of(drafted_for(trainee, coordinator), timetable("L 9-12 @école")) == ["no_days"]

    def test_a_day_outside_its_dates(self, trainee: Trainee, coordinator: User) -> None:
        draft = drafted_for(trainee, coordinator, ends_on=MONDAY)
        assert rules_of(draft, timetable("L,M 9-12")) == ["outside_internship"]

    def test_outside_the_pathway(self, trainee: Trainee, coordinator: User) -> None:
        draft = drafted_for(trainee, coordinator)
        draft.pathway.planned_ends_on = FRIDAY - timedelta(days=1)
        assert rules_of(draft) == ["outside_pathway"]

    def test_during_a_suspension(self, trainee: Trainee, coordinator: User) -> None:
        draft = drafted_for(trainee, coordinator)
        Suspension.objects.create(pathway=draft.pathway, starts_on=FRIDAY, reason="Santé")
        assert rules_of(draft) == ["suspended"]

    def test_a_tutor_of_another_firm(self, trainee: Trainee, coordinator: User) -> None:
        assert rules_of(drafted_for(trainee, coordinator, tutor=tutor_at(host()))) == ["tutor_elsewhere"]

    def test_a_tutor_who_left_or_leaves(self, trainee: Trainee, coordinator: User) -> None:
        draft = drafted_for(trainee, coordinator)
        draft.tutor.left_on = FRIDAY
        assert rules_of(draft) == ["contact_left"]
        draft.tutor.left_on = FRIDAY + timedelta(days=1)
        assert rules_of(draft) == []

    def test_a_closed_place(self, trainee: Trainee, coordinator: User) -> None:
        draft = drafted_for(trainee, coordinator)
        draft.establishment.closed_on = FRIDAY
        assert rules_of(draft) == ["closed_establishment"]

    @pytest.mark.parametrize("who", ["trainee", "tutor", "school_signatory"])
    def test_one_address_for_two_people(self, trainee: Trainee, coordinator: User, who: str) -> None:
        draft = drafted_for(trainee, coordinator)
        getattr(draft, who).email = draft.host_signatory.email.upper()
        assert rules_of(draft) == ["same_email"]

    def test_the_tutor_may_sign_and_the_referent_too(self, trainee: Trainee, coordinator: User) -> None:
        draft = drafted_for(trainee, coordinator)
        draft.host_signatory = draft.tutor
        assert rules_of(draft) == []

    def test_a_minor_without_representative(self, school: School, coordinator: User) -> None:
        minor = trainee_in(school, coordinator, birth_date=MINOR)
        draft = drafted_for(minor, coordinator)
        assert rules_of(draft) == ["no_representative"]
        parent = representative_of(minor, coordinator)
        assert rules_of(draft) == []
        parent.email = minor.email
        parent.save()
        assert rules_of(draft) == ["same_email"]

    def test_dangerous_work_of_a_minor(self, school: School, coordinator: User) -> None:
        minor = trainee_in(school, coordinator, birth_date=MINOR)
        representative_of(minor, coordinator)
        draft = drafted_for(minor, coordinator, dangerous_works=True)
        assert rules_of(draft) == ["dangerous_work"]
        draft.dangerous_work = _derogation(draft, school, coordinator, MONDAY, FRIDAY - timedelta(days=1))
        assert rules_of(draft) == ["dangerous_work"]
        draft.dangerous_work = _derogation(draft, school, coordinator, MONDAY, FRIDAY)
        assert rules_of(draft) == []
        draft.establishment = host()
        draft.tutor = draft.host_signatory = None
        assert rules_of(draft) == ["dangerous_work"]

    def test_a_pmsmp_needs_a_delegation_and_a_month_at_most(self, trainee: Trainee, coordinator: User) -> None:
        assert rules_of(drafted_for(trainee, coordinator, regime="pmsmp")) == ["pmsmp_delegation"]

    def test_a_derogation_lasts_three_years(self, trainee: Trainee, school: School, coordinator: User) -> None:
        draft = drafted_for(trainee, coordinator)
        with pytest.raises(Refused, match="3 ans au plus"):
            _derogation(draft, school, coordinator, MONDAY, date(2029, 11, 17))


def _derogation(draft: Internship, school: School, actor: User, first: date, last: date) -> DangerousWorkDerogation:
    row = DangerousWorkDerogation(
        establishment=draft.establishment, declared_on=first, expires_on=last, works="Machines", reference="AR 1"
    )
    return record_derogation(row, school, actor)


class TestLife:
    def test_it_changes_until_it_is_put_to_signature(self, trainee: Trainee, coordinator: User) -> None:
        internship = planned(trainee, coordinator, accepted=True)
        internship.activities = "Tenue de la caisse."
        shorter = full_weeks(MONDAY, FRIDAY, end=time(16))
        revise_internship(internship, shorter, internship.revision, coordinator)
        assert Internship.objects.get().company_minutes == 60 * 60
        with pytest.raises(Overtaken):
            revise_internship(internship, WEEKS, 1, coordinator)
        said_signed(internship)
        with pytest.raises(Refused, match="avenant"):
            revise_internship(internship, WEEKS, internship.revision, coordinator)

    def test_a_revision_may_not_break_the_law(self, trainee: Trainee, coordinator: User) -> None:
        internship = planned(trainee, coordinator)
        with pytest.raises(Unlawful):
            revise_internship(internship, timetable("L-V 8-14,14h20-19"), internship.revision, coordinator)
        assert ScheduleDay.objects.count() == 10

    def test_cancelling_lets_the_agreement_lapse(self, trainee: Trainee, coordinator: User) -> None:
        internship = planned(trainee, coordinator, accepted=True)
        InternshipAgreement.objects.create(internship=internship, version=1, created_by=coordinator)
        move_internship(internship.pk, "cancel", coordinator, reason="L’entreprise ferme")
        assert InternshipAgreement.objects.get().status == "lapsed"
        assert lapse_agreements(internship, "Encore", coordinator) == []

    def test_a_cancellation_says_why(self, trainee: Trainee, coordinator: User) -> None:
        internship = planned(trainee, coordinator)
        with pytest.raises(Refused, match="motif"):
            move_internship(internship.pk, "cancel", coordinator)

    def test_the_second_to_move_is_told(self, trainee: Trainee, coordinator: User) -> None:
        internship = planned(trainee, coordinator)
        move_internship(internship.pk, "accept", coordinator, seen_state="prospected")
        with pytest.raises(Overtaken):
            move_internship(internship.pk, "cancel", coordinator, seen_state="prospected", reason="Trop tard")

    def test_it_is_never_signed_without_its_agreement(self, trainee: Trainee, coordinator: User) -> None:
        internship = planned(trainee, coordinator, accepted=True)
        with pytest.raises(Refused) as refusal:
            move_internship(internship.pk, "record_signature", coordinator)
        assert "toutes les personnes" in refusal.value.details[0]
        with pytest.raises(IntegrityError, match="n’est pas signée"), transaction.atomic():
            Internship.objects.filter(pk=internship.pk).update(status="signed")

    def test_a_rupture_frees_the_days_after_it(self, trainee: Trainee, coordinator: User) -> None:
        internship = said_signed(planned(trainee, coordinator, accepted=True))
        facts = {"ended_early_on": MONDAY, "broken_by": "host"}
        move_internship(internship.pk, "break_off", coordinator, reason="Désaccord", facts=facts)
        later = MONDAY + timedelta(days=7)
        assert planned(trainee, coordinator, starts_on=later, ends_on=FRIDAY, stints=full_weeks(later, FRIDAY)).pk


DAYS = st.integers(0, 40)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(["plan", "cancel", "revise"]), DAYS, st.integers(0, 12)), max_size=6))
def test_no_sequence_of_operations_makes_two_overlap(
    steps: list[tuple[str, int, int]], trainee: Trainee, coordinator: User
) -> None:
    with transaction.atomic():
        place = host()
        for name, start, length in steps:
            first = MONDAY + timedelta(days=start)
            dates = {"starts_on": first, "ends_on": first + timedelta(days=length)}
            _try(lambda name=name, dates=dates: _step(name, dates, trainee, coordinator, place))
        taken = sorted(Internship.objects.taking_days().values_list("starts_on", "last_day"))
        assert all(before[1] < after[0] for before, after in zip(taken, taken[1:], strict=False))
        transaction.set_rollback(True)


def _try(operation: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            operation()
    except Refused:
        pass


def _step(name: str, dates: dict[str, date], trainee: Trainee, actor: User, place: object) -> None:
    days = full_weeks(dates["starts_on"], dates["ends_on"])
    last = Internship.objects.taking_days().order_by("-pk").first()
    if name == "plan" or last is None:
        planned(trainee, actor, place, stints=days, **dates)
    elif name == "cancel":
        move_internship(last.pk, "cancel", actor, reason="Essai")
    else:
        last.starts_on, last.ends_on = dates["starts_on"], dates["ends_on"]
        revise_internship(last, days, last.revision, actor)


def test_out_of_scope_is_not_there(trainee: Trainee, other_school: School, officer: User, coordinator: User) -> None:
    internship = planned(trainee, coordinator)
    assert internship_known_to(scope_of(coordinator), internship.pk)
    assert internship_known_to(scope_of(member_of(other_school, officer)), internship.pk) is None
