"""Python's cycle collector costs a quarter of a render: it walks a growing tree that is not garbage yet."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# A render leaves cycles behind; ten of them weigh a few dozen megabytes, collected in one go.
RENDERS_PER_COLLECTION = 10

_lock = threading.Lock()
_running = 0
_finished = 0


@contextmanager
def paused_collection() -> Iterator[None]:
    """Keep the collector off during a render or a whole document, in this process; collect once every ten, outside of any of them."""
    global _running, _finished
    with _lock:
        if _running == 0 and gc.isenabled():
            gc.disable()
        _running += 1
    try:
        yield
    finally:
        with _lock:
            _running -= 1
            if _running == 0:
                # Pauses inside one another, or side by side in threads, count for one.
                _finished += 1
                gc.enable()
                if _finished >= RENDERS_PER_COLLECTION:
                    _finished = 0
                    gc.collect()
