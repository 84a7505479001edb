"""The open sessions of a person: listed, closed one by one, or all at once. Deleting the row of a session closes it."""

from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record


def open_sessions(user: User) -> QuerySet[UserSession]:
    """Return the sessions of this person that still open the portal, latest first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return UserSession.objects.filter(Exists(alive), user=user).order_by("-created_at", "-pk")


@transaction.atomic
def end_session(user: User, number: int) -> bool:
    """Close one session of this very person. Returns False for a session of somebody else, or already closed."""
    session = UserSession.objects.select_for_update().filter(user=user, pk=number).first()
    if session is None:
        return False
    _end([session])
    record(user, "account.session_ended", user, "Session fermée")
    return True


@transaction.atomic
def end_other_sessions(user: User, kept_key: str | None) -> int:
    """Close the sessions of this person but the present one. Returns how many."""
    others = list(UserSession.objects.select_for_update().filter(user=user).exclude(session_key=kept_key or ""))
    _end(others)
    if others:
        record(user, "account.sessions_ended", user, "Autres sessions fermées")
    return len(others)


@transaction.atomic
def end_all_sessions(user: User) -> None:
    """Close every session of a person, those that no list knows included: what each is checked against has changed."""
    _end(list(UserSession.objects.select_for_update().filter(user=user)))
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])


def forget_ended_sessions() -> int:
    """Delete the sessions that are over and what was known of them: they name people and serve nobody. Returns how many."""
    over = Session.objects.filter(expire_date__lt=timezone.now()).count()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(alive)).delete()
    return over


def _end(sessions: list[UserSession]) -> None:
    for session in sessions:
        session.end()
