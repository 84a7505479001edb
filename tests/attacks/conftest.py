"""Attacks and unexpected words provoke every refusal and fault there is: none of their log lines names anybody."""

from collections.abc import Iterator

import pytest

from tests.harness.people_in_logs import logs_naming_nobody


@pytest.fixture(autouse=True)
def logs_name_nobody(db: None) -> Iterator[None]:
    with logs_naming_nobody():
        yield
