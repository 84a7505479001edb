"""How long accounts are kept, and what the libraries of accounts write."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from e2c_portal.accounts.models import User
from e2c_portal.accounts.sessions import forget_ended_sessions
from e2c_portal.kernel.retention import Fate, Rule, follows, kept

UNUSED_FOR = timedelta(days=730)
# What the address of an erased account ends with: no mailbox can have it (RFC 2606).
ERASED_DOMAIN = "compte-efface.invalid"
ACCOUNT = (
    "Comptes professionnels inactifs : deux ans, préavis de trente jours (pratique des services de l’État relevée)."
)
TECHNICAL = "Table technique de l’application, sans donnée de personne."


def unused_since(limit: datetime) -> QuerySet[User]:
    """Return the accounts that nobody used since a moment, those already erased aside."""
    unused = Q(last_login__lt=limit) | Q(last_login=None, created_at__lt=limit)
    return User.objects.filter(unused).exclude(email__endswith=f"@{ERASED_DOMAIN}")


def over_before(limit: datetime) -> QuerySet[Session]:
    """Return the sessions that ended before a moment."""
    return Session.objects.filter(expire_date__lt=limit)


def purge_sessions(held: Collection[str]) -> int:
    """Delete the sessions that are over, and what is known of the devices they were opened on. Returns how many."""
    return forget_ended_sessions()


RULES = (
    Rule(
        "accounts.User", Fate.ANONYMISED, "Anonymisé deux ans après la dernière connexion, préavis de trente jours : ce qu’il a fait reste.",
        ACCOUNT, counted_from="la dernière connexion", delay=UNUSED_FOR, due=unused_since,
    ),
    follows("account.EmailAddress", "user", basis=ACCOUNT),
    follows("mfa.Authenticator", "user", basis=ACCOUNT, rule="Avec le compte : secrets chiffrés de la seconde étape."),
    follows("usersessions.UserSession", "user", basis=ACCOUNT, rule="Avec le compte, et avec la session qu’elle décrit."),
    follows("socialaccount.SocialAccount", "user", basis=ACCOUNT),
    follows("socialaccount.SocialToken", "account", basis=ACCOUNT),
    kept("socialaccount.SocialApp", "Conservé.", TECHNICAL),
    follows("account.EmailConfirmation", "email_address", basis=ACCOUNT),
    follows("admin.LogEntry", "user", basis="Journal technique de l’écran « Gestion régionale ».", mentions=("object_repr", "change_message")),
    Rule(
        "sessions.Session", Fate.DELETED, "Supprimée une fois terminée.", "Sécurité des connexions (RGPD, art. 32).",
        counted_from="la fin de la session", delay=timedelta(0), due=over_before, purge=purge_sessions,
    ),
    kept("auth.Permission", "Conservé.", TECHNICAL),
    kept("auth.Group", "Conservé.", TECHNICAL),
    kept("contenttypes.ContentType", "Conservé.", TECHNICAL),
)  # fmt: skip
