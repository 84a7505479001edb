"""Settings shared by every environment. Whatever differs between machines is read from the environment."""

from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path

import bootstrap
import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from e2c_portal.settings.accounts import *  # noqa: F403  who signs in and how
from e2c_portal.settings.accounts import PROCONNECT_SERVER_URL, origin_of
from e2c_portal.settings.legal import *  # noqa: F403  what the Région says of itself
from e2c_portal.settings.storages import in_a_bucket, in_a_folder

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

# A production portal refuses development keys and secrets; only settings/prod.py raises this flag.
PORTAL_PRODUCTION = False
DEMO = env.bool("E2C_DEMO", default=False)
PORTAL_URL = env("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")

DEBUG = False
SECRET_KEY = env("SECRET_KEY", default="")
# The former key, for the days of a change: sessions and links signed with it still hold (docs/exploitation.md).
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# How many of our own proxies stand before the portal: X-Forwarded-For is believed for that many addresses, no more.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

INSTALLED_APPS = [
    "e2c_portal.ui.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "lucide",
    "pgtrigger",
    "e2c_portal.kernel",
    "e2c_portal.audit",
    "e2c_portal.ui.apps.UiConfig",
    "e2c_portal.documents",
    "e2c_portal.mailing",
    "e2c_portal.links",
    "e2c_portal.exports",
    "e2c_portal.signing",
    "e2c_portal.accounts",
    "e2c_portal.privacy",
    "schools",
    "partnerships",
    "trainees",
    "assises",
    "e2c_portal.figures",
    "e2c_portal.upkeep",
    "e2c_portal.home",
]
if DEMO:
    INSTALLED_APPS.append("e2c_portal.demo")

