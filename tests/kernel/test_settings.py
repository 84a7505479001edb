"""Each environment starts with what it needs, or says in French what is missing."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as portal_settings

COMPLETE = {
    "SECRET_KEY": "x" * 50,
    "DATABASE_URL": "postgres://portail:secret@base:5432/portail",
    "REDIS_URL": "redis://file:6379/0",
    "ALLOWED_HOSTS": "portail.exemple.fr",
    "PORTAL_URL": "https://portail.exemple.fr",
    "EMAIL_URL": "smtp://courrier:25",
    "DEFAULT_FROM_EMAIL": "portail@exemple.fr",
    "SEAL_PKCS12": "/cles/cachet.p12",
    "SEAL_TRUST_ROOTS": "/cles/racine.pem",
}
SHOWN = [
    "DEBUG", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS",
    "SESSION_COOKIE_HTTPONLY", "PORTAL_PRODUCTION", "DEMO", "SEAL_PKCS12",
]  # fmt: skip


def start(environment: str, **values: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of its own, with these variables and no other of ours."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "HOME") if name in os.environ}
    compiled = ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
    program = (
        f"import e2c_portal.settings.{environment} as s\n"
        f"print(*(f'{{n}}={{getattr(s, n)}}' for n in {SHOWN!r} if hasattr(s, n)))"
    )
    return subprocess.run(
        [sys.executable, *compiled, "-c", program], env=kept | values, cwd=portal_settings.BASE_DIR, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


def test_production_names_all_that_is_missing_at_once() -> None:
    outcome = start("prod")
    assert outcome.returncode != 0
    assert "Le portail ne démarre pas. Variables à renseigner :" in outcome.stderr
    for name in COMPLETE:
        assert name in outcome.stderr


def test_a_key_in_a_token_is_preferred_to_the_file_that_compose_always_names() -> None:
    assert "SEAL_PKCS12=/cles/cachet.p12" in start("prod", **COMPLETE).stdout
    outcome = start("prod", **COMPLETE, SEAL_PKCS11_MODULE="/usr/lib/boitier.so")
    assert "SEAL_PKCS12=" in outcome.stdout, outcome.stderr
    assert "cachet.p12" not in outcome.stdout


@pytest.mark.parametrize("missing", sorted(COMPLETE))
def test_production_refuses_to_start_without_one_of_them(missing: str) -> None:
    outcome = start("prod", **{name: value for name, value in COMPLETE.items() if name != missing})
    assert outcome.returncode != 0
    assert f"- {missing}" in outcome.stderr
    assert outcome.stderr.count("\n- ") == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"SECRET_KEY": "court"}, "SECRET_KEY est trop courte"),
        ({"E2C_DEMO": "1"}, "E2C_DEMO est réservé à la démonstration"),
        ({"DATABASE_URL": "sqlite:///base.db"}, "ne fonctionne qu’avec PostgreSQL"),
    ],
)
def test_production_refuses_what_is_dangerous(change: dict[str, str], words: str) -> None:
    outcome = start("prod", **COMPLETE | change)
    assert outcome.returncode != 0
    assert words in outcome.stderr


def test_production_starts_locked() -> None:
    outcome = start("prod", **COMPLETE)
    assert outcome.returncode == 0, outcome.stderr
    shown = dict(item.split("=") for item in outcome.stdout.split())
    assert shown == {
        "DEBUG": "False", "SECURE_SSL_REDIRECT": "True", "SESSION_COOKIE_SECURE": "True", "CSRF_COOKIE_SECURE": "True",
        "SECURE_HSTS_SECONDS": "31536000", "SESSION_COOKIE_HTTPONLY": "True", "PORTAL_PRODUCTION": "True", "DEMO": "False",
        "SEAL_PKCS12": "/cles/cachet.p12",
    }  # fmt: skip


def test_development_needs_no_secret() -> None:
    outcome = start("dev")
    assert outcome.returncode == 0, outcome.stderr


def test_no_secret_is_said_aloud() -> None:
    values = COMPLETE | {"SECRET_KEY": "secret-trop-court", "SEAL_PKCS12_PASSPHRASE": "phrase-de-passe"}
    assert "secret-trop-court" not in start("prod", **values).stderr
    assert "phrase-de-passe" not in start("prod", **values).stderr
