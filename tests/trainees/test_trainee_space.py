"""A trainee's own page by personal link: their internships and nobody else's, whom to call, and a link that ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Refused
from schools.models import School
from tests.factories.network import member_of
from tests.factories.spaces import link_received
from tests.factories.trainees import trainee_in
from tests.trainees.scene import TODAY, internship_of, under_way
from trainees.models import Trainee
from trainees.operations.people import revise_trainee
from trainees.operations.trainee_space import grant_space, withdraw_space

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def trainee(school: School, coordinator: User) -> Trainee:
    pathway = under_way(school, coordinator, last_name="Alba", first_name="Inès")
    internship_of(pathway, coordinator, TODAY + DAY, TODAY + 9 * DAY)
    return pathway.trainee


def opened(trainee: Trainee, actor: User) -> str:
    """Send the link, open it as its holder does, and return the page."""
    grant_space(trainee.pk, actor)
    browser = Client()
    answer = browser.get(link_received(trainee.email), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_tells_where_when_and_whom_to_call(trainee: Trainee, coordinator: User) -> None:
    page = opened(trainee, coordinator)
    internship = trainee.internships.get()
    assert str(internship.establishment) in page
    assert internship.tutor.full_name in page
    assert coordinator.email in page
    assert "la convention n’est pas encore signée" in page.lower()
    assert "<script" not in page


def test_the_page_shows_nobody_else(trainee: Trainee, school: School, coordinator: User) -> None:
    internship_of(under_way(school, coordinator, last_name="Secret"), coordinator, TODAY + DAY, TODAY + 9 * DAY)
    assert "Secret" not in opened(trainee, coordinator)


def test_a_link_withdrawn_opens_no_more(trainee: Trainee, coordinator: User) -> None:
    grant_space(trainee.pk, coordinator)
    path = link_received(trainee.email)
    withdraw_space(trainee.pk, "Téléphone perdu", coordinator)
    answer = Client().get(path, follow=True)
    assert answer.status_code == 410
    assert "Mes stages" not in answer.content.decode()


def test_a_new_address_closes_the_former_link(trainee: Trainee, coordinator: User) -> None:
    grant_space(trainee.pk, coordinator)
    path = link_received(trainee.email)
    trainee.email = "nouvelle@exemple.invalid"
    revise_trainee(trainee, trainee.revision, coordinator)
    assert Client().get(path, follow=True).status_code == 410


def test_who_may_send_it(trainee: Trainee, other_school: School, officer: User, auditor: User) -> None:
    for person in (member_of(other_school, officer), auditor, officer):
        with pytest.raises(NotAllowed):
            grant_space(trainee.pk, person)


def test_not_without_an_address_nor_without_a_pathway(school: School, coordinator: User) -> None:
    with pytest.raises(Refused, match="adresse électronique"):
        grant_space(trainee_in(school, coordinator, email="").pk, coordinator)
    with pytest.raises(Refused, match="parcours"):
        grant_space(trainee_in(school, coordinator).pk, coordinator)


def test_the_school_sends_and_withdraws_it_on_a_page(
    trainee: Trainee, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(coordinator)
    page = f"/stagiaires/{trainee.public_id}/lien/"
    assert "Pas de lien" in client.get(page).content.decode()
    assert client.post(f"{page}envoyer/", follow=True).status_code == 200
    assert client.post(page, {"reason": ""}).status_code == 422
    assert "est retiré" in client.post(page, {"reason": "Perdu"}, follow=True).content.decode()


def test_another_school_finds_nothing(
    trainee: Trainee, other_school: School, officer: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(member_of(other_school, officer))
    page = f"/stagiaires/{trainee.public_id}/lien/"
    assert client.get(page).status_code == 404
    assert client.post(f"{page}envoyer/").status_code == 404
    assert timezone.localdate() == TODAY
