"""The settings of a worker that knows the notice and the pact, and stores where the test looks."""

from e2c_portal.settings.base import env
from e2c_portal.settings.test import *  # noqa: F403  a settings file is its base plus its differences
from e2c_portal.settings.test import BASE_DIR

INSTALLED_APPS += ["tests.upkeep.worker_app.WorkerConfig"]  # noqa: F405
DOCUMENT_ASSET_DIRS += [BASE_DIR / "tests" / name / "samples" for name in ("documents", "signing")]  # noqa: F405
STORAGES["documents"]["OPTIONS"]["location"] = env("NOTICES_STORAGE")  # noqa: F405
