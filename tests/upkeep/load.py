"""People at work while a backup is made: they ask for documents, sign, enter trainees, register to the Assises."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection


class Crowd:
    """Threads that do their work again and again; `done` counts what each committed, `failed` keeps what went wrong."""

    def __init__(self, **works: Callable[[], object]) -> None:
        self.done = dict.fromkeys(works, 0)
        self.failed: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._repeat, args=item) for item in works.items()]

    def _repeat(self, name: str, work: Callable[[], object]) -> None:
        try:
            while not self._stop.is_set() and work() is not None:
                self.done[name] += 1
                time.sleep(0.05)
        except Exception as error:  # a test looks at `failed`: nothing must be lost in a thread
            self.failed.append(f"{name}: {error!r}")
        finally:
            connection.close()

    @contextmanager
    def at_work(self) -> "Iterator[Crowd]":
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join(20)
