"""`make audit`: a flaw is told, and a base of advisories that says nothing is never taken for good news."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dev import audit
from dev.audit import AWAY, CLEAN, FLAWED, UNKNOWN, Flaw, advisories, read, say_report

HASH = "0" * 64
FOUND = {
    "name": "django",
    "version": "5.2.1",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["5.2.9"], "aliases": []}],
}
FINE = {"name": "celery", "version": "5.7.0", "vulns": []}
SKIPPED = {"name": "redis", "skip_reason": "Dependency not found on PyPI"}
ADVISORY = {
    "id": "PYSEC-2026-1", "summary": "Essai", "details": "Essai", "aliases": [], "published": "2026-01-01T00:00:00Z",
    "modified": "2026-01-01T00:00:00Z",
    "affected": [{
        "package": {"name": "django", "ecosystem": "PyPI", "purl": "pkg:pypi/django"},
        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "5.2.9"}]}], "versions": ["5.2.1"],
    }],
}  # fmt: skip


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "verrou.txt"
    path.write_text(
        "".join(
            f"{name}=={version} --hash=sha256:{HASH}\n" for name, version in (("django", "5.2.1"), ("celery", "5.7.0"))
        )
    )
    return path


class Advisories(BaseHTTPRequestHandler):
    """A base of advisories that knows one flaw."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = {"vulns": [ADVISORY]} if asked["package"]["name"] == "django" else {}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def base() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Advisories)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def test_the_library_asks_a_base_and_its_flaw_is_read(
    lock: Path, base: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = advisories(lock, ["--vulnerability-service=osv", f"--osv-url={base}"])
    assert report.flaws == (Flaw("django", "5.2.1", "PYSEC-2026-1", ("5.2.9",)),)
    assert (report.code, report.total, report.unknown) == (FLAWED, 2, ())
    say_report(report)
    assert "django 5.2.1 : PYSEC-2026-1 (corrigé dans : 5.2.9)" in capsys.readouterr().out


def test_a_base_that_does_not_answer_is_no_good_news(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = advisories(lock, ["--vulnerability-service=osv", "--osv-url=http://127.0.0.1:1/v1/query", "--timeout=1"])
    assert report.code == UNKNOWN
    say_report(report)
    told = capsys.readouterr()
    assert "on ne peut pas conclure" in told.err
    assert "Aucune faille" not in told.out


def test_what_was_skipped_was_not_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert read({"dependencies": [FINE, FINE]}).code == CLEAN
    assert read({"dependencies": []}).code == UNKNOWN
    some = read({"dependencies": [FINE, SKIPPED]})
    assert (some.code, some.unknown) == (UNKNOWN, ("redis",))
    assert read({"dependencies": [FOUND, SKIPPED]}).code == FLAWED
    say_report(some)
    assert AWAY.format(which="1 dépendance sur 2") in capsys.readouterr().err


def test_the_lock_of_production_is_what_is_asked_about() -> None:
    assert audit.LOCK.name == "production.txt"
    assert audit.LOCK.read_text(encoding="utf-8").count("==") > 50
