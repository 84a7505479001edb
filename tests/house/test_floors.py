"""The floors of the house: held by import-linter, whose contracts must name everything there is."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from django.conf import settings as portal_settings

from tests.house.source import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
# Read by everybody, importing nobody of ours: settings, the web and Celery entry points.
BESIDE_THE_FLOORS = {"settings", "wsgi", "asgi", "celery"}
# The same in every app, and bound to one step by their own nature.
BESIDE_THE_STEPS = {"apps", "migrations", "templatetags", "permissions", "management"}


def named_in(contract: str, app: str = "") -> set[str]:
    """Return the modules that a contract names; with an app, the contract of that very app."""
    found = [item for item in CONTRACTS["contracts"] if item["name"].startswith(contract)]
    [layers] = [item["layers"] for item in found if not app or app in item["containers"]]
    return set(re.findall(r"[\w.]+", " ".join(layers)))


def modules_of(package: Path) -> set[str]:
    return {
        path.stem for path in package.iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and not path.name.startswith("_")
    }  # fmt: skip


def test_the_contracts_are_kept() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    outcome = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout


def test_every_foundation_stands_on_a_floor() -> None:
    floors = named_in("Floors")
    packages = modules_of(ROOT / "e2c_portal") - BESIDE_THE_FLOORS
    assert {f"e2c_portal.{name}" for name in packages} - floors == set()


def test_every_app_stands_on_a_floor() -> None:
    ours = {app.split(".")[0] for app in portal_settings.INSTALLED_APPS if (ROOT / app.split(".")[0]).is_dir()}
    assert ours - {"e2c_portal"} <= named_in("Floors")
    assert ours <= set(CONTRACTS["root_packages"])


def test_every_part_of_an_app_has_its_step() -> None:
    for app in ("schools", "partnerships", "trainees", "assises"):
        steps = named_in("Steps", app) | BESIDE_THE_STEPS
        assert modules_of(ROOT / app) - steps == set(), app
