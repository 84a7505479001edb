"""Taking a list of people away asks again who is there, when the last proof is old; a list of nobody does not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry
from e2c_portal.exports.lists import all_lists
from schools.models import School
from tests.factories.people import PASSWORD
from tests.factories.trainees import trainee_in

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
# Where nobody can be read. Anything else asks: a new list does so until it is written here.
OF_NOBODY = {
    "limites-legales", "referentiels-competences", "couverture-referentiels", "chiffres-competences", "exploitation-pannes",
}  # fmt: skip


def taken(client: Client, name: str) -> Any:
    return client.get(reverse("exports:export", args=[name, "csv"]))


def test_a_list_of_people_asks_again_who_takes_it(school: School, coordinator: User, client_of: ClientOf) -> None:
    trainee = trainee_in(school, coordinator)
    client = client_of(coordinator)
    with time_machine.travel(timezone.now() + timedelta(minutes=14), tick=True):
        assert trainee.last_name in b"".join(taken(client, "stagiaires").streaming_content).decode()
    exports = Entry.objects.filter(action="export").count()
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=True):
        refused = taken(client, "stagiaires")
        address = reverse("exports:export", args=["stagiaires", "csv"])
        assert refused.status_code == 302
        assert refused.headers["Location"].startswith("/confirmer/?next=")
        assert Entry.objects.filter(action="export").count() == exports, "nothing left, nothing is traced"
        given = client.post(refused.headers["Location"], {"password": PASSWORD})
        assert given.headers["Location"] == address
        assert trainee.last_name in b"".join(taken(client, "stagiaires").streaming_content).decode()


def test_the_time_is_that_of_the_settings(
    school: School, coordinator: User, client_of: ClientOf, settings: Any
) -> None:
    client, settings.EXPORT_PROOF_MINUTES = client_of(coordinator), 60
    with time_machine.travel(timezone.now() + timedelta(minutes=59), tick=True):
        assert taken(client, "stagiaires").status_code == 200


def test_who_may_not_read_it_is_asked_nothing(stranger: User, client_of: ClientOf) -> None:
    client = client_of(stranger)
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=True):
        assert taken(client, "stagiaires").status_code == 404


def test_a_list_where_nobody_is_named_asks_nothing(officer: User, client_of: ClientOf) -> None:
    assert {listing.name for listing in all_lists() if not listing.personal} == OF_NOBODY
    client = client_of(officer)
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=True):
        assert taken(client, "limites-legales").status_code == 200
