"""The settings of those programs: the notice and the pact are known, and files are stored where the test looks."""

from pathlib import Path

from e2c_portal.settings.base import env
from e2c_portal.settings.test import *  # noqa: F403  a settings file is its base plus its differences

TESTS = Path(__file__).parents[2]
INSTALLED_APPS += ["tests.faults.portal.apps.FaultsConfig"]  # noqa: F405
DOCUMENT_ASSET_DIRS += [TESTS / "documents" / "samples", TESTS / "signing" / "samples"]  # noqa: F405
TEMPLATES[0]["DIRS"] += [TESTS / "mailing" / "templates"]  # noqa: F405
STORAGES["documents"]["OPTIONS"]["location"] = env("FAULTS_STORAGE")  # noqa: F405
# Where a test writes the places at which a program must stop.
FAULTS_PLACES = Path(env("FAULTS_PLACES"))
# As in production: a program whose clock is wrong judges codes and visits by the database.
CLOCK_FOLLOWS_DATABASE = True
