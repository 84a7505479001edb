"""Load the people of the last complete year and of the one before: entered, confirmed, gone, their exit and their calls noted.

Made by the operations of the staff of their schools, each on its day; the yearly report counts them as any other.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.past_facts import ENDINGS, GROUPS, LEVELS, NAMES, Ending
from e2c_portal.demo.seed.trainee_facts import OBJECTIVES, Person
from e2c_portal.demo.seed.trainees import coordinator_at, referent_at, referred, registered, school_at, working_day
from schools.models import Site
from trainees.models import FollowUp, Pathway, Trainee
from trainees.operations.exits import answer_follow_up, record_exit
from trainees.operations.pathway_parts import record_contract, save_profile
from trainees.operations.pathways import move_pathway, open_pathway

TRIAL, FIRST, BETWEEN, SHORTEST = timedelta(days=28), 12, 8, 110
ANSWERS = (FollowUp.Situation.TRAINING, FollowUp.Situation.JOB, FollowUp.Situation.WORK_STUDY, FollowUp.Situation.NONE)


def load_past_years(officer: User) -> int:
    """Register the people of the past years who are missing. Returns how many."""
    return sum(_load(rank, person, entered_on, officer) for rank, (person, entered_on) in enumerate(_people()))


def _people() -> Iterator[tuple[Person, date]]:
    """Yield who entered when: one a week or so from the middle of January, in each school."""
    names, last = iter(NAMES), timezone.localdate().year - 1
    for back, city, count in GROUPS:
        for rank in range(count):
            first_name, last_name, gender, age = next(names)
            day = working_day(date(last - back, 1, FIRST) + timedelta(days=BETWEEN * rank))
            level = LEVELS[rank % len(LEVELS)]
            yield Person(first_name, last_name, gender, age, city, 0, lasts=SHORTEST + 7 * (rank % 9), level=level), day


@transaction.atomic
def _load(rank: int, person: Person, entered_on: date, officer: User) -> int:
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
    facts = {"education_level": person.level, "worked_before": rank % 3 == 0, "driving_licence": False}
    save_profile(pathway.pk, facts, actor)
    move_pathway(pathway.pk, "arrive", actor)
    record_contract(pathway.pk, {"signed_on": pathway.trial_ends_on, "objectives": OBJECTIVES}, None, actor)
    move_pathway(pathway.pk, "confirm", actor)
    _end(pathway, ENDINGS[rank % len(ENDINGS)], actor)
    _call(pathway, ANSWERS[rank % len(ANSWERS)], actor)
    return 1


def _end(pathway: Pathway, ending: Ending, actor: User) -> None:
    reason = "Ne vient plus depuis trois semaines" if ending.move == "abandon" else ""
    move_pathway(pathway.pk, ending.move, actor, reason=reason, facts={"ended_on": pathway.planned_ends_on})
    record_exit(pathway.pk, ending.exit, None, actor)


def _call(pathway: Pathway, situation: str, actor: User) -> None:
    """Answer the calls whose day has come."""
    for call in FollowUp.objects.filter(pathway=pathway, due_on__lte=timezone.localdate()).order_by("due_on"):
        answer_follow_up(call.pk, {"situation": situation, "done_on": call.due_on, "note": ""}, None, actor)
