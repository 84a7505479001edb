"""The ceremony of an edition: prepared from its page, its running order read there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assises.models import Edition
from assises.operations.ceremony import prepare_ceremony
from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed
from partnerships.models import SigningEvent
from partnerships.operations.ceremonies import add_to_programme
from tests.factories.assises import edition_open
from tests.factories.ceremonies import voted

pytestmark = pytest.mark.django_db


def test_one_press_makes_the_ceremony_of_the_day_and_the_page_shows_its_order(
    client: Client, officer: User, coordinator: User
) -> None:
    edition = edition_open(officer)
    address = reverse("assises:ceremony_prepare", args=[edition.year])
    client.force_login(coordinator)
    assert client.post(address).status_code == 403
    client.force_login(officer)
    assert "Préparer la cérémonie" in client.get(edition.get_absolute_url()).content.decode()
    client.post(address)
    answer = client.post(address)
    event = SigningEvent.objects.get(held_on=edition.held_on)
    assert answer["Location"] == reverse("ceremonies:programme", args=[event.pk])
    convention = voted(officer)
    add_to_programme(event.pk, [convention.pk], officer)
    page = client.get(edition.get_absolute_url()).content.decode()
    assert convention.number in page
    assert "Choisir les conventions et leur ordre" in page
    client.force_login(coordinator)
    assert "Choisir les conventions et leur ordre" not in client.get(edition.get_absolute_url()).content.decode()


def test_only_the_region_prepares_it(officer: User, coordinator: User) -> None:
    with pytest.raises(NotAllowed):
        prepare_ceremony(edition_open(officer).pk, coordinator)


def test_the_page_asks_as_much_for_one_convention_as_for_three(
    client: Client, officer: User, same_query_count: Callable[..., Any]
) -> None:
    edition: Edition = edition_open(officer)
    event = prepare_ceremony(edition.pk, officer)
    client.force_login(officer)

    def add() -> None:
        add_to_programme(event.pk, [voted(officer).pk], officer)

    add()
    same_query_count(lambda: client.get(edition.get_absolute_url()), add)
