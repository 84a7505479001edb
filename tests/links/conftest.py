"""Personal links under test: a sample purpose and what it was asked."""

from collections.abc import Iterator

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.links.models import PersonalLink
from tests.links import purpose
from tests.links.purpose import Desk


@pytest.fixture(autouse=True)
def desk() -> Iterator[Desk]:
    yield from purpose.registered()


@pytest.fixture
def link(officer: User) -> PersonalLink:
    """A link of Paul, prepared and not yet sent."""
    return purpose.link_to(officer)
