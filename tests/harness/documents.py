"""The seal and the storage of the tests: real ones, in folders of their own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings

from e2c_portal.documents.sealing import create_development_authority

# These fixtures share rows and files with other processes: a folder of the test alone would be out of their reach.
SHARED = {"run_worker", "live"}


@pytest.fixture(scope="session")
def seal_key() -> None:
    """Make the development authority that seals the tests' documents, once."""
    create_development_authority(Path(portal_settings.VAR_DIR) / "keys")


@pytest.fixture(autouse=True)
def documents_folder(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Give each test an empty storage of documents."""
    if SHARED.intersection(request.fixturenames):
        yield Path(portal_settings.STORAGES["documents"]["OPTIONS"]["location"])
        return
    folder = tmp_path / "documents"
    documents = portal_settings.STORAGES["documents"]
    moved = {**documents, "OPTIONS": {**documents["OPTIONS"], "location": str(folder)}}
    settings.STORAGES = {**portal_settings.STORAGES, "documents": moved}
    yield folder
