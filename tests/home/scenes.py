"""A day of a school in which everything waits, once: what the first page of each post is tried on."""

from datetime import date, timedelta

from django.utils import timezone

from e2c_portal.accounts.models import User
from schools.models import Membership, School
from tests.factories.agreements import accepted_internship, sent
from tests.factories.attendance import stay
from tests.factories.hosting import approach_at, visit_of
from tests.factories.network import member_of
from tests.factories.skills import assessment_of
from tests.factories.trainees import host, pathway_of, trainee_in
from trainees.models import (
    AccidentReport,
    AttendanceHalfDay,
    FollowUp,
    Internship,
    Pathway,
    TraineeTransfer,
    TutorReport,
)
from trainees.operations.accidents import open_accident
from trainees.reads.unnoted import last_school_days

DAY = timedelta(days=1)


def team_of(school: School, officer: User, name: str) -> dict[str, User]:
    """Return one person for each post of a school."""
    return {role: member_of(school, officer, f"{name} {role}", role) for role in Membership.Role.values}


def busy_day(school: School, team: dict[str, User], from_school: School, their_team: dict[str, User]) -> None:
    """Make one of each thing that may wait in a school."""
    today, actor = timezone.localdate(), team["coordinator"]
    rows = [_arrived(school, actor, team["referent"], today) for _ in range(4)]
    started = stay(rows[0], actor, today - 3 * DAY, today + 9 * DAY)
    stay(rows[1], actor, today + 2 * DAY, today + 12 * DAY)
    Internship.objects.create(
        trainee=rows[2].trainee, school=school, pathway=rows[2], establishment=host(), kind="discovery", created_by=actor,
        starts_on=today + 20 * DAY, ends_on=today + 30 * DAY,
    )  # fmt: skip
    sent(accepted_internship(school, team["director"]), team["director"])
    _accident(rows[3], actor)
    _absence(rows[3], actor, today)
    assessment_of(started, due_on=today - DAY)
    visit_of(started, team["company_relations"], planned_on=today)
    approach_at(started.establishment, school, actor, made_on=today - 5 * DAY, next_on=today - DAY)
    TutorReport.objects.create(
        internship=started, school=school, contact=started.tutor, day=today, kind="absence", halves="am"
    )
    FollowUp.objects.create(pathway=rows[3], months=3, due_on=today - 2 * DAY)
    theirs = their_team["coordinator"]
    TraineeTransfer.objects.create(
        trainee=trainee_in(from_school, theirs),
        from_school=from_school,
        to_school=school,
        asked_by=theirs,
        leaves_on=today,
        reason="Déménagement",
    )


def _arrived(school: School, actor: User, referent: User, today: date) -> Pathway:
    pathway = pathway_of(trainee_in(school, actor), actor, entered_on=today - 60 * DAY, ends_on=today + 120 * DAY)
    Pathway.objects.filter(pk=pathway.pk).update(referent=referent)
    return Pathway.objects.get(pk=pathway.pk)


def _accident(pathway: Pathway, actor: User) -> None:
    known = timezone.now() - timedelta(hours=1)
    open_accident(AccidentReport(
        pathway=pathway, school=pathway.school, trainee=pathway.trainee, place="school", place_words="Atelier",
        occurred_at=known, known_at=known, circumstances="A glissé", injuries="Bosse au front",
    ), actor)  # fmt: skip


def _absence(pathway: Pathway, actor: User, today: date) -> None:
    day = last_school_days([pathway.school], today)[pathway.school_id]
    AttendanceHalfDay.objects.create(
        pathway=pathway, trainee=pathway.trainee, school=pathway.school, day=day, half="am", state="absent", place="school",
        minutes=210, recorded_by=actor,
    )  # fmt: skip
