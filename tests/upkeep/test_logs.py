"""What production writes: one JSON object a line, for each thing that speaks, and nobody's data in any of them."""

import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from celery import shared_task
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from gunicorn.config import Config
from gunicorn.glogging import Logger

from e2c_portal.accounts.models import User
from e2c_portal.celery import app
from e2c_portal.kernel import json_lines
from e2c_portal.mailing import sending
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import all_mail_types
from e2c_portal.mailing.requesting import send_mail_on_commit
from e2c_portal.settings import gunicorn
from e2c_portal.urls import handler400, handler403, handler404, handler500  # noqa: F401  Django reads them here
from e2c_portal.urls import urlpatterns as portal
from tests.factories.people import person
from tests.harness.json_logs import json_logs
from tests.harness.people_in_logs import logs_naming_nobody
from tests.house.source import python_files, shown
from tests.mailing.conftest import use
from tests.mailing.smtp_sink import listening

pytestmark = pytest.mark.django_db
NAME, LOCAL, NIR = "Zélie Quatremaille", "zelie.quatremaille", "2 85 05 78 006 084 36"
EMAIL = f"{LOCAL}@exemple.fr"
CANARY = ("quatremaille", "zélie", "Zélie", "85 05 78", "2850578006084")


def _write_badly(way: str) -> None:
    User.objects.create(email=EMAIL, full_name=NAME if way == "doublon" else NAME * 20)
    User.objects.create(email=EMAIL, full_name=NAME)


def _breaks(request: HttpRequest, way: str, typed: str) -> HttpResponse:
    if way == "valeur":
        raise ValueError(f"{NAME} <{EMAIL}> {NIR}")
    if way == "formulaire":
        raise ValidationError(f"{NAME} a déjà un dossier")
    if way in ("doublon", "trop-long"):
        with transaction.atomic():
            _write_badly(way)
    raise KeyError(NAME) from ValueError(EMAIL)


urlpatterns = [*portal, path("essai/<str:way>/<str:typed>/", login_not_required(_breaks), name="essai")]


@pytest.fixture
def raising() -> Iterator[Any]:
    @shared_task(name="tests.raises")
    def raises(*, person_id: int, **kwargs: object) -> None:
        raise ValueError(f"{NAME} {EMAIL}")

    yield app.tasks["tests.raises"]
    app.tasks.pop("tests.raises", None)


def lines_of(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def clean(written: io.StringIO) -> list[dict[str, Any]]:
    """Return the lines, once nobody is found in any of them."""
    text = written.getvalue()
    assert [word for word in CANARY if word in text] == [], text
    lines = lines_of(written)
    assert lines
    for line in lines:
        assert {"time", "level", "logger", "request_id", "message"} <= set(line), line
    return lines


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("valeur", "ValueError"), ("formulaire", "django.core.exceptions.ValidationError"), ("doublon", "django.db.utils.IntegrityError"),
        ("trop-long", "django.db.utils.DataError"), ("cle", "KeyError"),
    ],
)  # fmt: skip
def test_a_fault_says_its_class_and_place_and_quotes_nobody(settings, way: str, told: str) -> None:
    settings.ROOT_URLCONF = "tests.upkeep.test_logs"
    client = Client(raise_request_exception=False)
    who = person(NAME, email=f"autre.{EMAIL}")
    client.force_login(who)
    with json_logs(turned_up=False) as written:
        answer = client.post(
            f"/essai/{way}/{LOCAL}/?q={NAME}", {"nom": NAME}, headers={"x-request-id": "demande-123456"}
        )
    assert answer.status_code == 500
    lines = clean(written)
    fault = next(line for line in lines if "exception" in line)
    assert fault["exception"][0]["class"] == told
    assert any("test_logs.py" in place for place in fault["exception"][0]["where"])
    assert fault["request_id"] == "demande-123456"
    assert fault["message"] == "Internal Server Error: essai"
    asked = next(line for line in lines if line["logger"] == "e2c_portal.requests")
    assert (asked["view"], asked["status"], asked["user"]) == ("essai", 500, who.pk)
    assert asked["duration_ms"] >= 0


