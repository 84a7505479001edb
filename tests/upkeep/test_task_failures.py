"""A task that raises leaves one row; its success takes it away. Through a worker's own machinery, without a queue."""

from collections.abc import Iterator

import pytest
from celery import shared_task

from e2c_portal.celery import app
from e2c_portal.kernel import failures
from e2c_portal.kernel.models import TaskFailure

pytestmark = pytest.mark.django_db
NAME = "tests.breaks"
broken = True


@pytest.fixture
def task() -> Iterator[object]:
    @shared_task(name=NAME)
    def breaks(*, person_id: int, **kwargs: object) -> None:
        if broken:
            raise RuntimeError("Camille Dupont")

    yield app.tasks[NAME]
    app.tasks.pop(NAME, None)


def test_failure_is_kept_and_success_forgets_it(task, monkeypatch: pytest.MonkeyPatch) -> None:
    task.apply(kwargs={"person_id": 3})
    task.apply(kwargs={"person_id": 3})
    kept = TaskFailure.objects.get()
    assert (kept.task, kept.arguments, kept.attempts) == (NAME, {"person_id": 3}, 2)
    assert kept.error == "builtins.RuntimeError"
    monkeypatch.setattr("tests.upkeep.test_task_failures.broken", False)
    task.apply(kwargs={"person_id": 4})
    assert TaskFailure.objects.count() == 1
    task.apply(kwargs={"person_id": 3})
    assert not TaskFailure.objects.exists()


def test_a_failure_restarted_that_fails_again_comes_back(task) -> None:
    task.apply(kwargs={"person_id": 3})
    TaskFailure.objects.update(state=TaskFailure.State.RESTARTED)
    task.apply(kwargs={"person_id": 3})
    assert TaskFailure.objects.get().state == TaskFailure.State.FAILED


def test_old_failures_go(task) -> None:
    task.apply(kwargs={"person_id": 3})
    assert failures.purge_old() == 0
    TaskFailure.objects.update(last_at=TaskFailure.objects.get().last_at - failures.KEPT_FOR * 2)
    assert failures.purge_old() == 1
