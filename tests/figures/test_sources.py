"""Presence, skills, attestations, the Assises: what the lives at random do not hold."""

import uuid
from datetime import date
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from assises.models import Scan
from e2c_portal.accounts.models import User
from e2c_portal.figures import places, refreshing
from e2c_portal.figures.core import INDICATORS, Figure, figures_of, rows_of
from schools.models import School
from tests.factories.assises import edition_open, half_day, somebody
from tests.factories.certificates import certificate_in
from trainees.models import SkillValidation

pytestmark = pytest.mark.django_db


def told(place: places.Place, year: int | None = None) -> dict[str, Figure]:
    return {figure.indicator.key: figure for figure in figures_of(year or timezone.localdate().year, place)}


def test_presence_skills_and_attestations(school: School, coordinator: User, officer: User, seal_key: Any) -> None:
    refreshing.count_all()
    certificate = certificate_in(school, coordinator)
    own = places.school(school)
    now = told(own)
    assert (now["competences"].numerator, now["attestations"].numerator) == (2, 1)
    share = now["temps-entreprise"]
    assert (share.numerator, share.denominator) == (
        certificate.minutes_in_company,
        certificate.minutes_in_company + certificate.minutes_at_school,
    )
    assert "h de présence" in share.basis
    withdrawn = SkillValidation.objects.filter(trainee=certificate.trainee).earliest("pk")
    SkillValidation.objects.filter(pk=withdrawn.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=coordinator, withdrawal_reason="Erreur"
    )
    assert told(own)["competences"].numerator == 1
    assert told(places.department("34"))["competences"].numerator == 1


def test_assises_are_counted_at_the_door_or_not_at_all(school: School, officer: User) -> None:
    day = date(2026, 11, 20)
    with time_machine.travel("2026-11-01 10:00+01:00", tick=False):
        edition = edition_open(officer, held_on=day)
        people = [somebody(edition, "staff", school=school, organisation="", origin="school"), somebody(edition)]
    refreshing.count_all()
    network, own = places.network(), places.school(school)
    assert told(network, 2026)["assises"].words == "non compté"
    control = half_day(edition)
    assert told(network, 2026)["assises"].numerator == 0
    for row in people:
        Scan.objects.create(
            nonce=uuid.uuid4(), edition=edition, checkpoint=control, registration=row, outcome="ok", way="paper", entered_by=officer,
            scanned_at=timezone.now(),
        )  # fmt: skip
    assert told(network, 2026)["assises"].numerator == 2
    assert told(own, 2026)["assises"].numerator == 1
    rows = rows_of(INDICATORS["assises"], 2026, own)
    assert rows is not None
    assert rows.get().pk == people[0].pk
    refreshing.count_changes()
    assert told(network, 2026)["assises"].numerator == 2
