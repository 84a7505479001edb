"""Offers of places: the last one goes once, a cancelled internship gives its own back, companies propose theirs by link."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pgtrigger
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from partnerships.models import CompanyContact, Establishment
from partnerships.operations.space import grant_access
from schools.models import School
from schools.scope import scope_of
from tests.concurrency.together import at_once
from tests.factories.hosting import host_in, internship_at, offer_at
from tests.factories.network import member_of
from tests.factories.spaces import Space, link_received
from tests.factories.trainees import limits, trade, tutor_at
from trainees.models import Internship, InternshipOffer, OfferUse
from trainees.operations.hosting import (
    close_offer,
    give_place_back,
    propose_offer,
    save_offer,
    take_place,
    withdraw_offer,
)
from trainees.reads.offers import internships_that_may_take, offer_known_to, open_offers, state_of


def left_of(offer: InternshipOffer, user: User) -> int:
    found = offer_known_to(scope_of(user), offer.pk)
    assert found
    return found.left


@pytest.mark.django_db
def test_places_are_counted_down_and_given_back(school: School, coordinator: User) -> None:
    place = host_in("34172")
    offer = offer_at(place, coordinator, school, places=1)
    first, second = (internship_at(place, school, coordinator, starts_on=timezone.localdate()) for _ in range(2))
    take_place(offer.pk, first.pk, coordinator)
    assert left_of(offer, coordinator) == 0
    assert not open_offers().exists()
    with pytest.raises(Refused, match="Toutes les places"):
        take_place(offer.pk, second.pk, coordinator)
    with pgtrigger.ignore("trainees.Internship:status_follows", "trainees.Internship:status_leaves_a_move"):
        Internship.objects.filter(pk=first.pk).update(status="cancelled")
        connection.check_constraints()
    assert left_of(offer, coordinator) == 1
    take_place(offer.pk, second.pk, coordinator)
    give_place_back(second.pk, coordinator)
    assert left_of(offer, coordinator) == 1


@pytest.mark.django_db
def test_the_database_refuses_by_itself(school: School, coordinator: User) -> None:
    place, elsewhere = host_in("34172"), host_in("34145")
    offer, other = offer_at(place, coordinator, school), offer_at(elsewhere, coordinator, school)
    stay = internship_at(place, school, coordinator, starts_on=timezone.localdate())

    def refused(match: str, **facts: object) -> None:
        with pytest.raises(IntegrityError, match=match), transaction.atomic():
            OfferUse.objects.create(taken_by=coordinator, internship=stay, **facts)

    refused("n’a pas lieu dans l’établissement", offer=other)
    take_place(offer.pk, stay.pk, coordinator)
    with pytest.raises(IntegrityError, match="plus de places"), transaction.atomic():
        InternshipOffer.objects.filter(pk=offer.pk).update(places=0)
    with pytest.raises(Refused, match="occupe déjà une place"):
        take_place(offer.pk, stay.pk, coordinator)
    close_offer(other.pk, "Pourvue", coordinator)
    with pytest.raises(IntegrityError, match="fermée"), transaction.atomic():
        OfferUse.objects.create(
            taken_by=coordinator, internship=internship_at(elsewhere, school, coordinator), offer=other
        )


@pytest.mark.django_db(transaction=True)
def test_the_last_place_goes_once(transactional_db: None, school: School, coordinator: User) -> None:
    limits()
    place = host_in("34172")
    offer = offer_at(place, coordinator, school, places=1)
    stays = [internship_at(place, school, coordinator, starts_on=timezone.localdate()) for _ in range(4)]
    outcomes = at_once([lambda pk=stay.pk: take_place(offer.pk, pk, coordinator) for stay in stays])
    assert sum(isinstance(outcome, OfferUse) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 3
    assert OfferUse.objects.count() == 1


@pytest.mark.django_db
def test_who_may_write_and_close(
    school: School, other_school: School, officer: User, coordinator: User, auditor: User, stranger: User
) -> None:
    place = host_in("34172")
    told = offer_at(place, officer)
    assert (told.school, told.recorded_by) == (None, officer)
    ours = offer_at(place, coordinator, school)
    neighbour = member_of(other_school, officer)
    for person in (auditor, stranger):
        with pytest.raises(NotAllowed):
            offer_at(place, person)
    with pytest.raises(NotAllowed):
        close_offer(ours.pk, "Pourvue", neighbour)
    with pytest.raises(NotAllowed):
        save_offer(InternshipOffer(establishment=place, school=school), neighbour)
    close_offer(ours.pk, "Pourvue", coordinator)
    with pytest.raises(Overtaken):
        close_offer(ours.pk, "Encore", officer)
    with pytest.raises(ValidationError, match="passée"):
        offer_at(place, coordinator, school, starts_on=date(2020, 1, 1), ends_on=date(2020, 2, 1))


@pytest.mark.django_db
def test_an_offer_says_where_it_stands(school: School, coordinator: User) -> None:
    offer = offer_at(host_in("34172"), coordinator, school)
    known = offer_known_to(scope_of(coordinator), offer.pk)
    assert known
    assert state_of(known).label == "Ouverte"
    assert state_of(known, timezone.localdate() + timedelta(days=60)).label == "Passée"


@pytest.mark.django_db
def test_a_stay_of_another_time_takes_no_place(school: School, coordinator: User) -> None:
    place = host_in("34172")
    offer = offer_at(place, coordinator, school)
    later = internship_at(place, school, coordinator, starts_on=offer.ends_on + timedelta(days=1))
    earlier = internship_at(place, school, coordinator, starts_on=date(2026, 9, 7))
    for stay in (later, earlier):
        with pytest.raises(Refused, match="n’a aucun jour pendant la période"):
            take_place(offer.pk, stay.pk, coordinator)
        assert stay not in internships_that_may_take(offer, scope_of(coordinator))
        with pytest.raises(IntegrityError, match="n’a aucun jour pendant la période"), transaction.atomic():
            OfferUse.objects.create(offer=offer, internship=stay, taken_by=coordinator)
    assert not OfferUse.objects.exists()


@pytest.mark.django_db
def test_a_stay_that_leaves_the_period_gives_its_place_back(school: School, coordinator: User) -> None:
    place = host_in("34172")
    offer = offer_at(place, coordinator, school, places=1)
    stay = internship_at(place, school, coordinator, starts_on=offer.starts_on)
    take_place(offer.pk, stay.pk, coordinator)
    rows, others = Internship.objects.filter(pk=stay.pk), InternshipOffer.objects.filter(pk=offer.pk)
    with pytest.raises(IntegrityError, match="rendez d’abord leur place"), transaction.atomic():
        others.update(starts_on=stay.ends_on + timedelta(days=1), ends_on=stay.ends_on + timedelta(days=9))
    others.update(ends_on=offer.ends_on + timedelta(days=30))
    rows.update(ends_on=stay.ends_on - timedelta(days=1))
    assert left_of(offer, coordinator) == 0, "it still has a day in the period"
    others.update(starts_on=stay.starts_on + timedelta(days=1))
    rows.update(ends_on=stay.starts_on)
    assert left_of(offer, coordinator) == 1


@pytest.mark.django_db
def test_another_school_takes_no_place_with_our_internships(
    school: School, other_school: School, officer: User, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    place = host_in("34172")
    offer = offer_at(place, coordinator, school)
    stay = internship_at(place, school, coordinator, starts_on=timezone.localdate())
    neighbour = client_of(member_of(other_school, officer))
    take = reverse("trainees:offer_take", args=[offer.pk])
    neighbour.post(take, {"stage": stay.pk})
    assert not OfferUse.objects.exists()
    client_of(coordinator).post(take, {"stage": stay.pk})
    assert OfferUse.objects.get().internship == stay
    page = neighbour.get(reverse("trainees:offer", args=[offer.pk])).content.decode().replace("\xa0", " ")
    assert "1 place prise par une autre école" in page
    assert stay.trainee.last_name not in page
    give = reverse("trainees:offer_give_back", args=[offer.pk])
    assert neighbour.post(give, {"stage": stay.pk}).status_code == 404
    client_of(coordinator).post(give, {"stage": stay.pk})
    assert not OfferUse.objects.exists()


@pytest.mark.django_db
def test_an_offer_is_recorded_once_from_the_page(
    school: School, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    place, today = host_in("34172"), timezone.localdate()
    trade()
    client, url = client_of(coordinator), reverse("trainees:offer_new", args=[place.pk])
    token = client.get(url).context["form"].initial["form_token"]
    typed = {
        "trade": "cuisine", "places": "2", "starts_on": today, "ends_on": today, "takes_minors": "yes", "form_token": token,
        "contact": tutor_at(place).pk,
    }  # fmt: skip
    assert client.post(url, {**typed, "trade": "licorne"}).status_code == 422
    assert client.post(url, typed).status_code == client.post(url, typed).status_code == 302
    offer = InternshipOffer.objects.get()
    assert (offer.school, offer.trade.code, offer.takes_minors) == (school, "G1602", "yes")
    listed = client.get(reverse("trainees:offers"), {"voir": "mineurs", "q": "cuisine"}).content.decode()
    assert "Personnel de cuisine" in listed
    assert "G1602" in client.get(reverse("exports:export", args=["offres-de-stage", "csv"])).getvalue().decode(
        "utf-8-sig"
    )


@pytest.mark.django_db
def test_a_company_proposes_by_its_link(officer: User, coordinator: User) -> None:
    place, foreign = host_in("34172", "Fabrique"), host_in("34145", "Ailleurs")
    trade()
    contact = CompanyContact.objects.get(pk=tutor_at(place).pk)
    grant_access(contact.pk, officer)
    space = Space(contact, link_received(contact.email))
    assert "Proposer des places de stage" in space.text()
    today = timezone.localdate()
    typed = {"establishment": place.pk, "trade": "cuisine", "places": 3, "starts_on": today, "ends_on": today}
    assert space.post("places/", {**typed, "establishment": foreign.pk}).status_code == 422
    assert space.post("places/", {**typed, "prerequisites": "1 85 05 78 006 084 36"}).status_code == 422
    key = space.key("places/")
    for _ in range(2):
        assert space.post("places/", {**typed, "form_key": key}).status_code == 303
    offer = InternshipOffer.objects.get()
    assert (offer.proposed_by, offer.recorded_by, offer.places) == (contact, None, 3)
    assert left_of(offer, coordinator) == 3
    theirs = offer_at(foreign, officer)
    assert space.post("places/", {"retirer": theirs.pk}).status_code == 404
    assert space.post("places/", {"retirer": offer.pk}).status_code == 303
    offer.refresh_from_db()
    assert offer.closed_on == today
    with pytest.raises(Refused):
        withdraw_offer(theirs.pk, contact.pk)


@pytest.mark.django_db
def test_somebody_who_left_proposes_nothing(officer: User) -> None:
    place = host_in("34172")
    contact = tutor_at(place)
    CompanyContact.objects.filter(pk=contact.pk).update(left_on=date(2020, 1, 1))
    day = timezone.localdate()
    offer = InternshipOffer(
        establishment=Establishment.objects.get(pk=place.pk), trade=trade(), starts_on=day, ends_on=day
    )
    with pytest.raises(Refused, match="plus un contact"):
        propose_offer(offer, contact.pk, uuid4())


@pytest.mark.django_db
def test_the_list_costs_the_same(
    school: School, coordinator: User, client_of: Callable[[User], Client], same_query_count: Callable[..., int]
) -> None:
    client = client_of(coordinator)
    offer_at(host_in("34172"), coordinator, school)
    same_query_count(
        lambda: client.get(reverse("trainees:offers")), lambda: offer_at(host_in("34172"), coordinator, school)
    )


@pytest.mark.django_db
def test_the_list_counts_no_further_than_it_shows(
    school: School, coordinator: User, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    day = timezone.localdate()
    place = host_in("34172")
    late, soon, next_one = (offer_at(place, coordinator, school) for _ in range(3))
    InternshipOffer.objects.filter(pk=late.pk).update(
        starts_on=day + timedelta(days=9), ends_on=day + timedelta(days=30)
    )
    listed = client_of(coordinator).get(reverse("trainees:offers"))
    assert list(listed.context["page_obj"]) == [soon, next_one, late]
    monkeypatch.setattr("e2c_portal.ui.pages.COUNTED_UP_TO", 2)
    capped = client_of(coordinator).get(reverse("trainees:offers"))
    assert "Plus de 2 offres" in capped.content.decode()
    assert list(capped.context["page_obj"]) == [soon, next_one]
