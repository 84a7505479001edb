"""The test suite: real PostgreSQL and Valkey, fast hashing, its own folder for files."""

import os
import tempfile
from pathlib import Path

from e2c_portal.settings.base import *  # noqa: F403  a settings file is its base plus its differences
from e2c_portal.settings.base import env

SECRET_KEY = "tests-only"  # noqa: S105  a fixed key keeps the tests repeatable
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# Each process of the test run has files, a queue, a cache and a database of its own; a worker that a test starts inherits
# the name. The two groups of tests run at the same time, with workers of the same names.
GROUP = os.environ.get("TEST_GROUP", "")
# Tests move their own clock to see what expires; those of faults move the clock of whole programs, and follow.
CLOCK_FOLLOWS_DATABASE = False
LANE = "-".join(filter(None, [GROUP, os.environ.get("PYTEST_XDIST_WORKER", "main")]))
if GROUP:
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_{GROUP}"}  # noqa: F405
VAR_DIR = Path(env("TEST_VAR_DIR", default=str(Path(tempfile.gettempdir()) / "e2c-portal-tests"))) / LANE
CACHES["default"]["KEY_PREFIX"] = f"e2c-{LANE}"  # noqa: F405
CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"e2c-{LANE}-"  # noqa: F405
STORAGES["documents"]["OPTIONS"]["location"] = str(VAR_DIR / "documents")  # noqa: F405
STORAGES["default"]["OPTIONS"]["location"] = str(VAR_DIR / "media")  # noqa: F405
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A worker that a test starts may be told to write its messages elsewhere than in its own memory.
if not env("EMAIL_URL", default=""):
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LOGGING["root"]["level"] = env("LOG_LEVEL", default="WARNING")  # noqa: F405
