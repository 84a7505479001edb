"""Load fictitious trainees, taken where they stand by the operations of the staff of their schools."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.demo.personas import PERSONAS
from e2c_portal.demo.seed.trainee_facts import OBJECTIVES, PEOPLE, PRESCRIBERS, REPRESENTATIVES, Person
from e2c_portal.kernel.search import fold
from partnerships.calendar import add_months
from schools.models import Membership, School, Site
from trainees.models import Exit, LegalRepresentative, Pathway, PathwayPhase, Prescriber, Referral, Trainee
from trainees.operations.exits import record_exit
from trainees.operations.pathway_parts import record_contract, save_profile, start_phase
from trainees.operations.pathways import move_pathway, open_pathway
from trainees.operations.people import register_trainee, save_representative
from trainees.operations.referrals import record_referral, save_prescriber

TRIAL = timedelta(days=28)
CONFIRMED = ("running", "suspended", "completed")


def load_trainees(officer: User) -> int:
    """Register the people who are missing. Returns how many."""
    return sum(_load(person, officer) for person in PEOPLE)


def coordinator_at(city: str) -> User:
    """Return the persona who coordinates the school of a city."""
    return _persona_at(city, Membership.Role.COORDINATOR)


def referent_at(city: str) -> User:
    """Return the referent of a school, its coordinator when the demonstration has none."""
    return _persona_at(city, Membership.Role.REFERENT, Membership.Role.COORDINATOR)


def school_at(city: str) -> School:
    """Return the school that has a site in a city."""
    return School.objects.filter(sites__city=city).distinct().get()


def trainee_named(first_name: str, last_name: str) -> Trainee:
    """Return a trainee of the demonstration by name."""
    return Trainee.objects.select_related("school").get(first_name=first_name, last_name=last_name)


def _persona_at(city: str, *roles: str) -> User:
    found = {persona.post: persona.email for persona in PERSONAS if persona.school == city}
    email = next(found[role] for role in roles if role in found)
    return User.objects.get(email__iexact=email)


@transaction.atomic
def _load(person: Person, officer: User) -> int:
    school, actor = school_at(person.school), coordinator_at(person.school)
    if Trainee.objects.filter(school=school, first_name=person.first_name, last_name=person.last_name).exists():
        return 0
    entered_on = working_day(timezone.localdate() - timedelta(days=person.entered))
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
    save_profile(pathway.pk, {"education_level": person.level, "worked_before": False, "driving_licence": False}, actor)
    _moved_on(pathway, person, actor)
    return 1


def registered(person: Person, school: School, entered_on: date, actor: User) -> Trainee:
    """Register somebody of that age on the day of their entry, with who answers for them."""
    mailbox = fold(f"{person.first_name}.{person.last_name}").replace(" ", "-")
    born = add_months(entered_on, -12 * person.age - 3)
    trainee = register_trainee(
        Trainee(
            school=school, first_name=person.first_name, last_name=person.last_name, gender=person.gender, birth_date=born,
            email=f"{mailbox}@exemple.invalid", phone="06 39 98 00 00", city=person.school,
        ),
        actor,
    )  # fmt: skip
    if person.representative:
        save_representative(
            LegalRepresentative(
                trainee=trainee, full_name=person.representative, quality=REPRESENTATIVES[person.representative],
                email=f"{fold(person.representative).replace(' ', '.')}@exemple.invalid", phone="06 39 98 00 01",
            ),
            actor,
        )  # fmt: skip
    return trainee


def referred(trainee: Trainee, person: Person, entered_on: date, actor: User, officer: User) -> None:
    """Record who sent somebody to the school, three weeks before they enter."""
    kind, name, city = PRESCRIBERS[person.school]
    prescriber = Prescriber.objects.filter(name=name, city=city).first()
    prescriber = prescriber or save_prescriber(Prescriber(kind=kind, name=name, city=city), officer)
    referred_on = min(entered_on, timezone.localdate()) - timedelta(days=21)
    record_referral(
        Referral(
            trainee=trainee, prescriber=prescriber, referred_on=referred_on, outcome=Referral.Outcome.ADMITTED,
            outcome_on=referred_on + timedelta(days=10),
        ),
        actor,
    )  # fmt: skip


def _moved_on(pathway: Pathway, person: Person, actor: User) -> None:
    """Take a pathway from its entry to where this person stands."""
    if person.stage == "planned":
        return
    move_pathway(pathway.pk, "arrive", actor)
    start_phase(pathway.pk, PathwayPhase.Kind.INTEGRATION, pathway.entered_on, actor)
    if person.stage not in CONFIRMED:
        return
    record_contract(pathway.pk, {"signed_on": pathway.trial_ends_on, "objectives": OBJECTIVES}, None, actor)
    move_pathway(pathway.pk, "confirm", actor)
    start_phase(pathway.pk, PathwayPhase.Kind.EMERGENCE, pathway.trial_ends_on + timedelta(days=1), actor)
    if person.stage == "suspended":
        facts = {"day": timezone.localdate() - timedelta(days=6)}
        move_pathway(pathway.pk, "suspend", actor, reason="Démarches familiales", facts=facts)
    if person.stage == "completed":
        move_pathway(pathway.pk, "complete", actor, facts={"ended_on": pathway.planned_ends_on})
        facts = {
            "category": Exit.Category.QUALIFYING,
            "training": "Formation qualifiante (exemple)",
            "evidence": Exit.Evidence.DECLARED,
        }
        record_exit(pathway.pk, facts, None, actor)


def working_day(day: date) -> date:
    """Return the day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day
