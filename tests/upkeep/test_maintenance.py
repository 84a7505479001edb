"""Maintenance: calm for everybody, without database, nothing typed is lost, whoever is in charge goes on entering."""

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from e2c_portal.kernel import log_masking
from e2c_portal.upkeep import maintenance
from tests.upkeep.conftest import said_by


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    """Each test has a storage of its own: this process must look again."""
    maintenance.forget()
    yield
    maintenance.forget()


@pytest.fixture
def closed() -> maintenance.Notice:
    return maintenance.begin(timezone.now() + timedelta(minutes=40), "Le portail change de version.")


def test_visitors_meet_a_page_that_asks_no_database(closed: maintenance.Notice, client: Client) -> None:
    """No mark of the database on this test: a question asked to it would fail."""
    answer = client.get("/stagiaires/?page=2")
    words = answer.content.decode()
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert 2000 < int(answer.headers["Retry-After"]) <= 2400
    assert f"{closed.ends_at:%H h %M}".lstrip("0") in words.replace("\N{NO-BREAK SPACE}", " ")
    assert "Le portail change de version." in words
    assert 'href="/stagiaires/?page=2"' in words, "trying again leads where one was going"
    assert "lien personnel" not in words
    assert words.count("<h1") == 1
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_personal_link_is_said_to_be_still_good(closed: maintenance.Notice, client: Client) -> None:
    assert "Votre lien personnel reste valable" in client.get("/lien/abcdefgh/").content.decode()


def test_what_was_typed_comes_back_ready_to_be_sent_again(closed: maintenance.Notice, client: Client) -> None:
    typed = {
        "last_name": "L’Été & <Fils>",
        "skills": ["1", "2"],
        "csrfmiddlewaretoken": "jeton",
        "password": "jamais-redit",
    }
    answer = client.post("/stagiaires/nouveau/?de=ecole", typed)
    words = answer.content.decode()
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "n’est pas enregistré" in words
    assert 'action="/stagiaires/nouveau/?de=ecole"' in words
    assert 'name="last_name" value="L’Été &amp; &lt;Fils&gt;"' in words
    assert words.count('name="skills"') == 2
    assert 'name="csrfmiddlewaretoken" value="jeton"' in words
    assert "jamais-redit" not in words
    assert "mots de passe et codes" in words
    file = SimpleUploadedFile("cv.pdf", b"%PDF-1.7")
    assert (
        "Les fichiers joints"
        in client.post("/stagiaires/nouveau/", {"last_name": "Été", "file": file}).content.decode()
    )
    many = client.post("/stagiaires/nouveau/", {"text": "a" * 300_000}).content.decode()
    assert "Revenez en arrière" in many
    assert "aaaa" not in many


@pytest.mark.django_db
def test_whoever_is_in_charge_enters_with_the_pass_and_supervision_still_looks(
    closed: maintenance.Notice, client: Client, seal_key: None
) -> None:
    assert client.get("/sante/").json()["database"] == "ok"
    assert client.get(f"{maintenance.PASS_PATH}faux/").status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert log_masking.masked(maintenance.pass_address(closed)).endswith(f"{maintenance.PASS_PATH}…/")
    entered = client.get(maintenance.pass_address(closed).removeprefix(maintenance.settings.PORTAL_URL))
    assert (entered.status_code, entered.headers["Location"]) == (HTTPStatus.FOUND, "/")
    assert client.get("/connexion/").status_code == HTTPStatus.OK
    # The next maintenance has a pass of its own.
    maintenance.end()
    assert Client().get("/connexion/").status_code == HTTPStatus.OK
    maintenance.begin(None, "")
    answer = client.get("/connexion/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "300")


def test_every_process_learns_of_it_within_two_seconds_and_a_storage_away_changes_nothing(
    client: Client, documents_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert maintenance.current() is None
    maintenance.begin(None, "")
    maintenance._remember(None)
    assert maintenance.current() is None, "another process, which looked a moment ago"
    monkeypatch.setattr(maintenance, "LOOK_EVERY_SECONDS", 0.0)
    assert maintenance.current() is not None
    documents_folder.rename(documents_folder.with_name("parti"))
    documents_folder.write_text("a folder that no longer answers as one")
    monkeypatch.setattr(maintenance, "read", _away)
    assert maintenance.current() is not None


def _away() -> Any:
    raise OSError("no storage")


def test_an_open_portal_pays_one_look_every_two_seconds(
    documents_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    monkeypatch.setattr(maintenance, "read", lambda: looks.append(1))
    for _ in range(1000):
        maintenance.current()
    assert len(looks) == 1


def test_the_command_says_what_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Aucune maintenance" in said_by(capsys, "maintenance", "status")
    said = said_by(capsys, "maintenance", "on", "--until", "14:00", "--message", "Changement de version.")
    assert "14:00" in said
    assert maintenance.PASS_PATH in said
    later = said_by(capsys, "maintenance", "on")
    assert said.splitlines()[-1].rpartition("/")[0][:60] == later.splitlines()[-1].rpartition("/")[0][:60]
    assert "Maintenance en cours" in said_by(capsys, "maintenance", "status")
    said_by(capsys, "maintenance", "off")
    assert "Aucune maintenance" in said_by(capsys, "maintenance", "status")
    with pytest.raises(CommandError, match="n’est pas une heure"):
        call_command("maintenance", "on", "--until", "deux heures")
