"""Whoever reads what is sensitive leaves a trace: health, accidents, needs, and what leaves as a file."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from assises.models import Registration
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from tests.factories.assises import edition_open, somebody

pytestmark = pytest.mark.django_db


def test_what_somebody_needs_to_come_is_read_with_a_trace(officer: User, client_of: Callable[[User], Client]) -> None:
    edition = edition_open(officer)
    row = somebody(edition)
    client, year = client_of(officer), edition.year
    client.get(reverse("assises:registration", args=[year, row.pk]))
    assert not trail_of(row).filter(action="registration.needs_read").exists(), "nothing was there to be read"
    Registration.objects.filter(pk=row.pk).update(access_needs="Fauteuil roulant")
    client.get(reverse("assises:registration", args=[year, row.pk]))
    client.get(reverse("assises:registration_change", args=[year, row.pk]))
    assert [entry.actor for entry in trail_of(row).filter(action="registration.needs_read")] == [officer, officer]
