"""Hosts of the tests: communes with real centres, places in them, internships that took place, offers, approaches, visits."""

from datetime import date, timedelta

import pgtrigger
from django.utils import timezone

from e2c_portal.accounts.models import User
from partnerships.models import Establishment
from schools.models import School
from tests.factories.trainees import END, ENTRY, host, pathway_of, trade, trainee_in, tutor_at
from trainees.models import Approach, Commune, Internship, InternshipOffer, ReferenceDataset, Trainee, TutorVisit
from trainees.operations.hosting import note_approach, save_offer
from trainees.operations.visits import plan_visit

# Centres of the file that ships with the demonstration.
CENTRES = {
    "34172": ("Montpellier", "43.61341", "3.86931", "34000 34070 34080 34090"),
    "34057": ("Castelnau-le-Lez", "43.63659", "3.91173", "34170"),
    "34145": ("Lunel", "43.67915", "4.13472", "34400"),
    "30189": ("Nîmes", "43.84464", "4.34763", "30000 30900"),
    "66136": ("Perpignan", "42.69647", "2.89898", "66000 66100"),
}
UNDER_THE_LAW = ("trainees.Internship:status_starts", "trainees.Internship:days_of_its_pathway")


def communes() -> dict[str, Commune]:
    """Put five communes in service."""
    dataset, _ = ReferenceDataset.objects.get_or_create(
        kind=ReferenceDataset.Kind.COMMUNES, is_current=True,
        defaults={"vintage": "essais", "source": "essais", "licence": "essais", "is_sample": True},
    )  # fmt: skip
    for code, (name, latitude, longitude, postal) in CENTRES.items():
        facts = {"name": name, "latitude": latitude, "longitude": longitude, "postal_codes": postal}
        Commune.objects.get_or_create(dataset=dataset, code=code, defaults=facts)
    return {row.code: row for row in Commune.objects.filter(dataset=dataset)}


def host_in(code: str, name: str = "") -> Establishment:
    """Return an establishment in one of these communes."""
    place = host(name, city=CENTRES[code][0])
    Establishment.objects.filter(pk=place.pk).update(commune_code=code)
    place.refresh_from_db()
    return place


def internship_at(
    place: Establishment,
    school: School,
    actor: User,
    *,
    status: str = "signed",
    trainee: Trainee | None = None,
    **facts: object,
) -> Internship:
    """Write an internship in a state, without the papers that lead there: the parts that make them have their own tests."""
    person = trainee or trainee_in(school, actor)
    pathway = person.pathways.first() or pathway_of(person, actor, entered_on=ENTRY, ends_on=END)
    starts_on = facts.pop("starts_on", date(2026, 10, 5))
    known = {"ends_on": starts_on + timedelta(days=11), "kind": "discovery", "tutor": tutor_at(place)} | facts
    with pgtrigger.ignore(*UNDER_THE_LAW):
        return Internship.objects.create(
            trainee=person, school=school, pathway=pathway, establishment=place, starts_on=starts_on, status=status,
            created_by=actor, **known,
        )  # fmt: skip


def offer_at(place: Establishment, actor: User, school: School | None = None, **facts: object) -> InternshipOffer:
    """Record an offer of two places for the coming month."""
    today = timezone.localdate()
    known = {"places": 2, "starts_on": today, "ends_on": today + timedelta(days=30)} | facts
    known.setdefault("trade", trade())
    return save_offer(InternshipOffer(establishment=place, school=school, **known), actor)


def approach_at(place: Establishment, school: School, actor: User, **facts: object) -> Approach:
    """Note a call that is to be followed tomorrow."""
    today = timezone.localdate()
    known = {"made_on": today, "means": "call", "answer": "call_back", "next_on": today + timedelta(days=1)} | facts
    return note_approach(Approach(establishment=place, school=school, **known), actor)


def visit_of(internship: Internship, actor: User, **facts: object) -> TutorVisit:
    """Plan a visit for tomorrow."""
    known = {"planned_on": timezone.localdate() + timedelta(days=1), "visitor": actor} | facts
    return plan_visit(TutorVisit(internship=internship, **known), actor)
