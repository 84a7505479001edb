"""What is deleted, and when."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from e2c_portal.accounts.models import User
from e2c_portal.links.issuing import rotate
from e2c_portal.links.models import LinkToken, LinkVisit, LostLinkRequest, PersonalLink
from e2c_portal.links.retention import LINK_KEPT_FOR, purge
from tests.links.purpose import LIFETIME, Desk, link_to, path_in

pytestmark = pytest.mark.django_db


def test_each_thing_has_its_time(officer: User, desk: Desk) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        first = link_to(officer)
        Client().get(path_in(rotate(first)), follow=True)
        desk.version = "2"
        second = link_to(officer, version="2")
        rotate(second)
        assert purge() == {"attempts": 0, "visits": 0, "lost_link_requests": 0, "links": 0}
        clock.shift(timedelta(days=2, seconds=1))
        assert purge()["visits"] == 1
        clock.shift(LIFETIME + LINK_KEPT_FOR)
        assert purge()["links"] == 2, "the replaced one goes before the one that replaced it"
    assert not PersonalLink.objects.exists()
    assert not LinkToken.objects.exists()
    assert not LinkVisit.objects.exists()


def test_a_link_that_another_still_points_to_stays(officer: User, desk: Desk) -> None:
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        old = link_to(officer)
        desk.version = "2"
        newer = link_to(officer, version="2")
        rotate(newer)
        PersonalLink.objects.filter(pk=old.pk).update(issued_at=newer.prepared_at, expires_at="2099-01-01T00:00Z")
        clock.shift(LIFETIME + LINK_KEPT_FOR + timedelta(days=1))
        assert purge()["links"] == 0
    assert PersonalLink.objects.count() == 2


def test_an_address_given_for_a_lost_link_is_forgotten_within_a_day(db: None) -> None:
    LostLinkRequest.objects.create(email="paul@exemple.fr")
    assert purge()["lost_link_requests"] == 0
    LostLinkRequest.objects.update(at="2020-01-01T00:00Z")
    assert purge()["lost_link_requests"] == 1
