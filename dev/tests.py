"""`make test`: every check of the project from an empty machine, and `make lint`, the checks of the source alone."""

import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from dev import run_folder
from dev.console import indented, read_log, say
from dev.environment import prepare_environment
from dev.orphans import adopt_orphans, end_orphans
from dev.paths import ROOT, TEST_RUN, venv_program
from dev.portal import portal_environment
from dev.postgres import remove_data
from dev.processes import POLL_SECONDS, Child, Program, Supervisor, run_in_foreground
from dev.services import start_services
from dev.stopping import pause
from dev.system_libraries import DOCUMENTS, TESTS, Need, ensure

REPORTS = TEST_RUN / "reports"
LOGS = TEST_RUN / "logs"
FILES = TEST_RUN / "files"
NO_TEST = 5
CHECKS_AT_ONCE = 2
# What people read, the name of its files and databases, the options of pytest.
Group = tuple[str, str, list[str]]
# Browser tests run apart: Playwright's event loop makes Django refuse database calls in the same process. Both groups go on at
# the same time: what waits for a page, a lease or a program to be born leaves the processors to the others.
WORKERS = {"main": 2, "browser": 2}
MAIN = ("Tests", "main", ["-m", "not browser"])
BROWSER = ("Tests dans un navigateur", "browser", ["-m", "browser"])
# A turn of a fault waits for programs to be born, for leases and for retries more than it computes: three go on together.
FAULTS_AT_ONCE = 3
FAULTS = ("Pannes", "faults", ["-m", "slow", "--no-header"])
FAULT_TURNS = "20"


@dataclass(frozen=True)
class Outcome:
    """What one check or one group of tests gave."""

    title: str
    code: int
    seconds: float
    detail: str = ""

    @property
    def passed(self) -> bool:
        """Tell whether it ended as a program that succeeded."""
        return self.code == 0


def source_checks() -> dict[str, list[str]]:
    """Return the checks of the source and their commands, the longest first: they run two at a time."""
    ruff = venv_program("ruff")
    return {
        "Types (mypy)": [venv_program("mypy")],
        "Règles de code (ruff check)": [ruff, "check", "."],
        "Mise en forme (ruff format)": [ruff, "format", "--check", "."],
        "Étages de l’architecture (import-linter)": [venv_program("lint-imports")],
        "Gabarits (djlint)": [venv_program("djlint"), "--lint", "--quiet", "templates"],
        "Migrations complètes (makemigrations)": [
            venv_program("python"),
            "manage.py",
            "makemigrations",
            "--check",
            "--dry-run",
        ],
    }


def preparations() -> dict[str, list[str]]:
    """Return what is made ready while the source is checked: ten seconds of migrations that no worker then waits for."""
    return {"Bases des tests": databases_command(WORKERS)}


def databases_command(workers: dict[str, int]) -> list[str]:
    """Return the command that makes one database for each process of these groups."""
    wanted = [word for name, number in workers.items() for word in (name, str(number))]
    return [venv_program("python"), "-m", "tests.harness.make_databases", *wanted]


def with_workers(group: Group, number: int) -> Group:
    """Return a group shared out between so many processes, each on a database of its own."""
    title, name, options = group
    return title, name, [*options, "-n", str(number), "--dist", "worksteal", "--reuse-db"]


def test(arguments: list[str]) -> int:
    """Run everything, or only the tests that the pytest `arguments` select. Return 0 when all passed, else 1."""
    with _prepared(TESTS) as (supervisor, environment):
        if arguments:
            return summary(run_groups(supervisor, arguments, environment))
        outcomes = run_checks(supervisor, environment, preparations())
        return summary(outcomes + run_everything(supervisor, environment))


def lint() -> int:
    """Run the checks of the source. Return 0 when all passed, else 1."""
    with _prepared(DOCUMENTS) as (supervisor, environment):
        return summary(run_checks(supervisor, environment, {}))


def faults(arguments: list[str]) -> int:
    """Bring about every fault FAULT_REPEATS times, or those that the pytest `arguments` select. Return 0 when none lost anything."""
    _, name, _ = FAULTS
    with _prepared(TESTS) as (supervisor, environment):
        turns = {"FAULT_REPEATS": environment.get("FAULT_REPEATS", FAULT_TURNS), "TEST_GROUP": name}
        if code := run_in_foreground(databases_command({name: FAULTS_AT_ONCE}), environment, ROOT):
            return code
        adopt_orphans()
        try:
            outcome = _run_group(
                with_workers(FAULTS, FAULTS_AT_ONCE), arguments or ["tests/faults"], environment | turns
            )
        finally:
            _end_forgotten(supervisor)
        return summary([outcome])


@contextmanager
def _prepared(needs: tuple[Need, ...]) -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """Give fresh services to the block and stop them after it; nothing of an earlier run is left."""
    supervisor = Supervisor()
    with run_folder.held(TEST_RUN, "make test"):
        prepare_environment()
        ensure(needs)
        remove_data(TEST_RUN)
        for folder in (LOGS, REPORTS, FILES, TEST_RUN / "valkey"):
            shutil.rmtree(folder, ignore_errors=True)
        REPORTS.mkdir(parents=True)
        (FILES / "portal" / "static").mkdir(parents=True)
        base = portal_environment("test", FILES / "portal") | {"TEST_VAR_DIR": str(FILES / "portal")}
        try:
            yield supervisor, start_services(supervisor, TEST_RUN, base, throwaway=True)
        finally:
            supervisor.stop()


