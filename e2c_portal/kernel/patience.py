"""Ask aside, and wait only so long: a mounted disk, a key token or a bucket can hang for minutes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from functools import cache
from typing import TypeVar

__all__ = ["PATIENCE_SECONDS", "TooLong", "bounded"]

Answer = TypeVar("Answer")
PATIENCE_SECONDS = 2


@cache
def _watch() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="sante")


def bounded(ask: Callable[[], Answer]) -> Answer:
    """Run `ask` aside and wait for two seconds at most. Raises TooLong. `ask` must not touch the database."""
    return _watch().submit(ask).result(timeout=PATIENCE_SECONDS)
