"""The demonstration on a database that is empty."""

import pytest
from django.core.management import CommandError, call_command

from e2c_portal.demo.management.commands import demo_ready

pytestmark = pytest.mark.django_db


def test_nothing_can_be_ready_before_it_is_loaded() -> None:
    with pytest.raises(CommandError, match="seed_demo"):
        call_command(demo_ready.Command(), timeout=0.2)
