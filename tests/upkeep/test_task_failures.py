"""A task that raises leaves one row; its success takes it away. Through a worker's own machinery, without a queue."""

from collections.abc import Iterator

import pytest
from celery import shared_task

from e2c_portal.celery import app
from e2c_portal.kernel import failures
from e2c_portal.kernel import tasks as listening  # noqa: F401  to the end of tasks: a worker loads it by itself
from e2c_portal.kernel.models import TaskFailure
from e2c_portal.upkeep.task_words import fault_sentence

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


def given_again(task) -> None:
    """Do a task as a worker does the one that a dead process left."""
    task.push_request(delivery_info={"redelivered": True}, called_directly=False, kwargs={"person_id": 3})
    try:
        task(person_id=3)
    finally:
        task.pop_request()


def test_a_task_whose_processes_die_one_after_the_other_is_done_no_more(task, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a lack of memory that says its name, it would be given again, and kill again, for ever."""
    monkeypatch.setattr("tests.upkeep.test_task_failures.broken", False)
    for deaths in range(1, failures.MOST_DEATHS):
        given_again(task)
        kept = TaskFailure.objects.get()
        assert (kept.attempts, kept.state) == (deaths, TaskFailure.State.RESTARTED), "nobody has anything to decide yet"
    with pytest.raises(failures.ProcessDied) as died:
        given_again(task)
    failures.note(NAME, {"person_id": 3}, died.value)
    kept = TaskFailure.objects.get()
    assert (kept.state, "mémoire insuffisante" in fault_sentence(kept.error)) == (TaskFailure.State.FAILED, True)
    # Once there is memory again, it is done as any other.
    task.apply(kwargs={"person_id": 3})
    assert not TaskFailure.objects.exists()


def test_old_failures_go(task) -> None:
    task.apply(kwargs={"person_id": 3})
    assert failures.purge_old() == 0
    TaskFailure.objects.update(last_at=TaskFailure.objects.get().last_at - failures.KEPT_FOR * 2)
    assert failures.purge_old() == 1
