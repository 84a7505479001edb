"""Wait for something that other processes bring about."""

import time
from collections.abc import Callable


def until(
    condition: Callable[[], object], why: str, seconds: float, meanwhile: Callable[[], object] | None = None
) -> None:
    """Return once the condition holds; `meanwhile` is called between two looks. Raises AssertionError in time."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, f"after {seconds} s, still not: {why}"
        if meanwhile:
            meanwhile()
        time.sleep(0.1)
