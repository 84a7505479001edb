"""Files sent by strangers are inspected by a bounded process of its own (documents.bounded)."""

import base64
import json
import sys
from datetime import datetime
from typing import Any

from e2c_portal.documents.bounded import FAULTS, bind_this_process, run_bounded
from e2c_portal.documents.sealing import facts
from e2c_portal.documents.sealing.facts import SealInspection, TrustAnchors
from e2c_portal.documents.sealing.inspection import damaged, inspect_in_process


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
        answer = run_bounded("e2c_portal.documents.sealing.isolation", request.encode() + b"\n" + pdf)
        return SealInspection.from_dict(json.loads(answer))
    except (*FAULTS, ValueError, TypeError, KeyError):
        return damaged(facts.TOO_COMPLEX)


def main() -> None:
    """Read a request line then a PDF on standard input, write the facts as JSON on standard output."""
    bind_this_process()
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
