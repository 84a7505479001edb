"""The command in its smallest form: every figure is there, and what cannot be measured fails loudly."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

from dev.paths import ROOT
from tests.bench.__main__ import printed
from tests.bench.figures import CannotMeasure, Figure, beside, percentile
from tests.bench.measures import MEASURES

NAMED_BY_THE_ISSUE = {
    "documents.sealed_per_second", "document.click_to_sealed.seconds", "pages.board.growth", "pages.board.vs_bare",
    "load.p95.seconds", "load.requests_per_second", "import.2000_lines.seconds", "report.2000_people.seconds",
    "form.tutor.kilobytes",
}  # fmt: skip


@pytest.fixture
def migrated(transactional_db: None) -> str:
    """Return the name of a database that has every table, to which nobody is connected: copying it spares the migrations."""
    name = str(connection.settings_dict["NAME"])
    connections.close_all()
    return name


# Every page asked for on two databases takes half a minute of processor: BENCH_WHOLE=1 measures them all, the suite one part
# of each nature (pages over HTTP, then the worker).
PARTS = list(MEASURES) if os.environ.get("BENCH_WHOLE") else ["tutor", "import"]


def test_the_figures_named_by_the_issue_are_promised() -> None:
    assert {name for measure in MEASURES.values() for name in measure.names()} >= NAMED_BY_THE_ISSUE


def test_every_figure_is_measured_in_the_smallest_run(migrated: str, tmp_path: Path) -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "tests.bench", "--quick", "--migrated", migrated]
    command += [word for part in PARTS for word in ("--only", part)]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    figures = {row["name"]: row for row in map(json.loads, run.stdout.splitlines())}
    assert set(figures) == {name for part in PARTS for name in MEASURES[part].names()}
    for row in figures.values():
        assert set(row) == {"name", "value", "unit", "baseline", "ratio"}
        assert row["value"] > 0, row
        assert (row["baseline"] is None) == (row["ratio"] is None), row
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'bench%%'")
        assert cursor.fetchall() == [], "the command takes its databases away"


def test_a_figure_that_cannot_be_measured_is_named_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    def half() -> Iterator[Figure]:
        yield Figure("one", 1.0, "s")
        raise CannotMeasure("La page n’a pas répondu.")

    assert printed("pages", ["one", "two"], half) == ["two"]
    said = capsys.readouterr()
    assert [json.loads(line)["name"] for line in said.out.splitlines()] == ["one"]
    assert "✗ pages : La page n’a pas répondu." in said.err


def test_a_fault_of_the_measure_itself_is_no_figure(capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> Iterator[Figure]:
        yield Figure("one", 1 / 0, "s")

    assert printed("load", ["one"], broken) == ["one"]
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_nothing_is_compared_with_nothing() -> None:
    with pytest.raises(CannotMeasure, match="référence"):
        beside("x", 1.0, "s", 0.0)
    with pytest.raises(CannotMeasure):
        percentile([], 0.95)
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 3.0
    assert beside("x", 3.0, "s", 2.0).ratio == 1.5
