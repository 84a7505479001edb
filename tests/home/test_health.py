"""/sante/ tells programs whether the portal works, and tells nothing else."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone

from e2c_portal.documents.sealing import SealSettings, certificate_expiry
from e2c_portal.kernel.models import Job

pytestmark = pytest.mark.django_db
ADDRESS = "/sante/"


@pytest.fixture(autouse=True)
def sealing(seal_key: None) -> None:
    """A portal that can seal."""


def asked(client: Client) -> tuple[int, dict]:
    answer = client.get(ADDRESS)
    return answer.status_code, answer.json()


def test_all_is_well(client: Client) -> None:
    status, told = asked(client)
    assert status == 200
    assert told["status"] == "ok"
    assert (told["database"], told["broker"], told["storage"], told["jobs"]) == ("ok",) * 4
    assert told["certificate"]["state"] == "valid"
    assert told["certificate"]["expires_on"] == certificate_expiry(SealSettings.from_settings()).date().isoformat()


def test_it_tells_no_secret_and_no_version(client: Client, settings) -> None:
    answer = client.get(ADDRESS)
    text = json.dumps(answer.json())
    hidden = [settings.SECRET_KEY, settings.DATABASES["default"]["NAME"], settings.REDIS_URL, str(settings.VAR_DIR)]
    assert not [word for word in hidden if str(word) in text]
    assert set(answer.json()) == {"status", "database", "broker", "storage", "certificate", "jobs"}
    assert "no-store" in answer["Cache-Control"]
    assert client.post(ADDRESS).status_code == 405


def test_broker_away(client: Client, settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    status, told = asked(client)
    assert (status, told["status"], told["broker"]) == (503, "down", "away")


def test_storage_that_cannot_be_written(client: Client, settings, tmp_path: Path) -> None:
    # A file where the folder should be: nobody, not even root, can write a document under it.
    (tmp_path / "plein").touch()
    documents = {**settings.STORAGES["documents"], "OPTIONS": {"location": str(tmp_path / "plein" / "documents")}}
    settings.STORAGES = {**settings.STORAGES, "documents": documents}
    status, told = asked(client)
    assert (status, told["storage"]) == (503, "away")


@pytest.mark.django_db(transaction=True)
def test_database_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connections["default"]
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    status, told = asked(client)
    monkeypatch.undo()
    connection.close()
    assert (status, told["status"], told["database"], told["jobs"]) == (503, "down", "away", "unknown")


@pytest.mark.parametrize(
    ("before_the_end", "word"), [(timedelta(days=61), "valid"), (timedelta(days=30), "renew_soon")]
)
def test_certificate_that_nears_its_end(client: Client, before_the_end: timedelta, word: str) -> None:
    end = certificate_expiry(SealSettings.from_settings())
    with time_machine.travel(end - before_the_end, tick=False):
        status, told = asked(client)
    assert status == 200
    assert told["certificate"] == {
        "expires_on": end.date().isoformat(), "days_left": before_the_end.days, "state": word,
    }  # fmt: skip
    assert told["status"] == ("ok" if word == "valid" else "degraded")


def test_expired_certificate_does_not_close_the_portal(client: Client) -> None:
    with time_machine.travel(certificate_expiry(SealSettings.from_settings()) + timedelta(days=2), tick=False):
        status, told = asked(client)
    assert (status, told["status"]) == (200, "degraded")
    assert told["certificate"]["state"] in {"expired", "unavailable"}


def test_no_certificate_at_all(client: Client, settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    status, told = asked(client)
    assert (status, told["status"]) == (200, "degraded")
    assert told["certificate"] == {"expires_on": None, "days_left": None, "state": "unavailable"}


def test_jobs_that_nobody_sends(client: Client) -> None:
    job = Job.objects.create(task="essai", arguments={})
    assert asked(client)[1]["jobs"] == "ok"
    Job.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(minutes=5))
    assert asked(client)[1]["jobs"] == "late"


def test_the_clock_of_the_tests_is_right() -> None:
    assert certificate_expiry(SealSettings.from_settings()) > datetime.now(UTC)
