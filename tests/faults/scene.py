"""The life of documents as these tests ask for it: many notices, and pacts that one person has signed."""

from collections.abc import Callable, Iterable

from e2c_portal.accounts.models import User
from e2c_portal.documents.requesting import request_batch
from tests.documents.notices.kind import order


def ask_for(number: int, officer: User, first: int = 0) -> None:
    """Ask for so many notices at once, numbered from `first`."""
    request_batch(f"{number} avis", [order(number=first + each) for each in range(number)], officer)


def all_reached(stopped_at: Callable[[str], int | None], names: Iterable[str]) -> Callable[[], bool]:
    """Return the condition « a program stands still at each of these places »."""
    return lambda: all(stopped_at(name) for name in names)
