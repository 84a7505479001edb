"""An internship that answers an offer of its company: chosen where it is written, one place taken with it, given back with it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from partnerships.models import Establishment
from schools.models import School
from tests.factories.hosting import host_in, offer_at
from tests.factories.internships import FRIDAY, drafted_for, planned
from tests.factories.timetables import MONDAY, full_weeks
from tests.factories.trainees import host, limits, pathway_of, trade, trainee_in
from tests.trainees.test_internship_pages import entry_url, sent
from trainees.models import Internship, InternshipOffer, OfferUse, Trainee
from trainees.operations.hosting import close_offer
from trainees.operations.internships import move_internship, plan_internship, revise_internship
from trainees.reads.offers import offers_to_answer, with_places

pytestmark = pytest.mark.django_db
DAYS = full_weeks(MONDAY, FRIDAY)


@pytest.fixture
def place() -> Establishment:
    return host()


@pytest.fixture
def trainee(school: School, coordinator: User) -> Trainee:
    limits()
    person = trainee_in(school, coordinator, last_name="Pons", first_name="Léa")
    pathway_of(person, coordinator, ends_on=date(2027, 6, 30))
    return person


@pytest.fixture
def client(coordinator: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(coordinator)


@pytest.fixture
def offer(place: Establishment, coordinator: User, school: School) -> InternshipOffer:
    """One place, from the Monday of the tests on."""
    return offer_of_one(place, coordinator, school)


def offer_of_one(place: Establishment, actor: User, school: School, **facts: object) -> InternshipOffer:
    return offer_at(place, actor, school, **{"places": 1, "starts_on": MONDAY} | facts)


def left_of(offer: InternshipOffer) -> int:
    return with_places(InternshipOffer.objects.filter(pk=offer.pk)).get().left


def answering(
    trainee: Trainee, actor: User, place: Establishment, offer: InternshipOffer, **facts: object
) -> Internship:
    return plan_internship(drafted_for(trainee, actor, place, **facts), DAYS, actor, offer_id=offer.pk)


def test_an_offer_leads_to_the_page_that_takes_its_place(
    trainee: Trainee, place: Establishment, offer: InternshipOffer, coordinator: User, client: Client
) -> None:
    towards = client.get(f"{reverse('trainees:host_internship', args=[place.pk])}?offre={offer.pk}").content.decode()
    assert f"?accueil={place.pk}&amp;offre={offer.pk}" in towards
    url = f"{entry_url(trainee, place)}&offre={offer.pk}"
    page = client.get(url)
    assert page.context["form"]["trade_text"].value() == str(trade())
    text = page.content.decode().replace("\xa0", " ")
    assert "Offre de l’entreprise à laquelle ce stage répond" in text
    assert "1 place libre" in text
    assert client.post(url, sent(page)).status_code == 302
    made = Internship.objects.get()
    assert (made.offer_use.offer, made.offer_use.taken_by, left_of(offer)) == (offer, coordinator, 0)
    assert reverse("trainees:offer", args=[offer.pk]) in client.get(made.get_absolute_url()).content.decode()
    move_internship(made.pk, "cancel", coordinator, reason="L’entreprise ne peut plus.")
    assert left_of(offer) == 1


def test_a_host_without_offer_asks_nothing(trainee: Trainee, place: Establishment, client: Client) -> None:
    page = client.get(entry_url(trainee, place))
    assert "Offre de l’entreprise" not in page.content.decode()
    assert client.post(entry_url(trainee, place), sent(page)).status_code == 302
    assert not OfferUse.objects.exists()


def test_what_can_be_answered_is_of_this_place_open_and_with_a_place_left(
    trainee: Trainee, place: Establishment, offer: InternshipOffer, school: School, coordinator: User
) -> None:
    closed = offer_of_one(place, coordinator, school)
    close_offer(closed.pk, "Pourvue", coordinator)
    offer_at(host_in("34172"), coordinator, school)
    over = offer_of_one(place, coordinator, school)
    InternshipOffer.objects.filter(pk=over.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert list(offers_to_answer(place)) == [offer]
    made = answering(trainee, coordinator, place, offer)
    assert list(offers_to_answer(place)) == []
    assert list(offers_to_answer(place, made.pk)) == [offer], "the page of a change still shows the one it is on"


@pytest.mark.parametrize("gone", ["taken", "closed", "elsewhere"])
def test_an_offer_that_cannot_be_answered_any_more_is_told_and_nothing_is_written(
    gone: str, trainee: Trainee, place: Establishment, offer: InternshipOffer, school: School, coordinator: User, client: Client
) -> None:  # fmt: skip
    data = sent(client.get(entry_url(trainee, place)), offer=offer.pk, activities="Mon texte à garder")
    if gone == "taken":
        answering(trainee_in(school, coordinator), coordinator, place, offer)
    elif gone == "closed":
        close_offer(offer.pk, "Pourvue", coordinator)
    else:
        data["offer"] = offer_at(host_in("34172"), coordinator, school).pk
    page = client.post(entry_url(trainee, place), data)
    assert page.status_code == 422
    assert "Cette offre n’a plus de place, ou n’est plus ouverte" in page.content.decode()
    assert "Mon texte à garder" in page.content.decode()
    assert not Internship.objects.filter(trainee=trainee).exists()


def test_an_internship_of_another_period_does_not_answer_it(
    trainee: Trainee, place: Establishment, school: School, coordinator: User, client: Client
) -> None:
    later = offer_of_one(place, coordinator, school, starts_on=FRIDAY + timedelta(days=1))
    with pytest.raises(ValidationError, match="qui commence entre le"):
        answering(trainee, coordinator, place, later)
    page = client.get(entry_url(trainee, place))
    monday = page.context["form"]["starts_on"].value()
    InternshipOffer.objects.filter(pk=later.pk).update(starts_on=monday + timedelta(days=1))
    refused = client.post(entry_url(trainee, place), sent(page, offer=later.pk))
    assert (refused.status_code, "qui commence entre le" in refused.content.decode()) == (422, True)
    assert (OfferUse.objects.count(), left_of(later)) == (0, 1)


def test_a_change_of_offer_or_of_host_gives_the_place_back(
    trainee: Trainee, place: Establishment, offer: InternshipOffer, school: School, coordinator: User, client: Client
) -> None:
    made = answering(trainee, coordinator, place, offer)
    other = offer_of_one(place, coordinator, school)
    url = reverse("trainees:internship_edit", args=[made.pk])
    page = client.get(url)
    assert page.context["form"]["offer"].value() == offer.pk
    assert client.post(url, sent(page)).status_code == 302
    assert (left_of(offer), left_of(other)) == (0, 1)
    assert client.post(url, sent(client.get(url), offer=other.pk)).status_code == 302
    assert (left_of(offer), left_of(other)) == (1, 0)
    elsewhere = planned(trainee_in(school, coordinator), coordinator, host_in("34172"))
    made.refresh_from_db()
    made.establishment, made.tutor, made.host_signatory = (
        elsewhere.establishment,
        elsewhere.tutor,
        elsewhere.host_signatory,
    )
    revise_internship(made, DAYS, made.revision, coordinator)
    assert (left_of(offer), left_of(other), OfferUse.objects.count()) == (1, 1, 0)


def test_the_database_gives_back_a_place_that_nobody_gave(
    trainee: Trainee, place: Establishment, offer: InternshipOffer, school: School, coordinator: User
) -> None:
    made = answering(trainee, coordinator, place, offer)
    elsewhere = host_in("34172")
    Internship.objects.filter(pk=made.pk).update(establishment=elsewhere, tutor=None, host_signatory=None)
    assert left_of(offer) == 1
