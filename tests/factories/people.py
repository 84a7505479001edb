"""People of the tests: an account with a role, or staff of a school."""

from itertools import count

from django.utils import timezone

from e2c_portal.accounts.models import Role, User

PASSWORD = "un mot de passe assez long pour les essais 2026"
_numbers = count(1)


def person(full_name: str = "", *, role: str = Role.NONE, email: str = "", active: bool = True) -> User:
    """Create an account that can sign in with PASSWORD. Each call makes another person."""
    number = next(_numbers)
    user = User(
        email=email or f"personne{number}@exemple.invalid",
        full_name=full_name or f"Personne Numéro {number}",
        role=role,
    )
    user.set_password(PASSWORD)
    user.save()
    return user if active else closed(user)


def closed(user: User) -> User:
    """Close an account as the database wants it: with a day and a reason."""
    user.is_active, user.closed_at, user.closed_reason = False, timezone.now(), "Départ"
    user.save(update_fields=["is_active", "closed_at", "closed_reason"])
    return user


def opened_again(user: User) -> User:
    """Open a closed account again."""
    user.is_active, user.closed_at, user.closed_reason = True, None, ""
    user.save(update_fields=["is_active", "closed_at", "closed_reason"])
    return user


def regional_officer(full_name: str = "Claire Garrigue") -> User:
    """Create somebody who may write everything for the whole network."""
    return person(full_name, role=Role.REGIONAL_OFFICER)
