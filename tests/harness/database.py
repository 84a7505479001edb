"""The database of the tests: emptied after each test that commits, without writing anew what nothing reads."""

import pytest
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Make the tables as pytest-django does, then let an emptied database stay empty.

    Django would write the names of all types and permissions again each time, half the time of emptying it. Nothing of the
    portal reads them: rights are named in permissions.py and judged by rules.
    """
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(create_permissions, dispatch_uid="django.contrib.auth.management.create_permissions")
