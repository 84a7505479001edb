"""What `make faults` says: one line as each fault has had all its turns, each failed turn at once, and the table at the end.

Several processes run the turns; a report carries what each noted to the one that writes.
"""

import codecs
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from dev.paths import ROOT, TEST_RUN
from tests.faults.repeats import REPEATS, take_noted

FOLDER = TEST_RUN / "faults"
TABLE = FOLDER / "tableau.md"
CARRIED = "fault"
TURN = re.compile(r"-?(\d+)\]$")
# What tells of a turn afterwards, beside the logs of its programs: what waited, what failed and why.
ROWS = {
    "documents": "SELECT id, kind, status, attempts, failure, queued_at, claimed_at, retry_at FROM documents_document",
    "travaux": "SELECT id, task, arguments, created_at, published_at FROM kernel_job",
    "pannes": "SELECT kind, count, reason, opened_at, seen_at, closed_at FROM upkeep_incident",
}


@dataclass
class Outcome:
    """What one fault did, over all its turns."""

    name: str
    turns: int = 0
    lost: int = 0
    doubled: int = 0
    seconds: float = 0
    failed: set[int] = field(default_factory=set)
    told: set[str] = field(default_factory=set)

    def add(self, report: pytest.TestReport) -> None:
        self.seconds += report.duration
        self.turns += report.when == "teardown"
        if report.failed:
            self.failed.add(turn_of(report.nodeid))
        # The report of each phase carries all that the test noted so far.
        for key, noted in report.user_properties if report.when == "call" else ():
            if key == CARRIED and isinstance(noted, dict):
                self.name = noted["fault"]
                self.lost += noted["lost"]
                self.doubled += noted["doubled"]
                self.told.add(noted["told"])

    def line(self) -> str:
        failed = f", en échec : {_numbers(self.failed)}" if self.failed else ""
        mark = "✗" if self.failed or self.lost or self.doubled else "✓"
        return (
            f"{mark} {self.name} : {self.turns} fois, {self.lost} perdu, {self.doubled} double{failed}"
            f" ({self.seconds / max(1, self.turns):.1f} s par tour)"
        )

    def row(self) -> str:
        told = " / ".join(sorted(self.told)) or "rien : aucun tour n’est allé au bout"
        return (
            f"| {self.name} | {self.turns} | {self.lost} | {self.doubled} | {_numbers(self.failed) or '0'} | {told} |"
        )


class Progress:
    """Listens to the reports of all processes, in the one that writes."""

    def __init__(self, config: pytest.Config) -> None:
        self.config, self.started = config, time.monotonic()
        self.outcomes: dict[str, Outcome] = {}
        self.expected: set[str] = set()
        shutil.rmtree(FOLDER, ignore_errors=True)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.expect(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: object, ids: list[str]) -> None:
        self.expect(ids)

    def expect(self, nodeids: Iterable[str]) -> None:
        self.expected |= {scenario_of(nodeid) for nodeid in nodeids}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        key = scenario_of(report.nodeid)
        outcome = self.outcomes.setdefault(key, Outcome(_words_of(key)))
        outcome.add(report)
        if report.failed:
            reason = str(
                report.longrepr.reprcrash.message if hasattr(report.longrepr, "reprcrash") else report.longrepr
            )
            where = folder_of(report.nodeid).relative_to(ROOT)
            self.say(
                f"  ✗ {outcome.name}, tour {turn_of(report.nodeid)} : {reason.splitlines()[0][:160]}\n    {where}/"
            )
        if report.when == "teardown" and outcome.turns == REPEATS:
            done = sum(one.turns == REPEATS for one in self.outcomes.values())
            minutes, seconds = divmod(int(time.monotonic() - self.started), 60)
            self.say(f"[{done}/{len(self.expected)}, {minutes:02}:{seconds:02}] {outcome.line()}")

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """One line a fault is enough: no letter for each turn."""
        return (report.outcome, "", report.outcome.upper()) if report.when == "call" and not report.skipped else None

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in self.table():
            terminalreporter.write_line(line)
        if self.outcomes:
            FOLDER.mkdir(parents=True, exist_ok=True)
            TABLE.write_text("\n".join(self.table()) + "\n", encoding="utf-8")
            terminalreporter.write_line(f"\nTableau : {TABLE.relative_to(ROOT)}")

    def table(self) -> list[str]:
        """Return the lines of the table, none when nothing ran."""
        if not self.outcomes:
            return []
        rows = sorted(self.outcomes.values(), key=lambda one: one.name)
        total = Counter(
            turns=sum(one.turns for one in rows), lost=sum(one.lost for one in rows),
            doubled=sum(one.doubled for one in rows), failed=sum(len(one.failed) for one in rows),
        )  # fmt: skip
        return [
            "", "| panne | tours | perdus | doubles | tours en échec | dit à l’équipe |", "|---|---|---|---|---|---|",
            *(one.row() for one in rows),
            f"| {len(rows)} pannes | {total['turns']} | {total['lost']} | {total['doubled']} | {total['failed']} | |",
        ]  # fmt: skip

    def say(self, line: str) -> None:
        writer = self.config.get_terminal_writer()
        writer.line(line)
        writer.flush()


def keep_evidence(item: pytest.Item, report: pytest.TestReport) -> None:
    """Give what a turn noted to its report and, when it failed, keep its words, its logs and its rows."""
    if report.when == "call":
        item.user_properties += [(CARRIED, noted) for noted in take_noted()]
        report.user_properties = list(item.user_properties)
    if report.failed:
        folder = folder_of(item.nodeid)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"echec-{report.when}.txt").write_text(report.longreprtext, encoding="utf-8")
        _keep_logs(folder, getattr(item, "funcargs", {}))
        _keep_rows(folder)


def _keep_logs(folder: Path, asked: dict[str, Any]) -> None:
    places = {thing.folder: name for name, thing in asked.items() if isinstance(getattr(thing, "folder", None), Path)}
    for place, name in (places | ({asked["tmp_path"]: ""} if "tmp_path" in asked else {})).items():
        for log in place.glob("*.log"):
            shutil.copyfile(log, folder / "-".join(filter(None, (name, log.name))))


def _keep_rows(folder: Path) -> None:
    for name, query in ROWS.items():
        try:
            with connection.cursor() as cursor:
                cursor.execute(query)
                lines = [" | ".join(column.name for column in cursor.description or ())]
                lines += [" | ".join(map(str, row)) for row in cursor.fetchall()]
        # Evidence is a help: a database that is away, or closed to this test, must not hide why the turn failed.
        except Exception as error:
            lines = [f"illisible : {error}"]
        (folder / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")


def scenario_of(nodeid: str) -> str:
    """Return what names a fault whatever its turn. pytest writes accents and apostrophes by their numbers."""
    return codecs.decode(TURN.sub("]", nodeid), "unicode_escape")


def turn_of(nodeid: str) -> int:
    """Return the number of a turn, from one; one for a test that has no turns."""
    found = TURN.search(nodeid)
    return int(found[1]) + 1 if found else 1


def folder_of(nodeid: str) -> Path:
    """Return where a failed turn leaves what tells of it."""
    name = re.sub(r"\W+", "-", scenario_of(nodeid).partition("::")[2]).strip("-")
    return FOLDER / name / f"tour-{turn_of(nodeid):02}"


def _words_of(scenario: str) -> str:
    return scenario.partition("::test_")[2].replace("_", " ").replace("[]", "")


def _numbers(turns: set[int]) -> str:
    return ", ".join(f"n° {turn}" for turn in sorted(turns))
