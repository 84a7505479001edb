"""The demonstration, loaded once for all the tests that only read it."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from e2c_portal.demo.management.commands import demo_ready, seed_demo


def seed() -> str:
    """Load the demonstration as `manage.py seed_demo` does, and return what it says."""
    said = StringIO()
    call_command(seed_demo.Command(), stdout=said)
    return said.getvalue()


def ready(timeout: float = 40) -> str:
    """Run `demo_ready` and return what it says."""
    said = StringIO()
    call_command(demo_ready.Command(), timeout=timeout, stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker, seal_key: None) -> Iterator[str]:
    """Load it in a transaction that ends with the file's tests; each test then works in a part of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed()
        transaction.set_rollback(True)
