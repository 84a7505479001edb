"""docs/exploitation.md says what is there: its commands, its figures, its alerts, its variables, what is shared by machines."""

import re
from collections.abc import Iterator

import pytest
import yaml
from django.apps import apps
from django.core.management import get_commands
from django.db import models
from django.test import Client

from tests.house.source import ROOT, python_files, shown

DOCS = sorted((ROOT / "docs").glob("*.md")) + [ROOT / name for name in ("README.md", "CONTRIBUTING.md")]
GUIDE = (ROOT / "docs" / "exploitation.md").read_text(encoding="utf-8")
ALERTS = (ROOT / "deploy" / "prometheus-alertes.yml").read_text(encoding="utf-8")
FAMILY = re.compile(r"portail_[a-z_]+")
SUFFIXES = ("_total", "_bucket", "_count", "_sum", "_created")


def names_in(text: str) -> set[str]:
    """Return the figures named, as the exposition names their families."""
    return {re.sub(rf"({'|'.join(SUFFIXES)})$", "", name) for name in FAMILY.findall(text)}


@pytest.fixture
def exposed(db: None, client: Client, settings, seal_key: None) -> set[str]:
    settings.METRICS_TOKEN = "jeton"
    client.post("/connexion/", {"login": "x@exemple.fr", "password": "x"})
    text = client.get("/metriques/", headers={"Authorization": "Bearer jeton"}).content.decode()
    return names_in("\n".join(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE)))


def test_every_figure_that_an_alert_or_the_guide_names_exists(exposed: set[str]) -> None:
    assert len(names_in(ALERTS)) > 12
    assert names_in(ALERTS) - exposed == set()
    assert names_in(GUIDE) - exposed == set()
    assert exposed - names_in(GUIDE) == set(), "said nowhere in the guide"


def alerts() -> Iterator[dict]:
    for group in yaml.safe_load(ALERTS)["groups"]:
        yield from group["rules"]


def test_every_alert_says_what_to_do() -> None:
    for rule in alerts():
        assert rule["annotations"]["resume"].endswith(".")
        assert rule["labels"]["gravite"] in ("urgente", "normale")
        assert rule["alert"] in GUIDE, rule["alert"]


def test_what_never_succeeded_is_told_as_what_succeeds_no_more() -> None:
    """A figure that does not exist is older than nothing: an alert on its age alone sleeps for ever."""
    asked = {rule["alert"]: rule["expr"] for rule in alerts()}
    waited_for = re.compile(r'\{what="(\w+)"\}')
    dated = {what for expr in asked.values() if "time()" in expr for what in waited_for.findall(expr)}
    # The chain has no root before the first signature, which may come months later.
    assert dated - {"evidence"} == set(waited_for.findall(asked["PortailJamaisFait"]))
    assert asked["PortailJamaisFait"].count("absent(") == len(dated) - 1


def test_no_alert_breaks_when_several_machines_serve_pages() -> None:
    """Each gives the lines that come from the base: two figures meet machine by machine, or are gathered first."""
    for rule in alerts():
        gathered = re.sub(r"\b(?:max|sum|absent)(?: by \([\w, ]+\))? ?\((?:[^()]|\([^()]*\))*\)", "", rule["expr"])
        assert "on()" not in gathered or "portail_" not in gathered, rule["alert"]


def test_every_command_of_the_documentation_exists() -> None:
    known = set(get_commands())
    named = {
        (path.name, name)
        for path in DOCS
        for name in re.findall(r"manage\.py ([a-z_]+)", path.read_text(encoding="utf-8"))
    }
    assert len(named) > 12
    assert {(path, name) for path, name in named if name not in known} == set()


def test_every_command_of_make_that_is_named_exists() -> None:
    known = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", GUIDE)) <= known


def test_every_variable_of_the_guide_is_read_somewhere() -> None:
    sources = [
        *(ROOT / "e2c_portal" / "settings").glob("*.py"),
        ROOT / "docker-compose.yml",
        ROOT / "deploy" / "env.example",
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    named = set(re.findall(r"`([A-Z][A-Z0-9_]{5,})", GUIDE))
    # Read by the library of S3 and by Django themselves; those of LEGAL_ stand for all of them.
    elsewhere = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "DJANGO_SETTINGS_MODULE", "LEGAL_"}
    assert {name for name in named - elsewhere if name not in text} == set()


def test_every_service_and_file_that_the_guide_names_is_there() -> None:
    services = set(yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"])
    assert {"web", "worker", "beat", "sweeper", "redis", "migrate"} <= services
    own = re.findall(r"\]\((?!https?:)([^)#]+)\)", GUIDE)
    assert {"exploitation-sauvegarde.md", "exploitation-pannes.md"} <= set(own)
    assert [link for link in own if not (ROOT / "docs" / link).exists()] == []


def test_all_files_go_through_one_space_that_machines_share() -> None:
    with_files = [
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.FileField)
    ]
    assert with_files == []
    touching = {
        shown(path)
        for path in python_files("e2c_portal", "schools", "partnerships", "trainees", "assises")
        if re.search(r"default_storage|storages\[", path.read_text(encoding="utf-8"))
    }
    assert touching <= {
        "e2c_portal/documents/storage.py",
        "e2c_portal/home/health.py",
        "e2c_portal/upkeep/management/commands/restore.py",
        "e2c_portal/upkeep/metrics_readings.py",
    }
