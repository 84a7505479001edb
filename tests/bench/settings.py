"""The portal as in production, less what needs a domain name, TLS and a mail server: `tests.bench` measures under these."""

from e2c_portal.settings.base import *  # noqa: F403  a settings file is its base plus its differences
from e2c_portal.settings.base import CACHES, CELERY_BROKER_TRANSPORT_OPTIONS, LOGGING, env

ROOT_URLCONF = "tests.bench.urls"
SECRET_KEY = "measures-only-never-used-elsewhere-and-long-enough-for-everybody"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING["handlers"]["console"]["formatter"] = "json"
# The measures may run beside the tests, on the same servers, or beside others: none hears the others.
MARK = env("BENCH_MARK", default="alone")
CACHES["default"]["KEY_PREFIX"] = f"e2c-bench-{MARK}"
CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = f"e2c-bench-{MARK}-"
if env.bool("BENCH_PLAIN_FILES", default=False):
    # The smallest run: files of pages are served as they are, without the ten seconds that compressing all of them takes.
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
    WHITENOISE_USE_FINDERS = True
