"""A person full of words found nowhere else is erased by the rules: database, files, logs, queue, trail. Held papers stay."""

import logging
import sys
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Change
from e2c_portal.audit.trail import record
from e2c_portal.documents.models import Document
from e2c_portal.kernel import retention
from e2c_portal.kernel.models import Removal
from e2c_portal.privacy.closure import closure_of
from e2c_portal.privacy.operations import erase_on_request, place_hold
from e2c_portal.privacy.people import kind_of
from schools.models import School
from tests.factories.agreements import accepted_internship, sent, sign_on_paper
from tests.factories.trainees import representative_of, trainee_in
from tests.privacy.canary import STEM, Search, complete, put_rules_aside, wake_triggers
from trainees.models import LegalRepresentative, Trainee
from trainees.operations.retention import ACCIDENT, STATEMENT

pytestmark = pytest.mark.django_db
LATER, A_MONTH_LATER = "2040-01-02 03:00+01:00", "2040-02-03 03:00+01:00"


@pytest.fixture
def canary(
    school: School, officer: User, coordinator: User, settings: Any, django_capture_on_commit_callbacks: Any
) -> Trainee:
    """Live through an agreement under that name, by the real operations, then fill every column of every row."""
    settings.RETENTION_DAYS = {ACCIDENT: "365", STATEMENT: "365"}
    internship = accepted_internship(school, coordinator, minor=True)
    trainee = internship.trainee
    Trainee.objects.filter(pk=trainee.pk).update(
        first_name="Zqkprenom", last_name="Zqknom", email="zqk@exemple.invalid"
    )
    internship.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        agreement = sent(internship, coordinator)
        sign_on_paper(agreement, coordinator)
        record(officer, "export", officer, "Export de la fiche de Zqkprenom Zqknom")
    put_rules_aside()
    complete(trainee, closure_of([trainee]))
    _make_it_old(trainee)
    wake_triggers()
    return trainee


def _make_it_old(trainee: Trainee) -> None:
    """Say that the pathways are over: their words took the place of their states."""
    with connection.cursor() as cursor:
        # What the figures that survive repeat are words of lists, not of people.
        cursor.execute("UPDATE trainees_exit SET category = 'none'")
        cursor.execute("UPDATE trainees_skillvalidation SET source = 'school', withdrawn_at = NULL")
        cursor.execute("UPDATE trainees_pathway SET status = 'completed', ended_on = planned_ends_on")
        cursor.execute(
            "UPDATE trainees_trainee SET first_name = 'Zqkprenom', last_name = 'Zqknom', email = 'zqk@exemple.invalid'"
        )


@pytest.fixture
def held(canary: Trainee, data_officer: User) -> Document:
    """Hold one sealed document of the agreement."""
    paper = Document.objects.filter(kind="internship_agreement").first() or Document.objects.order_by("pk")[0]
    place_hold(paper, "Litige en cours avec l’entreprise", None, data_officer)
    return paper


def carry_out() -> None:
    """Run the rules: the notices first, then, a month later, the erasure."""
    with time_machine.travel(LATER, tick=False):
        call_command("retention")
    with time_machine.travel(A_MONTH_LATER, tick=False):
        call_command("retention")


def test_the_canary_is_erased_everywhere_but_in_what_is_held(
    canary: Trainee,
    held: Document,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
    capsys: Any,
) -> None:
    before = Search()
    assert len(before.database()) > 200, "the canary fills the columns"
    assert len(before.stored_files()) > 5
    caplog.set_level(logging.INFO)
    with django_capture_on_commit_callbacks(execute=True):
        carry_out()
    search = Search()
    kept = closure_of([held])
    tables = {model._meta.db_table for model in kept}
    assert {place for place in search.database() if place[0] not in tables} == set()
    own_files = {key for model, keys in kept.items() for key in _files(model, keys)}
    assert held.file in own_files
    assert search.stored_files() == own_files
    assert search.queue() == set()
    assert STEM not in caplog.text.lower()
    assert STEM not in capsys.readouterr().out.lower()
    _only_held_rows_are_left(kept)
    assert not Trainee.objects.filter(pk=canary.pk).exists()
    assert Removal.objects.filter(why__contains="stagiaires", counts__has_key="trainees.Pathway").exists()
    assert len(search.tables) > 100, search.told()
    with capsys.disabled():
        sys.stdout.write(f"\nCanary searched for in {search.told()}: nothing but what is held.\n")


def _files(model: Any, keys: set[Any]) -> list[str]:
    rule = retention.rule_of(model)
    own = {field.name for field in model._meta.concrete_fields}
    return [
        key for name in (rule.files if rule else ()) if name in own
        for key in model._base_manager.filter(pk__in=keys).values_list(name, flat=True) if key
    ]  # fmt: skip


def _only_held_rows_are_left(kept: dict[Any, set[Any]]) -> None:
    for model, keys in kept.items():
        with connection.cursor() as cursor:
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(f'SELECT "{key}" FROM "{table}" t WHERE row_to_json(t)::text ILIKE %s', [f"%{STEM}%"])
            assert {pk for (pk,) in cursor.fetchall()} <= keys, table


def test_what_the_database_kept_of_them_by_itself_goes_too(
    school: School, coordinator: User, data_officer: User
) -> None:
    """The history is written by the triggers, lines taken away by hand included: none of it outlives the person."""
    trainee = trainee_in(school, coordinator, last_name="Zqknom", first_name="Zqkprenom", email="zqk@exemple.invalid")
    parent = representative_of(trainee, coordinator, "Zqkparent")
    LegalRepresentative.objects.filter(pk=parent.pk).update(full_name="Zqkautre")
    LegalRepresentative.objects.filter(pk=parent.pk).delete()
    trainee.last_name = "Zqkjeune"
    trainee.save()
    # Somebody else's record quotes them: it stays, without the name.
    School.objects.filter(pk=school.pk).update(operator="Association de Zqkprenom Zqknom")
    School.objects.filter(pk=school.pk).update(operator="Association")
    trainee.last_name = "Zqknom"
    trainee.save()
    before = {column for table, column in Search().database() if table == "audit_change"}
    assert before == {"before", "after"}
    kind = kind_of(Trainee)
    assert kind is not None
    outcome = erase_on_request(kind, trainee, "Demande reçue par courrier", data_officer)
    assert outcome.whole
    assert outcome.gone["audit.Change"] > 4
    assert Search().database() == set()
    [told, _first] = Change.objects.filter(subject=f"schools.school:{school.pk}", operation="u")
    assert told.before == {"operator": "Association de [personne effacée]"}


def test_the_search_sees_a_column_that_was_forgotten(canary: Trainee, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take one rule away, that of the trail: the erasure leaves its words behind, and the search says where."""
    monkeypatch.setitem(retention._rules, "audit.Entry", retention.kept("audit.Entry", "Conservée.", "Essai."))
    carry_out()
    assert ("audit_entry", "summary") in Search().database()
