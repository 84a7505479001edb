"""Python's cycle collector costs a quarter of a render: it walks a growing tree that is not garbage yet."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# A document leaves cycles behind, drawn in one pause and finished in another; ten of them weigh a few dozen megabytes, collected
# in one go.
PAUSES_PER_COLLECTION = 20

_lock = threading.Lock()
_running = 0
_finished = 0


@contextmanager
def paused_collection() -> Iterator[None]:
    """Keep the collector off during a step of a document, in this process; collect once every ten documents, outside of any step."""
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
                if _finished >= PAUSES_PER_COLLECTION:
                    _finished = 0
                    gc.collect()
