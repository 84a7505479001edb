"""The project's own files, and how to read them: for the tests of the house."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings as portal_settings

ROOT = Path(portal_settings.BASE_DIR)
PACKAGES = ("e2c_portal", "schools", "partnerships", "trainees", "assises", "dev", "tests")


def python_files(*packages: str) -> list[Path]:
    """Return our Python files, migrations aside: those are written by a command."""
    found = (path for package in packages or PACKAGES for path in (ROOT / package).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


def files(folder: str, *endings: str) -> list[Path]:
    """Return the files of a folder whose names end so."""
    return sorted(path for path in (ROOT / folder).rglob("*") if path.name.endswith(endings))


def shown(path: Path) -> str:
    """Return a path as people write it, from the top of the project."""
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_modules(module: ast.Module) -> Iterator[str]:
    """Name every module that a file imports, wherever in it."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
