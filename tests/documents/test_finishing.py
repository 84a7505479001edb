"""In a worker a document is finished while the next is drawn: nothing lost, nothing waits behind another."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError

from e2c_portal.documents import building, finishing
from e2c_portal.documents.models import Document, Status
from e2c_portal.kernel.acting import acting, current_acting
from e2c_portal.kernel.requests import current_request_id, request_id_set

Ask = Callable[..., Document]


@pytest.fixture
def thread() -> Iterator[None]:
    """Start what a worker starts in each of its processes."""
    finishing.start()
    yield
    finishing.stop()
    assert not finishing._Thread.busy.locked()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("thread")
class TestInAWorker:
    def test_the_document_is_left_to_the_thread_and_sealed(self, notice: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
        document, seal, sealed_by = notice("Un texte."), building.sealed_by_us, list[str]()
        monkeypatch.setattr(
            building, "sealed_by_us", lambda *args: sealed_by.append(threading.current_thread().name) or seal(*args)
        )
        assert building.build(document.pk) is True
        finishing.stop()
        document.refresh_from_db()
        assert (document.status, document.claim) == (Status.SEALED, None)
        assert sealed_by[0].startswith("finishing")

    def test_a_document_never_waits_behind_another(self, notice: Ask) -> None:
        document = notice("Un texte.")
        with finishing._Thread.busy:
            assert building.build(document.pk) is True
            document.refresh_from_db()
            assert document.status == Status.SEALED

    def test_a_failure_is_written_on_the_document(self, notice: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_args: object) -> str:
            raise building.storage.StorageFault("L’espace de stockage est plein.")

        monkeypatch.setattr(building.storage, "store", full)
        document = notice("Un texte.")
        assert building.build(document.pk) is True
        finishing.stop()
        document.refresh_from_db()
        assert document.status == Status.FAILED
        assert document.failure.startswith("L’espace de stockage est plein.")

    def test_a_claim_lost_meanwhile_leaves_no_file(self, notice: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
        document, check = notice("Un texte."), building.verify_own_output

        def given_up_meanwhile(*args: object, **kwargs: object) -> object:
            Document.objects.filter(pk=document.pk).update(status=Status.ABANDONED, claim=None, claimed_at=None)
            return check(*args, **kwargs)

        monkeypatch.setattr(building, "verify_own_output", given_up_meanwhile)
        building.build(document.pk)
        finishing.stop()
        document.refresh_from_db()
        assert document.status == Status.ABANDONED
        assert list(building.storage.every_key()) == []


@pytest.mark.usefixtures("thread")
class TestTheThread:
    @pytest.mark.parametrize("error", [OperationalError("away"), ValueError("our own fault")])
    def test_a_fault_keeps_it_from_nothing(self, error: Exception, caplog: pytest.LogCaptureFixture) -> None:
        def fails() -> bool:
            raise error

        assert finishing.finish(fails) is True
        done, ended = list[str](), threading.Event()
        while finishing._Thread.busy.locked():
            ended.wait(0.01)
        assert finishing.finish(lambda: done.append(threading.current_thread().name) or True) is True
        finishing.stop()
        assert done
        assert done[0].startswith("finishing")
        assert "document" in caplog.text

    def test_it_acts_for_whoever_asked(self) -> None:
        told = list[object]()
        with acting(source="tâche documents.build"), request_id_set("demande-7"):
            finishing.finish(lambda: bool(told.append((current_acting().source, current_request_id()))))
        finishing.stop()
        assert told == [("tâche documents.build", "demande-7")]

    def test_stopping_waits_for_what_is_in_hand(self) -> None:
        begun, go_on, done = threading.Event(), threading.Event(), list[bool]()

        def slow() -> bool:
            begun.set()
            go_on.wait(5)
            done.append(True)
            return True

        finishing.finish(slow)
        assert begun.wait(5)
        threading.Timer(0.05, go_on.set).start()
        finishing.stop()
        assert done == [True]


def test_elsewhere_a_step_is_done_at_once() -> None:
    assert finishing.finish(lambda: threading.current_thread() is threading.main_thread()) is True
    assert finishing.finish(lambda: False) is False
