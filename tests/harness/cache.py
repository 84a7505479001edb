"""The cache of the tests: counters of tries live there, and one test's must not refuse the next one's."""

import pytest
from django.core.cache import cache


@pytest.fixture
def empty_cache() -> None:
    """Forget what this process put in the cache.

    `cache.clear()` empties the whole server: the queues of the other processes of the run would go with it.
    """
    client = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]
    if keys := list(client.scan_iter(match=cache.make_key("*"))):
        client.delete(*keys)
