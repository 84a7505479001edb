"""Load offers of places and approaches, by the operations of those who would write them."""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.hosting_facts import APPROACHES, COMPANY, OFFERS, REGION, Contacted, Offer
from e2c_portal.demo.seed.internship_facts import HOSTS
from e2c_portal.demo.seed.trainees import coordinator_at, school_at, trainee_named
from e2c_portal.kernel.french import typeset
from partnerships.models import Establishment
from trainees.models import Approach, InternshipOffer, Trade
from trainees.operations.hosting import note_approach, propose_offer, save_offer, settle_approach, take_place


def load_offers(officer: User) -> int:
    """Write the offers that are missing, and put on them the internships that answer them. Returns how many."""
    return sum(_offer(offer, officer) for offer in OFFERS)


def load_approaches() -> int:
    """Write the approaches that are missing. Returns how many."""
    return sum(_approach(contacted) for contacted in APPROACHES)


@transaction.atomic
def _offer(told: Offer, officer: User) -> int:
    place, host = _place(told.host), HOSTS[told.host]
    if InternshipOffer.objects.filter(establishment=place, prerequisites=typeset(told.prerequisites)).exists():
        return 0
    first = timezone.localdate() + timedelta(days=told.starts)
    offer = InternshipOffer(
        establishment=place, trade=Trade.objects.get(code=host.trade, dataset__is_current=True), places=told.places,
        starts_on=first, ends_on=first + timedelta(days=told.lasts), takes_minors=told.takes_minors,
        prerequisites=typeset(told.prerequisites), contact=place.contacts.get(full_name=host.tutor),
    )  # fmt: skip
    if told.told_to == COMPANY:
        propose_offer(offer, place.contacts.get(full_name=host.tutor).pk, uuid4())
    elif told.told_to == REGION:
        save_offer(offer, officer)
    else:
        offer.school = school_at(told.told_to)
        save_offer(offer, coordinator_at(told.told_to))
    for name in told.taken_by:
        stay = trainee_named(*name).internships.get(establishment=place)
        take_place(offer.pk, stay.pk, coordinator_at(host.city))
    return 1


@transaction.atomic
def _approach(told: Contacted) -> int:
    place, school, actor = _place(told.host), school_at(told.city), coordinator_at(told.city)
    if Approach.objects.filter(establishment=place, school=school, note=typeset(told.note)).exists():
        return 0
    today = timezone.localdate()
    approach = Approach(
        school=school, establishment=place, contact=place.contacts.get(full_name=HOSTS[told.host].tutor),
        trainee=trainee_named(*told.trainee) if told.trainee else None, made_on=today - timedelta(days=told.ago),
        trade=Trade.objects.get(code=HOSTS[told.host].trade, dataset__is_current=True), means=told.means, answer=told.answer,
        note=typeset(told.note), next_action=typeset(told.next_action),
        next_on=None if told.next_in is None else today + timedelta(days=told.next_in),
    )  # fmt: skip
    note_approach(approach, actor)
    if told.settled:
        settle_approach(approach.pk, actor)
    return 1


def _place(host: str) -> Establishment:
    return Establishment.objects.get(company__legal_name=typeset(HOSTS[host].name))
