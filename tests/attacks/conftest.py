"""Attacks and unexpected words provoke every refusal and fault there is: none of their log lines names anybody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.people_in_logs import logs_naming_nobody


@pytest.fixture(autouse=True)
def logs_name_nobody(db: None) -> Iterator[None]:
    with logs_naming_nobody():
        yield


@pytest.fixture(autouse=True)
def media_of_its_own(documents_folder: Path, tmp_path: Path, settings: Any) -> Path:
    """Give each attack an empty folder for other files: what a hole left in another one must not be found again."""
    default, folder = settings.STORAGES["default"], tmp_path / "media"
    moved = {**default, "OPTIONS": {**default["OPTIONS"], "location": str(folder)}}
    settings.STORAGES = {**settings.STORAGES, "default": moved}
    return folder
