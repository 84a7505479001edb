"""One moment for every machine: that of the database, whatever the clock of this one says."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from e2c_portal.kernel import clock


@pytest.mark.django_db
def test_the_agreed_moment_is_that_of_the_database(
    settings: Any, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(clock, "_known", clock._Known())
    settings.CLOCK_FOLLOWS_DATABASE = True
    real = timezone.now()
    # The clock jumps under a process that had measured it: it is measured again at once, then left alone.
    for hours in (1, -1, 0):
        with time_machine.travel(real + timedelta(hours=hours), tick=True), django_assert_num_queries(1):
            assert abs(clock.agreed_now() - real) < timedelta(minutes=5)
            assert abs(clock.agreed_now() - real) < timedelta(minutes=5)
