"""The crowd that measures the portal: it grows, it is the same each time, and it breaks none of the rules it was written beside."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from trainees.management.commands.seed_network import acting_officer
from trainees.management.crowd.consistency import broken
from trainees.management.crowd.loading import BASE, load, loaded
from trainees.models import Internship, Pathway, Trainee

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 27)


def grown(*sizes: int) -> None:
    for size in sizes:
        load(size, acting_officer(), lambda words: None, today=TODAY)


def test_a_crowd_grows_keeps_its_people_and_breaks_no_rule() -> None:
    grown(40)
    before = list(Trainee.objects.order_by("pk").values_list("pk", "last_name", "birth_date", "public_id"))
    grown(1700)
    assert list(Trainee.objects.order_by("pk").values_list("pk", "last_name", "birth_date", "public_id")[:40]) == before
    assert loaded() == Trainee.objects.count() == 1700
    assert Internship.objects.count() == 1700 * 7 // 2
    assert set(Pathway.objects.values_list("status", flat=True)) == {
        "trial", "running", "completed", "abandoned", "interrupted", "left_in_trial",
    }  # fmt: skip
    assert list(broken()) == []


def test_what_breaks_a_rule_is_counted() -> None:
    grown(40)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trainees_pathway SET moves_made = moves_made + 1 WHERE id = %s", [BASE + 1])
        cursor.execute("UPDATE trainees_referral SET prescriber_id = -1 WHERE id = %s", [BASE + 2])
        found = dict(broken())
        cursor.execute("UPDATE trainees_referral SET prescriber_id = %s WHERE id = %s", [BASE, BASE + 2])
    assert found["chaque parcours a autant d’étapes que de changements d’état"] == 1
    assert found["trainees_referral.prescriber_id mène à une ligne de trainees_prescriber"] == 1


def test_no_crowd_in_production(settings: object) -> None:
    settings.PORTAL_PRODUCTION = True  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="production"):
        call_command("seed_network")
    assert not Trainee.objects.exists()


def test_nobody_signs_in_as_the_crowd() -> None:
    grown(40)
    assert not Client().login(email="foule.0.1@exemple.invalid", password="!")
