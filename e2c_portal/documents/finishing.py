"""In a worker, one document is finished while the next is drawn.

Finishing waits for others: the time-stamp service, the disk, the database. Drawing never does. A thread of the process takes
the finishing when it is free, so that neither stands still; when it is busy the document is finished by whoever drew it, and
nothing ever queues here. What the thread had in hand when its process is killed is claimed by nobody alive: the sweeper asks
for it again, as for any document whose worker died. Anywhere but in a worker a document is finished at once.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from django.db import InterfaceError, OperationalError, close_old_connections, connections

from e2c_portal.kernel.stack_room import with_room

logger = logging.getLogger(__name__)

Step = Callable[[], bool]


class _Thread:
    """What this process has to finish documents with: nothing, until a worker starts it."""

    executor: ThreadPoolExecutor | None = None
    busy = threading.Lock()


def start() -> None:
    """Have a thread ready to finish documents in this process, a worker's."""
    _Thread.executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="finishing")


def stop() -> None:
    """Wait for the document in hand, and have no thread any more, nor its connection."""
    executor, _Thread.executor = _Thread.executor, None
    if executor:
        executor.submit(connections.close_all)
        executor.shutdown(wait=True)


def finish(step: Step) -> bool:
    """Leave a step to the thread when it is free, do it now otherwise. Returns what the step returns, True when it is left."""
    if _Thread.executor is None or not _Thread.busy.acquire(blocking=False):
        return step()
    # Who asked and for which request follow the work: the trail and the logs name them.
    _Thread.executor.submit(copy_context().run, _apart, step)
    return True


def _apart(step: Step) -> None:
    """Do the step on a connection of this thread, given back as that of a task is. Nobody is there to be told of a fault."""
    try:
        close_old_connections()
        with_room(step)
    except (OperationalError, InterfaceError):
        # The claim grows old and the sweeper asks again, as when a worker loses the database.
        logger.warning("database away while a document was being finished")
    except Exception:
        logger.exception("a document could not be finished")
    finally:
        close_old_connections()
        _Thread.busy.release()
