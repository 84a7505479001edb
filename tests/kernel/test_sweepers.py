"""The watchers run one after the other, whatever happens to one of them."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from e2c_portal.kernel import sweepers


@pytest.fixture(autouse=True)
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweepers, "_sweepers", {})


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [DatabaseError("perdue"), OSError("plein"), ValueError("imprévu")])
def test_one_that_fails_does_not_stop_the_others(fault: Exception, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> int:
        raise fault

    sweepers.register("broken", broken)
    sweepers.register("sound", lambda: 3)
    assert sweepers.sweep_once() == {"sound": 3}
    assert "sweeper broken failed" in caplog.text


@pytest.mark.django_db
def test_the_command_makes_one_pass() -> None:
    seen: list[int] = []
    sweepers.register("sound", lambda: seen.append(1) or 0)
    call_command("run_sweeper", once=True)
    assert seen == [1]
