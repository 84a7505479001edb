"""Sessions that are over leave the database."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from e2c_portal.accounts.retention_rules import purge_sessions


@pytest.mark.django_db
def test_only_expired_sessions_go() -> None:
    now = timezone.now()
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="b" * 32, session_data="", expire_date=now + timedelta(minutes=1))
    assert purge_sessions(()) == 1
    assert [session.session_key for session in Session.objects.all()] == ["b" * 32]
