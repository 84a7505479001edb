"""`make audit`: known flaws of the locked dependencies, and those that have newer versions.

pip-audit says « no known vulnerabilities » and succeeds when its base of advisories knows none of our packages, as behind a
proxy that answers for it: here, what could not be looked up is a failure of its own, never a success.
"""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.console import complain, last_lines, say, step
from dev.environment import prepare_environment
from dev.paths import REQUIREMENTS, ROOT, venv_program

LOCK = REQUIREMENTS / "production.txt"
# What the caller reads: 2 is that of a command line that is not understood.
CLEAN, FLAWED, UNKNOWN = 0, 1, 3
PATIENCE_SECONDS = 300
AWAY = (
    "La base des avis de sécurité n’a rien dit de {which} : on ne peut pas conclure. "
    'Relancez depuis une machine qui atteint cette base, ou donnez une autre base : make audit ARGS="--vulnerability-service osv".'
)


@dataclass(frozen=True)
class Flaw:
    """One advisory about one locked version, and the versions that mend it."""

    package: str
    version: str
    advisory: str
    fixed_in: tuple[str, ...]

    def __str__(self) -> str:
        mended = ", ".join(self.fixed_in) or "aucune version corrigée pour l’instant"
        return f"{self.package} {self.version} : {self.advisory} (corrigé dans : {mended})"


@dataclass(frozen=True)
class Report:
    """What the base of advisories answered: how many it was asked about, those it could not answer for, the flaws."""

    total: int
    unknown: tuple[str, ...]
    flaws: tuple[Flaw, ...]

    @property
    def code(self) -> int:
        """The exit code: a flaw is told even when other packages could not be looked up."""
        if self.flaws:
            return FLAWED
        return UNKNOWN if self.unknown or not self.total else CLEAN


def audit(arguments: list[str]) -> int:
    """Print the flaws and the outdated dependencies. Returns 0 when none is flawed, 1 when some are, 3 when nobody knows."""
    prepare_environment()
    with step("Avis de sécurité sur les dépendances verrouillées"):
        report = advisories(LOCK, arguments)
    say_report(report)
    with step("Versions plus récentes"):
        newer = outdated()
    say_outdated(newer)
    return report.code


def advisories(lock: Path, arguments: list[str]) -> Report:
    """Ask the base of advisories about every line of a lock; a base that cannot be reached knows nothing of any."""
    command = [
        venv_program("pip-audit"), f"--requirement={lock}", "--require-hashes", "--disable-pip", "--format=json",
        "--progress-spinner=off", *arguments,
    ]  # fmt: skip
    done = _run(command)
    try:
        return read(json.loads(done.stdout))
    except (ValueError, KeyError):
        complain(last_lines(done.stderr, 3))
        return Report(0, (), ())


def read(told: dict[str, Any]) -> Report:
    """Return what a report of pip-audit says."""
    lines = told["dependencies"]
    flaws = [
        Flaw(line["name"], line["version"], flaw["id"], tuple(flaw["fix_versions"]))
        for line in lines
        for flaw in line.get("vulns", ())
    ]
    return Report(len(lines), tuple(line["name"] for line in lines if "skip_reason" in line), tuple(flaws))


def outdated() -> list[str] | None:
    """Return the installed dependencies that have a newer version, None when the registry does not answer."""
    done = _run(
        [venv_program("python"), "-m", "pip", "list", "--outdated", "--format=json", "--disable-pip-version-check"]
    )
    try:
        return [f"{one['name']} {one['version']} → {one['latest_version']}" for one in json.loads(done.stdout)]
    except ValueError:
        return None


def say_report(report: Report) -> None:
    """Print what was found, in French."""
    for flaw in report.flaws:
        say(f"  ✗ {flaw}")
    if report.unknown or not report.total:
        number = len(report.unknown)
        which = f"{number} dépendance{'s' * (number > 1)} sur {report.total}" if report.total else "nos dépendances"
        complain(AWAY.format(which=which))
    if report.flaws:
        say('Montez ces versions : make lock ARGS="--upgrade-package NOM", puis make test.')
    elif not report.unknown and report.total:
        say(f"Aucune faille connue dans les {report.total} dépendances de production.")


def say_outdated(newer: list[str] | None) -> None:
    """Print the newer versions; having some is no fault."""
    if newer is None:
        complain("Le registre des paquets n’a pas répondu : les versions plus récentes ne sont pas connues.")
    for line in newer or ():
        say(f"  {line}")


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, UNKNOWN, "", "pas de réponse")
