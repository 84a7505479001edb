"""The seal and the storage of the tests: real ones, in folders of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.test import override_settings

from e2c_portal.documents.sealing import create_development_authority

# These fixtures share rows and files with other processes: a folder of the test alone would be out of their reach.
SHARED = {"run_worker", "live"}
# One folder for each test of this process, made by whoever writes in it first: most write nothing. `tmp_path` would make one for
# all of them, looking each time through those of the thousand tests before.
_numbers = count()


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
def documents_folder(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, settings: Any
) -> Iterator[Path]:
    """Give each test an empty storage of documents."""
    if SHARED.intersection(request.fixturenames):
        yield Path(portal_settings.STORAGES["documents"]["OPTIONS"]["location"])
        return
    folder = tmp_path_factory.getbasetemp() / "documents" / str(next(_numbers))
    settings.STORAGES = storages_in(folder)
    yield folder
