"""Each line of docs/securite.md names a test that exists: a proof that was renamed or removed is missed at once."""

import re
from pathlib import Path

from django.conf import settings

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def missing_from(text: str, root: Path) -> list[str]:
    """Return the proofs that are not there."""
    return [
        f"{file}::{name}"
        for file, name in NAMED.findall(text)
        if not (root / file).exists() or f"def {name}(" not in (root / file).read_text(encoding="utf-8")
    ]


def test_every_proof_is_there() -> None:
    root = Path(settings.BASE_DIR)
    text = (root / "docs" / "securite.md").read_text(encoding="utf-8")
    assert len(NAMED.findall(text)) > 40
    assert missing_from(text, root) == []
    assert missing_from("`tests/house/test_security_list.py::test_gone`", root) == [
        "tests/house/test_security_list.py::test_gone"
    ]