def test_the_database_is_quoted_by_the_names_of_the_schema_alone() -> None:
    with json_logs(turned_up=False) as written:
        try:
            with transaction.atomic():
                person(NAME, email=EMAIL)
                User.objects.create(email=EMAIL, full_name=NAME)
        except IntegrityError:
            logging.getLogger("e2c_portal.essai").exception("not kept")
        try:
            with transaction.atomic():
                User.objects.create(email=f"x{EMAIL}", full_name=NAME * 20)
        except DataError:
            logging.getLogger("e2c_portal.essai").exception("not kept")
    first, second = clean(written)
    database = first["exception"][1]
    assert (database["class"], database["sqlstate"]) == ("psycopg.errors.UniqueViolation", "23505")
    assert database["table"] == "accounts_user"
    assert database["constraint"]
    assert second["exception"][1]["sqlstate"] == "22001"
    assert "words" not in database


def test_a_mail_refused_is_told_by_its_code(settings) -> None:
    kind = next(kind for kind in all_mail_types() if not kind.digestable)
    with listening() as sink, json_logs(turned_up=False) as written:
        use(settings, sink.port)
        sink.manners.replies["RCPT"] = [f"550 5.1.1 <{EMAIL}>: {NAME} unknown here"]
        mail = send_mail_on_commit(kind.name, Recipient(EMAIL, NAME), None, kind.sample)
        sending.send_mail(mail.pk)
    mail.refresh_from_db()
    assert mail.attempts == 1
    assert any("not sent" in line["message"] for line in clean(written))


def test_a_task_that_raises_is_told_by_its_name(raising: Any) -> None:
    with json_logs(turned_up=False) as written:
        raising.apply(kwargs={"person_id": 3}, task_id="travail-1")
    [fault] = [line for line in clean(written) if "exception" in line]
    assert (fault["task"], fault["task_id"], fault["logger"]) == ("tests.raises", "travail-1", "celery.app.trace")
    assert fault["exception"][0]["class"] == "ValueError"
    assert any("raises" in place for place in fault["exception"][0]["where"])


def test_an_address_written_by_mistake_is_masked_all_the_same() -> None:
    with json_logs(turned_up=False) as written:
        logging.getLogger("ailleurs").warning("%s and %s", EMAIL, NIR, extra={"request": EMAIL, "data": EMAIL})
    assert clean(written)[0]["message"] == "… and …"


def test_gunicorn_speaks_as_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    config = Config()
    config.set("logconfig_dict", gunicorn.logconfig_dict)
    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        Logger(config).error("worker %s died", 3)
    finally:
        logging.getLogger().handlers[:], logging.getLogger().level = before
    said = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert (said["logger"], said["level"], said["message"]) == ("gunicorn.error", "ERROR", "worker 3 died")
    assert gunicorn.accesslog is None, "its lines print addresses with what was typed in them"


def test_what_ends_a_command_is_one_line_too() -> None:
    with json_logs(turned_up=False) as written:
        try:
            raise OSError(28, "No space left on device", f"/data/{LOCAL}.pdf")
        except OSError as error:
            json_lines.log_uncaught(type(error), error, error.__traceback__)
    [line] = clean(written)
    assert line["exception"][0] | {"where": []} == {
        "class": "OSError", "errno": 28, "words": "No space left on device", "where": [],
    }  # fmt: skip
    assert sys.excepthook is not json_lines.log_uncaught, "production alone does so"


def test_no_line_of_the_source_writes_the_words_of_a_refusal() -> None:
    """They are made for the page of one person, and often name another."""
    writing = re.compile(r"logger\.\w+\((?:[^()]|\([^()]*\))*(?:\.message\b|\brefusal\)|\berror\)|\bfault\))")
    found = [
        f"{shown(path)}: {hit}"
        for path in python_files("e2c_portal", "schools", "partnerships", "trainees", "assises")
        for hit in writing.findall(path.read_text(encoding="utf-8"))
        if "exc_info" not in hit
    ]
    assert found == []


def test_the_search_for_people_sees_one(officer: User) -> None:
    with pytest.raises(AssertionError, match="Internal"), logs_naming_nobody():
        logging.getLogger("e2c_portal").warning("Internal: %s", officer.full_name)
    with logs_naming_nobody():
        logging.getLogger("e2c_portal").warning("Internal: %s", officer.pk)
