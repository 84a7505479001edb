"""Load the people of the last complete year and of the one before: entered, confirmed, gone, their exit and their calls noted.

Made by the operations of the staff of their schools, each on its day; the yearly report counts them as any other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.past_facts import AGES, FIRST_NAMES, GROUPS, LAST_NAMES, LEVELS, Ending
from e2c_portal.demo.seed.trainee_facts import OBJECTIVES, Person
from e2c_portal.demo.seed.trainees import coordinator_at, referent_at, referred, registered, school_at, working_day
from schools.models import Site
from trainees.models import Exit, FollowUp, Pathway, Trainee
from trainees.operations.exits import answer_follow_up, record_exit
from trainees.operations.pathway_parts import record_contract, save_profile
from trainees.operations.pathways import move_pathway, open_pathway

TRIAL, FIRST, BETWEEN, SHORTEST = timedelta(days=28), 8, 8, 110
# What they say on the telephone follows from their exit.
ANSWERS: dict[object, str] = {
    Exit.Category.QUALIFYING: FollowUp.Situation.TRAINING, Exit.Category.APPRENTICESHIP: FollowUp.Situation.WORK_STUDY,
    Exit.Category.JOB: FollowUp.Situation.JOB, Exit.Category.NONE: FollowUp.Situation.NONE,
}  # fmt: skip


@dataclass(frozen=True)
class Past:
    """Somebody of a past year: who, from when, and how it ended."""

    rank: int
    person: Person
    entered_on: date
    ending: Ending


def load_past_years(officer: User) -> int:
    """Register the people of the past years who are missing. Returns how many."""
    return sum(_load(past, officer) for past in _people())


def _people() -> Iterator[Past]:
    """Yield who entered when: one a week or so from January, in each school."""
    number, last = 0, timezone.localdate().year - 1
    for back, city, endings in GROUPS:
        for rank, ending in enumerate(ending for ending, count in endings for _ in range(count)):
            first_name, gender = FIRST_NAMES[number % len(FIRST_NAMES)]
            day = working_day(date(last - back, 1, FIRST) + timedelta(days=BETWEEN * rank))
            person = Person(
                first_name, LAST_NAMES[number], gender, AGES[number % len(AGES)], city, 0, lasts=SHORTEST + 7 * (rank % 9),
                level=LEVELS[rank % len(LEVELS)],
            )  # fmt: skip
            yield Past(rank, person, day, ending)
            number += 1


@transaction.atomic
def _load(past: Past, officer: User) -> int:
    person, entered_on = past.person, past.entered_on
    school, actor = school_at(person.school), coordinator_at(person.school)
    if Trainee.objects.filter(school=school, first_name=person.first_name, last_name=person.last_name).exists():
        return 0
    trainee = registered(person, school, entered_on, actor)
    referred(trainee, person, entered_on, actor, officer)
    pathway = open_pathway(
        Pathway(
            trainee=trainee, site=Site.objects.filter(school=school, closed_on=None).order_by("pk")[0],
            entered_on=entered_on, trial_ends_on=entered_on + TRIAL,
            planned_ends_on=entered_on + timedelta(days=person.lasts), referent=referent_at(person.school),
        ),
        actor,
    )  # fmt: skip
    facts = {"education_level": person.level, "worked_before": past.rank % 2 == 0, "driving_licence": False}
    save_profile(pathway.pk, facts, actor)
    move_pathway(pathway.pk, "arrive", actor)
    record_contract(pathway.pk, {"signed_on": pathway.trial_ends_on, "objectives": OBJECTIVES}, None, actor)
    move_pathway(pathway.pk, "confirm", actor)
    _end(pathway, past.ending, actor)
    _call(pathway, ANSWERS[past.ending.exit["category"]], actor)
    return 1


def _end(pathway: Pathway, ending: Ending, actor: User) -> None:
    reason = "Ne vient plus depuis trois semaines" if ending.move == "abandon" else ""
    move_pathway(pathway.pk, ending.move, actor, reason=reason, facts={"ended_on": pathway.planned_ends_on})
    record_exit(pathway.pk, ending.exit, None, actor)


def _call(pathway: Pathway, situation: str, actor: User) -> None:
    """Answer the calls whose day has come."""
    for call in FollowUp.objects.filter(pathway=pathway, due_on__lte=timezone.localdate()).order_by("due_on"):
        answer_follow_up(call.pk, {"situation": situation, "done_on": call.due_on, "note": ""}, None, actor)
