"""The settings of a worker that knows the notice, and stores where the test looks."""

from pathlib import Path

from e2c_portal.settings.base import env
from e2c_portal.settings.test import *  # noqa: F403  a settings file is its base plus its differences

INSTALLED_APPS += ["tests.documents.notices.apps.NoticesConfig"]  # noqa: F405
DOCUMENT_TEMPLATE_DIR = Path(__file__).parents[1] / "samples"
DOCUMENT_ASSET_DIRS += [DOCUMENT_TEMPLATE_DIR]  # noqa: F405
STORAGES["documents"]["OPTIONS"]["location"] = env("NOTICES_STORAGE")  # noqa: F405