MIDDLEWARE = [
    "e2c_portal.kernel.requests.RequestIdMiddleware",
    "e2c_portal.upkeep.metrics_requests.RequestMetricsMiddleware",
    "e2c_portal.upkeep.incidents_storage.StorageWatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    # Before whatever asks the database: a maintenance is told without it.
    "e2c_portal.upkeep.maintenance_page.MaintenanceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "e2c_portal.kernel.null_characters.NullCharacterMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "e2c_portal.kernel.acting.ActingMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "e2c_portal.ui.refused_answers.RefusedAnswerMiddleware",
    "e2c_portal.accounts.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "e2c_portal.urls"
WSGI_APPLICATION = "e2c_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            # French words are asked for in nearly every page and message: no one has to load them.
            "builtins": ["e2c_portal.ui.templatetags.portal_words"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "e2c_portal.ui.context_processors.portal",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///e2c_portal")}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("Le portail ne fonctionne qu’avec PostgreSQL : corrigez DATABASE_URL.")
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A server that no longer answers must not hold a page, nor /sante/, for the minutes TCP would wait.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "e2c",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

# Pages kept ready in the cache for a quarter of an hour at most (kernel.kept_pages). They hold names: false keeps none.
KEPT_PAGES = env.bool("KEPT_PAGES", default=True)

LANGUAGE_CODE = "fr-fr"
LANGUAGES = [("fr", "français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["e2c_portal.ui.formats"]

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap", Path(bootstrap.__path__[0]))]

EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="portail@exemple.invalid")
# Whom to tell about a flaw (mailto: or https:), said at /.well-known/security.txt.
SECURITY_CONTACT = env("SECURITY_CONTACT", default="") or f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}"
# Where mail servers send back what they cannot deliver; `manage.py record_bounce` reads it. Empty: the sender's address.
MAIL_RETURN_PATH = env("MAIL_RETURN_PATH", default="")
# A claim older than its lease belongs to a dead worker: the lease must stay above the task's hard time limit.
MAIL_CLAIM_LEASE = timedelta(seconds=env.int("MAIL_CLAIM_LEASE_SECONDS", default=90))
# Dotted path of what carries text messages (mailing/sms.py); empty: the portal sends none.
SMS_BACKEND = env("SMS_BACKEND", default="")
SMS_FOLDER = VAR_DIR / "sms"

# What lives a few minutes is judged by the clock of the database, which every machine shares (kernel/clock.py).
CLOCK_FOLLOWS_DATABASE = True

# Who reads /metriques/ (Prometheus): whoever bears this token, or comes from one of these networks. Neither: nobody does.
METRICS_TOKEN = env("METRICS_TOKEN", default="")
METRICS_NETWORKS = env.list("METRICS_NETWORKS", default=[])
# Where the processes that serve pages on this machine put their counters together; empty: each counts for itself.
METRICS_DIR = env("METRICS_DIR", default="")

# Uploads: a PDF to verify is read in memory once, so its size is bounded before anything parses it.
VERIFICATION_UPLOAD_LIMIT_BYTES = 15 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "e2c_portal.kernel.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024
# An antivirus that speaks as ClamAV's daemon does: clamd://host:3310 or clamd+unix:///run/clamav/clamd.ctl; empty: none.
UPLOAD_SCANNER = env("UPLOAD_SCANNER", default="")
UPLOAD_SCANNER_TIMEOUT = env.int("UPLOAD_SCANNER_TIMEOUT", default=20)

# Sealed documents: stored bytes, never served by the web server directly.
S3_BUCKET = env("DOCUMENTS_S3_BUCKET", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR_DIR / "media"}},
    "documents": (
        in_a_bucket(
            S3_BUCKET,
            endpoint=env("DOCUMENTS_S3_ENDPOINT", default=""),
            region=env("DOCUMENTS_S3_REGION", default=""),
        )
        if S3_BUCKET
        else in_a_folder(env("DOCUMENTS_DIR", default=str(VAR_DIR / "documents")))
    ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DOCUMENT_TEMPLATE_DIR = BASE_DIR / "templates" / "documents"
DOCUMENT_ASSET_DIRS = [
    BASE_DIR / "templates" / "documents",
    BASE_DIR / "static" / "fonts",
    BASE_DIR / "static" / "documents",
]
# A claim older than its lease belongs to a dead worker: the lease must stay above the task's hard time limit.
DOCUMENT_CLAIM_LEASE = timedelta(seconds=env.int("DOCUMENT_CLAIM_LEASE_SECONDS", default=90))
DOCUMENT_MAX_ATTEMPTS = 5

# Durations that no source gives and the Région sets, in days: "trainees.AccidentReport=3650,…". Nothing of them goes before.
RETENTION_DAYS = env.dict("RETENTION_DAYS", default={})

# The Région's seal. Production names a PKCS#12 file or a PKCS#11 key; elsewhere the development authority serves. A key in a
# token is the one to seal with: the file that docker-compose.yml always names is then left aside.
SEAL_PKCS11_MODULE = env("SEAL_PKCS11_MODULE", default="")
SEAL_PKCS12 = "" if SEAL_PKCS11_MODULE else env("SEAL_PKCS12", default="")
SEAL_PKCS12_PASSPHRASE = env("SEAL_PKCS12_PASSPHRASE", default="")
SEAL_PKCS11_TOKEN = env("SEAL_PKCS11_TOKEN", default="")
SEAL_PKCS11_PIN = env("SEAL_PKCS11_PIN", default="")
SEAL_PKCS11_KEY_LABEL = env("SEAL_PKCS11_KEY_LABEL", default="")
SEAL_TRUST_ROOTS = env("SEAL_TRUST_ROOTS", default="")
SEAL_TSA_URL = env("SEAL_TSA_URL", default="")
SEAL_CRL_FILES = env("SEAL_CRL_FILES", default="")
# The portal's own authority for people's signatures: it issues a certificate of a few hours for each of them. Its key must
# not be that of the seal. The roots are those of its certificates, past ones included; they are only used to verify.
SIGNING_PKCS12 = env("SIGNING_PKCS12", default="")
SIGNING_PKCS12_PASSPHRASE = env("SIGNING_PKCS12_PASSPHRASE", default="")
SIGNING_TRUST_ROOTS = env("SIGNING_TRUST_ROOTS", default="")
SEAL_FETCH_REVOCATION = env.bool("SEAL_FETCH_REVOCATION", default=False)

# The key that signs attestations as credentials (Ed25519, PEM PKCS#8): a key of its own. Those of the past, public halves
# only, go on vouching for what they signed; several files are separated like PATH. Without a key, no file is offered.
CREDENTIAL_KEY = env("CREDENTIAL_KEY", default="")
CREDENTIAL_KEY_PASSPHRASE = env("CREDENTIAL_KEY_PASSPHRASE", default="")
CREDENTIAL_FORMER_KEYS = env("CREDENTIAL_FORMER_KEYS", default="")

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    # kombu looks for the tasks of dead workers every 100 s by default; an interval of 2 crashed workers when the broker fell.
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    # A request does not wait for a broker that is away (kombu would try for six seconds): the job stays, the sweeper sends it.
    "max_retries": 0,
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "run" / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "delete-orphan-files": {"task": "documents.delete_orphan_files", "schedule": timedelta(hours=24)},
    "sweep-worker-rooms": {"task": "kernel.sweep_worker_rooms", "schedule": crontab(hour=4, minute=50)},
    # Every rule of retention (kernel.retention): those that count in minutes each hour, all of them by night, in short turns.
    "retention": {"task": "privacy.retention", "schedule": crontab(hour="1-5", minute="*/10")},
    "hourly-retention": {"task": "privacy.hourly_retention", "schedule": timedelta(hours=1)},
    "group-digests": {"task": "mailing.group_digests", "schedule": timedelta(minutes=10)},
    # Asked for every hour and done once: an hour without a broker costs nothing.
    "look-at-clock": {"task": "upkeep.look_at_clock", "schedule": timedelta(minutes=10)},
    "note-chain-root": {"task": "signing.note_root", "schedule": timedelta(hours=1)},
    "check-chain-roots": {"task": "signing.check_roots", "schedule": crontab(hour="6", minute="10")},
    "remind-signatories": {"task": "signing.remind", "schedule": timedelta(hours=1)},
    "remind-of-conventions": {"task": "partnerships.remind", "schedule": timedelta(hours=1)},
    "remind-of-accidents": {"task": "trainees.remind_of_accidents", "schedule": timedelta(minutes=30)},
    "remind-trainees-to-answer": {"task": "trainees.remind_to_answer", "schedule": timedelta(hours=1)},
    "plan-assessments": {"task": "trainees.plan_assessments", "schedule": timedelta(hours=1)},
    "find-doubles": {"task": "trainees.find_doubles", "schedule": timedelta(hours=1)},
    "let-offers-lapse": {"task": "assises.let_offers_lapse", "schedule": timedelta(minutes=1)},
    # By the clock of Paris, between 8 and 19 h; each person once.
    "send-mails-of-assises": {"task": "assises.send_due_mails", "schedule": timedelta(minutes=15)},
    "renew-attestations-of-assises": {"task": "assises.renew_attestations", "schedule": timedelta(hours=1)},
    # By night, one share of the files and of the chain each time: all are read within a month (upkeep.consistency).
    "check-consistency": {"task": "upkeep.check_consistency", "schedule": crontab(hour=5, minute=30)},
    # Asked for every ten minutes and done once a day: figures then stand on the new day.
    "count-figures": {"task": "figures.count_daily", "schedule": timedelta(minutes=10)},
    "shuffle-survey-of-assises": {"task": "assises.shuffle_survey", "schedule": timedelta(hours=24)},
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "e2c_portal.home.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = {"camera": [], "geolocation": [], "microphone": [], "payment": [], "usb": []}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # The form that leaves for ProConnect is redirected there: browsers ask for its address too.
        "form-action": [SELF, *([origin_of(PROCONNECT_SERVER_URL)] if PROCONNECT_SERVER_URL else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "e2c_portal.kernel.requests.RequestIdFilter"},
        "masked_keys": {"()": "e2c_portal.kernel.log_masking.MaskedKeys"},
    },
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
        "json": {"()": "e2c_portal.kernel.json_lines.JsonLines"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "text", "filters": ["request_id", "masked_keys"]}
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "pikepdf": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "pyhanko": {"level": "ERROR"},
        "pyhanko_certvalidator": {"level": "ERROR"},
    },
}
