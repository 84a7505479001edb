"""The log of approaches: what is to follow comes first, what was said stays, and nobody else reads it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken
from schools.models import School
from tests.factories.hosting import approach_at, host_in
from tests.factories.network import member_of
from tests.factories.trainees import trade, trainee_in
from trainees.models import Approach
from trainees.operations.hosting import settle_approach

pytestmark = pytest.mark.django_db
LIST = reverse("trainees:approaches")


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"next_on": None}, "quand rappeler"),
        ({"answer": "no", "next_on": None, "next_action": "Écrire"}, "jour de la prochaine action"),
        ({"made_on": timezone.localdate() + timedelta(days=1)}, "une fois faite"),
        ({"next_on": timezone.localdate() - timedelta(days=1)}, "ne peut pas précéder"),
        ({"note": "2 06 01 34 172 123 45"}, "sécurité sociale"),
    ],
)
def test_what_makes_no_sense_is_refused(school: School, coordinator: User, facts: dict, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        approach_at(host_in("34172"), school, coordinator, **facts)


def test_one_writes_for_one_s_school_and_trainees(
    school: School, other_school: School, officer: User, coordinator: User
) -> None:
    place = host_in("34172")
    with pytest.raises(NotAllowed):
        approach_at(place, other_school, coordinator)
    with pytest.raises(NotAllowed):
        approach_at(place, school, officer)
    foreign = trainee_in(other_school, member_of(other_school, officer))
    with pytest.raises(IntegrityError, match="pas stagiaire de cette école"), transaction.atomic():
        approach_at(place, school, coordinator, trainee=foreign)


def test_what_was_said_stays(school: School, coordinator: User) -> None:
    row = approach_at(host_in("34172"), school, coordinator, note="Oui en mai")
    with pytest.raises(IntegrityError, match="figées"), transaction.atomic():
        Approach.objects.filter(pk=row.pk).update(note="Non")
    with pytest.raises(IntegrityError, match="Suppression refusée"), transaction.atomic():
        row.delete()
    settle_approach(row.pk, coordinator)
    with pytest.raises(Overtaken):
        settle_approach(row.pk, coordinator)


def test_the_list_shows_what_is_to_follow_then_the_log(
    school: School, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    today = timezone.localdate()
    late = approach_at(
        host_in("34172", "Retard"),
        school,
        coordinator,
        made_on=today - timedelta(days=9),
        next_on=today - timedelta(days=2),
    )
    approach_at(host_in("34172", "Demain"), school, coordinator)
    approach_at(host_in("34172", "Refus"), school, coordinator, answer="no", next_on=None)
    client = client_of(coordinator)
    page = client.get(LIST).content.decode()
    assert page.index("Retard") < page.index("Demain")
    assert "Refus" not in page
    assert "Demain" not in client.get(LIST, {"voir": "retard"}).content.decode()
    assert "Refus" in client.get(LIST, {"voir": "toutes", "q": "refus"}).content.decode()
    client.post(reverse("trainees:approach_settle", args=[late.pk]), {"retour": "//ailleurs.example/"})
    assert "Retard" not in client.get(LIST).content.decode()
    assert "Refus" in client.get(
        reverse("exports:export", args=["demarches", "csv"]), {"voir": "toutes"}
    ).getvalue().decode("utf-8-sig")


def test_the_next_one_settles_the_former(
    school: School, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    place = host_in("34172")
    former = approach_at(place, school, coordinator, trade=trade())
    client, url = client_of(coordinator), reverse("trainees:approach_new", args=[place.pk]) + f"?suite={former.pk}"
    form = client.get(url).context["form"]
    typed = {
        "made_on": timezone.localdate(), "means": "visit", "answer": "yes", "trade": "cuisine",
        "form_token": form.initial["form_token"],
    }  # fmt: skip
    assert client.post(url, {**typed, "answer": "call_back"}).status_code == 422
    for _ in range(2):
        assert client.post(url, typed).status_code == 302
    former.refresh_from_db()
    assert former.settled_by == coordinator
    assert Approach.objects.count() == 2


def test_another_school_and_the_network_read_nothing(
    school: School, other_school: School, officer: User, coordinator: User, client_of: Callable[[User], Client]
) -> None:
    row = approach_at(host_in("34172", "Chez Paul"), school, coordinator, answer="yes", next_on=None)
    neighbour = client_of(member_of(other_school, officer))
    assert "Chez Paul" not in neighbour.get(LIST, {"voir": "toutes", "q": "paul"}).content.decode()
    assert "Chez Paul" not in neighbour.get(
        reverse("exports:export", args=["demarches", "csv"]), {"voir": "toutes"}
    ).getvalue().decode("utf-8-sig")
    assert neighbour.post(reverse("trainees:approach_settle", args=[row.pk])).status_code == 404
    region = client_of(officer)
    page = region.get(LIST).content.decode()
    assert "École de Montpellier" in page
    assert "Chez Paul" not in page
    assert region.get(reverse("exports:export", args=["demarches", "csv"])).status_code == 404
    assert region.post(reverse("trainees:approach_settle", args=[row.pk])).status_code == 404


def test_the_list_costs_the_same(
    school: School, coordinator: User, client_of: Callable[[User], Client], same_query_count: Callable[..., int]
) -> None:
    client = client_of(coordinator)
    approach_at(host_in("34172"), school, coordinator)
    same_query_count(lambda: client.get(LIST), lambda: approach_at(host_in("34172"), school, coordinator))
