"""The version before this one: the commit that added its heading to CHANGELOG.md, and its code as it was."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.house.source import ROOT

HEADING = re.compile(r"^## \[(\d+\.\d+\.\d+)\]", re.MULTILINE)
NO_HISTORY = "Ce dossier n’a pas l’historique du projet (archive sans .git) : le passage d’une version à l’autre n’y est pas vérifié."
SHALLOW = (
    "L’historique est coupé : le commit qui a ajouté « ## [{version}] » à CHANGELOG.md n’y est pas, et le passage d’une version à "
    "l’autre ne peut pas être vérifié. Lancez : git fetch --unshallow"
)


def git(*arguments: str) -> str:
    """Run git in the project and return what it says."""
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


@cache
def previous_commit() -> tuple[str, str]:
    """Return the last version of CHANGELOG.md and its commit; the one before when this very commit is that version's.

    Fails when the history is cut short, skips where there is none at all.
    """
    if not (ROOT / ".git").exists():
        pytest.skip(NO_HISTORY)
    head = git("rev-parse", "HEAD").strip()
    versions = HEADING.findall((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    commit = ""
    for version in versions:
        added = git("log", f"-S## [{version}]", "--format=%H", "--reverse", "--", "CHANGELOG.md").split()
        if not added:
            pytest.fail(SHALLOW.format(version=version))
        commit = added[0]
        if commit != head:
            return version, commit
    return versions[-1], commit


def unpacked(commit: str, folder: Path) -> Path:
    """Write the files of a commit in a folder, and return it."""
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True)
    folder.mkdir(parents=True)
    subprocess.run(["tar", "--extract", f"--directory={folder}"], input=archive.stdout, check=True)
    return folder


@cache
def files_of(commit: str) -> frozenset[str]:
    """Return the paths of a commit."""
    return frozenset(git("ls-tree", "-r", "--name-only", commit).splitlines())
