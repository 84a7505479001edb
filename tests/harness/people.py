"""Who acts: one fixture for each kind of person, and their browsers."""

from collections.abc import Callable

import pytest
from django.test import Client

from e2c_portal.accounts.models import Role, User
from schools.models import School
from tests.factories.network import member_of, school_named
from tests.factories.people import person, regional_officer


@pytest.fixture
def officer(db: None) -> User:
    """A regional officer: writes everything for the whole network."""
    return regional_officer()


@pytest.fixture
def second_officer(db: None) -> User:
    return regional_officer("Bruno Lacaze")


@pytest.fixture
def auditor(db: None) -> User:
    """Reads all, writes nothing."""
    return person("Odile Vernet", role=Role.AUDITOR)


@pytest.fixture
def data_officer(db: None) -> User:
    return person("Denis Roux", role=Role.DATA_OFFICER)


@pytest.fixture
def door_staff(db: None) -> User:
    """Scans at the door of the Assises, by a link, and sees nothing else."""
    return person("Dalila Porte", role=Role.DOOR_STAFF)


@pytest.fixture
def school(officer: User) -> School:
    return school_named("École de Montpellier", officer)


@pytest.fixture
def other_school(officer: User) -> School:
    return school_named("École de Nîmes", officer)


@pytest.fixture
def coordinator(school: School, officer: User) -> User:
    """Works in `school`, and nowhere else."""
    return member_of(school, officer, "Nadia Perrin")


@pytest.fixture
def stranger(db: None) -> User:
    """Has an account, no role and no school."""
    return person("Sans Rôle")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """Give the test client of somebody signed in; CSRF tokens are checked as they are for real with `strict=True`."""

    def signed_in(user: User, *, strict: bool = False) -> Client:
        client = Client(enforce_csrf_checks=strict)
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def officer_client(officer: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(officer)
