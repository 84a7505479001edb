"""Files sent by strangers are read by a process of its own: no secret in its environment, little memory, little time."""

import base64
import json
import os
import resource
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from e2c_portal.documents.sealing import facts
from e2c_portal.documents.sealing.facts import SealInspection, TrustAnchors
from e2c_portal.documents.sealing.inspection import damaged, inspect_in_process

MEMORY_BYTES = 1024**3
PROCESSOR_SECONDS = 6
PATIENCE_SECONDS = 15
ROOT = Path(__file__).resolve().parents[3]


def inspect_isolated(pdf: bytes, trust: TrustAnchors, at: datetime | None) -> SealInspection:
    """Return the facts found by a bounded process; a file that exhausts it is refused as too complex. Never raises."""
    request = json.dumps(
        {
            "roots": [base64.b64encode(item).decode() for item in trust.certificates],
            "crls": [base64.b64encode(item).decode() for item in trust.crls],
            "at": at.isoformat() if at else None,
        }
    )
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "e2c_portal.documents.sealing.isolation"],
            input=request.encode() + b"\n" + pdf,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=True,
            env=_environment(),
            cwd=ROOT,
        )
        return SealInspection.from_dict(json.loads(answer.stdout))
    except (OSError, subprocess.SubprocessError, ValueError, TypeError, KeyError):
        return damaged(facts.TOO_COMPLEX)


def _environment() -> dict[str, str]:
    # Library paths only: passwords of the portal are none of this process's business.
    kept = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONPATH": str(ROOT)}


def main() -> None:
    """Read a request line then a PDF on standard input, write the facts as JSON on standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    request: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    trust = TrustAnchors(_decoded(request["roots"]), _decoded(request["crls"]))
    at = datetime.fromisoformat(request["at"]) if request["at"] else None
    json.dump(_inspected(sys.stdin.buffer.read(), trust, at).as_dict(), sys.stdout)


def _inspected(pdf: bytes, trust: TrustAnchors, at: datetime | None) -> SealInspection:
    try:
        return inspect_in_process(pdf, trust, at)
    except Exception:
        return damaged()


def _decoded(items: list[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(item) for item in items)


if __name__ == "__main__":
    main()
