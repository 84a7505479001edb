"""Whom to write to about a flaw."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone


def test_it_says_whom_to_write_to_and_until_when_it_is_true(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT, settings.PORTAL_URL = (
        "mailto:securite@exemple.invalid",
        "https://portail.exemple.invalid",
    )
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    told = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert told["Contact"] == "mailto:securite@exemple.invalid"
    assert told["Canonical"] == "https://portail.exemple.invalid/.well-known/security.txt"
    expires = datetime.strptime(told["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < expires - timezone.now() < timedelta(days=365)
