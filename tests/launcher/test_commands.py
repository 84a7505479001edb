"""The commands as they are typed, and what they say when something is missing."""

import os
import re
import subprocess
import sys

import pytest

from dev import environment, system_libraries
from dev.console import Refusal
from dev.paths import ROOT
from dev.system_libraries import DOCUMENTS, TESTS, Need, ensure, missing_packages
from dev.tests import source_checks
from tests.launcher.running import clean_environment

COMMANDS = ("demo", "demo-reset", "test", "fuzz", "drill", "lint", "services", "manage", "lock", "clean")


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=False)


def test_make_alone_lists_every_command_in_french():
    listed = call("make").stdout
    assert re.findall(r"^ {2}make ([a-z-]+) +\S", listed, re.MULTILINE) == ["help", *COMMANDS]
    assert "Démarre" in listed


def test_continuous_integration_runs_the_tests_and_nothing_else():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = [line for line in script.read_text().splitlines() if line and not line.startswith("#")]
    assert lines[-1] == "exec make test"
    assert len(lines) == 3


def test_an_unknown_command_is_refused():
    assert call(sys.executable, "-m", "dev", "demolish").returncode == 2


def test_demo_reset_leaves_a_database_of_the_person_alone():
    base = clean_environment(DATABASE_URL="postgres://quelqu-un@base.invalid/portail")
    done = subprocess.run(
        [sys.executable, "-m", "dev", "demo-reset"], cwd=ROOT, env=base, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "n’appartient pas à la démonstration" in done.stderr


def test_nothing_but_the_standard_library_is_needed_to_start():
    """`-I -S` hides every installed package."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import dev.__main__"
    done = call(sys.executable, "-I", "-S", "-c", code)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_environment_depends_on_the_lock_and_on_python(monkeypatch, tmp_path):
    mark = environment.lock_mark()
    changed = tmp_path / "development.txt"
    changed.write_bytes(environment.LOCK.read_bytes() + b"# one more\n")
    monkeypatch.setattr(environment, "LOCK", changed)
    assert environment.lock_mark() != mark


def test_uv_follows_what_pip_was_told_and_brings_no_python_of_its_own():
    told = {
        "PIP_INDEX_URL": "https://paquets.invalid/simple",
        "PIP_CERT": "/etc/ssl/region.pem",
        "VIRTUAL_ENV": "/ailleurs",
    }
    given = environment.uv_environment(told)
    assert given["UV_DEFAULT_INDEX"] == told["PIP_INDEX_URL"]
    assert given["SSL_CERT_FILE"] == told["PIP_CERT"]
    assert given["UV_PYTHON_DOWNLOADS"] == "never"
    assert "VIRTUAL_ENV" not in given
    assert (
        environment.uv_environment(told | {"UV_DEFAULT_INDEX": "https://mien.invalid"})["UV_DEFAULT_INDEX"]
        == "https://mien.invalid"
    )


def test_the_machine_of_this_run_has_what_the_tests_need():
    assert missing_packages(TESTS) == []
    assert set(DOCUMENTS) <= set(TESTS)


def test_without_apt_the_missing_packages_are_named(monkeypatch):
    monkeypatch.setattr(system_libraries.shutil, "which", lambda name, path=None: None)
    with pytest.raises(Refusal, match="libpango-1.0-0.*installez-les"):
        ensure([Need("libpango-1.0-0", lambda: False), Need("present", lambda: True)])


def test_when_apt_fails_one_line_to_type_is_given(monkeypatch, tmp_path):
    broken = tmp_path / "apt-get"
    broken.write_text("#!/bin/sh\necho 'E: Unable to locate package' >&2\nexit 100\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(system_libraries, "SYSTEM", tmp_path / "system")
    with pytest.raises(Refusal, match="(?s)Unable to locate package.*sudo apt-get install -y e2c-no-such-package"):
        ensure([Need("e2c-no-such-package", lambda: False)])


def test_every_check_of_the_source_is_run():
    commands = " ".join(" ".join(command) for command in source_checks().values())
    for tool in (
        "ruff check",
        "ruff format --check",
        "lint-imports",
        "djlint --lint",
        "makemigrations --check",
        "mypy",
    ):
        assert tool in commands
