"""Production: refuses to start without its secrets, and says which one is missing."""

import logging
import sys

from django.core.exceptions import ImproperlyConfigured

from e2c_portal.kernel import json_lines
from e2c_portal.settings.base import *  # noqa: F403  a settings file is its base plus its differences
from e2c_portal.settings.base import DEMO, LOGGING, env

PORTAL_PRODUCTION = True

REQUIRED = {
    "SECRET_KEY": "clé secrète de Django (50 caractères au hasard au moins)",
    "DATABASE_URL": "adresse de PostgreSQL, par exemple postgres://utilisateur:secret@hote:5432/portail",
    "REDIS_URL": "adresse de Redis ou de Valkey, par exemple redis://hote:6379/0",
    "ALLOWED_HOSTS": "noms de domaine du portail, séparés par des virgules",
    "PORTAL_URL": "adresse publique du portail, imprimée dans les documents",
    "EMAIL_URL": "serveur d’envoi des messages, par exemple smtp+tls://utilisateur:secret@hote:587",
    "DEFAULT_FROM_EMAIL": "adresse d’expédition des messages",
}
SEAL_KEYS = ("SEAL_PKCS12", "SEAL_PKCS11_MODULE")


def missing_settings() -> list[str]:
    """Return one French line for each variable that production needs and does not have."""
    lines = [f"{name} : {meaning}" for name, meaning in REQUIRED.items() if not env(name, default="")]
    if not any(env(name, default="") for name in SEAL_KEYS):
        lines.append("SEAL_PKCS12 ou SEAL_PKCS11_MODULE : clé du cachet de la Région")
    if not env("SEAL_TRUST_ROOTS", default=""):
        lines.append("SEAL_TRUST_ROOTS : fichier PEM de l’autorité qui a délivré le certificat du cachet")
    return lines


if missing := missing_settings():
    raise ImproperlyConfigured("Le portail ne démarre pas. Variables à renseigner :\n- " + "\n- ".join(missing))
if len(env("SECRET_KEY")) < 50:
    raise ImproperlyConfigured("SECRET_KEY est trop courte : il en faut 50 caractères au moins.")
if DEMO:
    raise ImproperlyConfigured("E2C_DEMO est réservé à la démonstration : retirez-le en production.")

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^sante/$", r"^metriques/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"

LOGGING["handlers"]["console"]["formatter"] = "json"
# What ends a program, and what libraries warn of, are lines of the log too.
sys.excepthook = json_lines.log_uncaught
logging.captureWarnings(True)
