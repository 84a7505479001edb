"""The mailbox of the demonstration's fictitious people: messages are files there, and a person reads their own."""

import email
import re
from email.policy import default
from pathlib import Path

from django.conf import settings


def texts_to(address: str) -> list[str]:
    """Return the plain texts of the messages that reached an address, oldest first."""
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", None) or "/nonexistent")
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns) if folder.is_dir() else []
    return [text for path in files for text in _texts(path, address)]


def codes_to(address: str) -> list[str]:
    """Return the one-time codes that reached an address, oldest first."""
    found = (re.search(r"^(\d{6})$", text, re.MULTILINE) for text in texts_to(address))
    return [match[1] for match in found if match]


def _texts(path: Path, address: str) -> list[str]:
    """Return the texts of one file; Django ends each message of a file with a line of dashes."""
    parts = re.split(rb"^-{79}$", path.read_bytes(), flags=re.MULTILINE)
    messages = [email.message_from_bytes(part.lstrip(b"\n"), policy=default) for part in parts if part.strip()]
    bodies = [message.get_body(("plain",)) for message in messages if address in str(message["To"])]
    return [body.get_content() for body in bodies if body]
