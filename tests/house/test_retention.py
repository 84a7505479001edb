"""Every model says how long it is kept, in a rule that is carried out; nothing protected leaves by another door."""

import re

import pytest
from django.apps import apps
from django.db import connection

from e2c_portal.kernel import retention
from e2c_portal.kernel.removing import DOOR
from e2c_portal.kernel.retention import SUBJECT, Fate
from e2c_portal.privacy.register import END, START, table
from tests.house.source import ROOT, python_files, shown

MISSING = (
    "Declare how long {model} is kept: add a rule to {app}/…/retention_rules.py, for instance\n"
    '    follows("{model}", "<the foreign key of the record it goes with>", basis="<ground, in French>"),\n'
    "or kept(…) / Rule(…, Fate.DELETED, delay=…, due=…); see e2c_portal/kernel/retention.py."
)


def test_every_model_has_a_rule() -> None:
    missing = retention.models_without_rule()
    assert not missing, "\n".join(MISSING.format(model=name, app=name.split(".")[0]) for name in missing)


def test_every_rule_is_that_of_a_model() -> None:
    names = {model._meta.label for model in apps.get_models()}
    assert {rule.model for rule in retention.all_rules()} - names == set()


@pytest.mark.parametrize("rule", retention.all_rules(), ids=lambda rule: rule.model)
def test_a_rule_names_columns_that_exist(rule: retention.Rule) -> None:
    columns = {field.name: field for field in rule.model_class._meta.concrete_fields}
    assert {*rule.follows, *rule.mentions, *rule.blank} <= set(columns)
    for name in rule.follows:
        assert name == SUBJECT or columns[name].is_relation, f"{rule.model}.{name} names no record"
    if rule.fate in (Fate.DELETED, Fate.ANONYMISED):
        assert (rule.due is not None, bool(rule.counted_from)) == (True, True), (
            f"{rule.model}: after how long, counted from what?"
        )
        assert rule.to_be_set == (rule.delay is None), f"{rule.model}: a delay, or a duration to be set"
    files = {name for name, field in columns.items() if name in ("file", "proof") and not field.is_relation}
    assert files <= set(rule.files), f"{rule.model}: name its stored files"


def test_protected_rows_leave_by_one_door() -> None:
    """pgtrigger.ignore is written in kernel.removing alone: everything else opens the door by `removal`."""
    found = [
        shown(path) for path in python_files("e2c_portal", "schools", "partnerships", "trainees", "assises")
        if re.search(r"pgtrigger\.ignore|from pgtrigger import ignore|DISABLE TRIGGER|DROP TRIGGER", path.read_text(encoding="utf-8")) and "migrations" not in path.parts
    ]  # fmt: skip
    assert found == ["e2c_portal/kernel/removing.py"]


@pytest.mark.django_db
def test_the_database_asks_for_the_trace_before_it_opens() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = '_pgtrigger_should_ignore'")
        [(source,)] = cursor.fetchall()
    assert "kernel_removal" in source
    assert source.strip() in DOOR


def test_the_register_of_processing_is_that_of_the_code() -> None:
    page = (ROOT / "docs" / "rgpd.md").read_text(encoding="utf-8")
    written = page.split(START)[1].split(END)[0].strip()
    assert written == table().strip(), "run `make manage ARGS=retention_register`, which writes docs/rgpd.md"
