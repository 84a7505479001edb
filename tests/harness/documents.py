"""The seal and the storage of the tests: real ones, in folders of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.test import override_settings

from e2c_portal.documents.sealing import create_development_authority

# These fixtures share rows and files with other processes: a folder of the test alone would be out of their reach.
SHARED = {"run_worker", "live"}


@pytest.fixture(scope="session")
def seal_key() -> None:
    """Make the development authority that seals the tests' documents, once."""
    create_development_authority(Path(portal_settings.VAR_DIR) / "keys")


def storages_in(folder: Path) -> dict[str, Any]:
    """Return the setting STORAGES with the documents kept in a folder."""
    documents = portal_settings.STORAGES["documents"]
    moved = {**documents, "OPTIONS": {**documents["OPTIONS"], "location": str(folder)}}
    return {**portal_settings.STORAGES, "documents": moved}


@contextmanager
def stored_in(folder: Path) -> Iterator[None]:
    """Keep the documents in a folder while the block runs: for what the tests of a whole file share."""
    with override_settings(STORAGES=storages_in(folder)):
        yield


@pytest.fixture(autouse=True)
def documents_folder(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Give each test an empty storage of documents."""
    if SHARED.intersection(request.fixturenames):
        yield Path(portal_settings.STORAGES["documents"]["OPTIONS"]["location"])
        return
    folder = tmp_path / "documents"
    settings.STORAGES = storages_in(folder)
    yield folder