def run_checks(supervisor: Supervisor, environment: dict[str, str], beside: dict[str, list[str]]) -> list[Outcome]:
    """Run the checks of the source, and what goes `beside` them, showing the whole output of those that fail."""
    say("\nContrôles du code")
    waiting = [
        Program(title, command, environment, LOGS / f"check-{number}.log", ROOT)
        for number, (title, command) in enumerate((beside | source_checks()).items())
    ]
    running: list[tuple[Child, float]] = []
    outcomes: list[Outcome] = []
    while waiting or running:
        while waiting and len(running) < CHECKS_AT_ONCE:
            running.append((supervisor.start(waiting.pop(0))[0], time.monotonic()))
        pause(POLL_SECONDS)
        for child, started in [entry for entry in running if entry[0].process.poll() is not None]:
            running.remove((child, started))
            outcomes.append(_checked(child, time.monotonic() - started))
    return outcomes


def _checked(child: Child, seconds: float) -> Outcome:
    outcome = Outcome(child.program.name, child.process.returncode, seconds)
    say(_line(outcome))
    if not outcome.passed:
        say(indented(read_log(child.program.log)))
    return outcome


def run_everything(supervisor: Supervisor, environment: dict[str, str]) -> list[Outcome]:
    """Run both groups at the same time, each on its own databases, queues and files. The second is shown when it is over."""
    adopt_orphans()
    title, name, options = with_workers(BROWSER, WORKERS["browser"])
    say(f"\n{MAIN[0]}, et en même temps {title[0].lower()}{title[1:]}")
    report, started = REPORTS / f"{name}.xml", time.time()
    program = Program(
        title, pytest_command(name, options, []), environment | {"TEST_GROUP": name}, LOGS / f"{name}.log", ROOT,
        stop_signal=signal.SIGINT, death_signal=signal.SIGINT,
    )  # fmt: skip
    [beside] = supervisor.start(program)
    try:
        main = with_workers(MAIN, WORKERS["main"])
        outcomes = [_run_group(main, [], environment | {"TEST_GROUP": MAIN[1]})]
        while beside.process.poll() is None:
            pause(POLL_SECONDS)
    finally:
        _end_forgotten(supervisor)
    say(f"\n{title}\n{read_log(program.log)}")
    # Its last words are written when it ends, which may be long before the others do.
    seconds = program.log.stat().st_mtime - started
    return [*outcomes, Outcome(title, beside.process.returncode, seconds, counts(report))]


def run_groups(supervisor: Supervisor, arguments: list[str], environment: dict[str, str]) -> list[Outcome]:
    """Run pytest on a selection, once for each group. It may leave one group empty, never both."""
    adopt_orphans()
    outcomes = []
    # A marker given by the person replaces the groups': everything then runs in one process.
    both = [with_workers(group, WORKERS[group[1]]) for group in (MAIN, BROWSER)]
    for group in [("Tests choisis", "chosen", [])] if "-m" in arguments else both:
        say(f"\n{group[0]}")
        try:
            outcome = _run_group(group, arguments, environment)
        finally:
            _end_forgotten(supervisor)
        if outcome.code != NO_TEST:
            outcomes.append(outcome)
    return outcomes or [Outcome("Aucun test ne correspond à cette sélection", 1, 0)]


def pytest_command(name: str, options: list[str], arguments: list[str]) -> list[str]:
    """Return the command of one group. The temporary files of a test that failed stay where they are found until the next run."""
    report, files = REPORTS / f"{name}.xml", FILES / name
    python = venv_program("python")
    return [python, "-m", "pytest", *options, f"--junitxml={report}", f"--basetemp={files}", *arguments]


def _run_group(group: Group, arguments: list[str], environment: dict[str, str]) -> Outcome:
    title, name, options = group
    started = time.monotonic()
    code = run_in_foreground(pytest_command(name, options, arguments), environment, ROOT)
    return Outcome(title, code, time.monotonic() - started, counts(REPORTS / f"{name}.xml"))


def _end_forgotten(supervisor: Supervisor) -> None:
    for forgotten in end_orphans(supervisor.numbers()):
        say(f"Processus oublié par un test, arrêté : {forgotten}")


def counts(report: Path) -> str:
    """Return the figures of a pytest report as it words them itself, empty when there is no report."""
    if not report.exists():
        return ""
    suites = ElementTree.parse(report).iter("testsuite")  # noqa: S314  written by our own pytest
    total, failed, skipped = 0, 0, 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return f"{total - failed - skipped} passed, {failed} failed, {skipped} skipped"


def summary(outcomes: list[Outcome]) -> int:
    """Print one line for each outcome, failures last where they are read, and return the exit code."""
    say("\nBilan")
    for outcome in sorted(outcomes, key=lambda outcome: not outcome.passed):
        say(_line(outcome))
    failures = sum(not outcome.passed for outcome in outcomes)
    say("Tout est bon." if not failures else f"{failures} contrôle(s) en échec. Journaux des serveurs : {LOGS}")
    return 1 if failures else 0


def _line(outcome: Outcome) -> str:
    mark = "✓" if outcome.passed else "✗"
    detail = f" : {outcome.detail}" if outcome.detail else ""
    return f"  {mark} {outcome.title}{detail} ({outcome.seconds:.1f} s)".replace(".", ",")
