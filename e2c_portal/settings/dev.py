"""Development and demonstration: no secret needed, nothing leaves the machine."""

from e2c_portal.settings.base import *  # noqa: F403  a settings file is its base plus its differences
from e2c_portal.settings.base import DEMO, env

DEBUG = env.bool("DEBUG", default=not DEMO)
# What is being written must show at once.
KEPT_PAGES = not DEBUG
SECRET_KEY = env("SECRET_KEY", default="development-only-key-never-used-in-production")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
# Messages are files here: neither the terminal nor the logs show a personal link or a code.
if not env("EMAIL_URL", default=""):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "messages"  # noqa: F405
SMS_BACKEND = env("SMS_BACKEND", default="e2c_portal.mailing.sms.FileSms")
METRICS_NETWORKS = env.list("METRICS_NETWORKS", default=["127.0.0.1/32", "::1/128"])
METRICS_DIR = env("METRICS_DIR", default=str(VAR_DIR / "run" / "metrics"))  # noqa: F405
# Nobody real: a demonstration says that it is one.
LEGAL_PUBLISHER = env("LEGAL_PUBLISHER", default="Région Exemple (démonstration), 1 place de l’Exemple, 00000 Exemple")
LEGAL_DIRECTOR = env("LEGAL_DIRECTOR", default="la présidence de la Région Exemple (démonstration)")
LEGAL_HOST = env("LEGAL_HOST", default="cette machine, pour la démonstration")
LEGAL_DATA_CONTACT = env("LEGAL_DATA_CONTACT", default="dpo@region.exemple.invalid")
LEGAL_ACCESSIBILITY_CONTACT = env("LEGAL_ACCESSIBILITY_CONTACT", default="accessibilite@region.exemple.invalid")
