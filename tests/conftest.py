"""What every test may ask for. The fixtures live in tests/harness, by purpose; the builders in tests/factories."""

import gc
from pathlib import Path

import pytest
from _pytest import runner

from e2c_portal.kernel.stack_room import with_room

pytest_plugins = [
    "tests.harness.database",
    "tests.harness.cache",
    "tests.harness.entering",
    "tests.harness.people",
    "tests.harness.proconnect",
    "tests.harness.partnerships",
    "tests.harness.documents",
    "tests.documents.notices.fixtures",
    "tests.harness.pages",
    "tests.harness.worker",
    "tests.harness.serving",
    "tests.harness.browser",
]


def pytest_configure(config: pytest.Config) -> None:
    """A page cut from an unordered list shows some rows twice and others never: that is a fault, not a warning."""
    config.addinivalue_line("filterwarnings", "error::django.core.paginator.UnorderedObjectListWarning")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave unread, where browser tests alone run, the files that never write their mark: all their tests would be put aside.

    Reading the three hundred others costs each process of that group five seconds of processor.
    """
    if config.option.markexpr != "browser" or collection_path.suffix != ".py" or not collection_path.is_file():
        return None
    return True if "mark.browser" not in collection_path.read_text(encoding="utf-8") else None


def pytest_collection_finish() -> None:
    """What is loaded by now lives to the end: the collector of cycles need not walk through it at each of its rounds."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run each test as pages, tasks and commands run: with room for their calls."""
    return with_room(runner.pytest_runtest_protocol, item, nextitem)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let whoever adds an address see who enters it (tests/rights)."""
    parser.addoption("--rights-table", default="", help="file to write who enters each address today")
