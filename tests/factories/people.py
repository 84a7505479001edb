"""People of the tests: an account with a role, or staff of a school."""

from itertools import count

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
        is_active=active,
    )
    user.set_password(PASSWORD)
    user.save()
    return user


def regional_officer(full_name: str = "Claire Garrigue") -> User:
    """Create somebody who may write everything for the whole network."""
    return person(full_name, role=Role.REGIONAL_OFFICER)
