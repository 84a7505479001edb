"""People with an account: what they did stays, their name does not."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.accounts.retention_rules import ERASED_DOMAIN
from e2c_portal.mailing.models import Mail
from e2c_portal.privacy.people import PersonKind, Told

FOUND_AT_ONCE = 20
ERASED = "Compte effacé"


def search(words: str) -> list[User]:
    """Return accounts by name or address, those erased aside."""
    found = User.objects.filter(Q(full_name__icontains=words) | Q(email__icontains=words))
    return list(found.exclude(email__endswith=f"@{ERASED_DOMAIN}")[:FOUND_AT_ONCE])


def blank(user: User) -> Mapping[str, Any]:
    """Return what an erased account holds."""
    return {
        "full_name": f"Compte effacé n° {user.pk}", "email": f"{user.pk}@{ERASED_DOMAIN}", "is_active": False, "role": "",
        "password": "!", "last_login": None, "closed_at": user.closed_at or timezone.now(),
        "closed_reason": user.closed_reason or ERASED,
    }  # fmt: skip


def close_sessions(user: User) -> None:
    """End every session of the account."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session in Session.objects.iterator(500):
        if str(store().decode(session.session_data).get(SESSION_KEY)) == str(user.pk):
            session.delete()


def refusals(user: User) -> list[str]:
    """Say why nothing of an account in use goes."""
    if user.role and user.is_active:
        return ["Ce compte a un rôle régional actif : fermez-le d’abord (la personne travaille encore pour la Région)."]
    return []


def told(users: Sequence[User]) -> list[Told]:
    """Tell the owners of open accounts."""
    return [Told(user.email, user.full_name) for user in users if user.is_active]


ACCOUNT = PersonKind(
    slug="comptes", label="Personne qui a un compte", model="accounts.User", search=search,
    describe=lambda user: f"{user.full_name}, {user.email}", names=lambda user: [user.full_name, user.email],
    blank=blank, deletes=False, refusals=refusals, told=told, after=close_sessions,
    also=lambda user: Mail.objects.filter(email__iexact=user.email),
)  # fmt: skip
