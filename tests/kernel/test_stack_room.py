"""Room for calls: whatever the depth, going in and out of a call asks the system for nothing."""

import os
import subprocess
import sys

from e2c_portal.kernel.stack_room import with_room

# In a process of its own, whose frames begin where Python puts them: at each depth, two hundred calls that end at once.
PROBE = """
import resource
from e2c_portal.kernel.stack_room import with_room

def small():
    a = b = c = d = None

def at(depth):
    if depth:
        return at(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(200):
        small()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

def worst():
    return max(at(depth) for depth in range(400))

worst()
print({call})
"""


def probe(call: str) -> int:
    """Return the greatest number of pages of memory touched for the first time at any depth."""
    command = [sys.executable, "-c", PROBE.format(call=call)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    return int(done.stdout)


def test_no_depth_is_at_the_end_of_a_piece() -> None:
    assert probe("with_room(worst)") < 20


def test_it_changes_nothing_else() -> None:
    def call(*args: int, **kwargs: int) -> tuple[tuple[int, ...], dict[str, int]]:
        return args, kwargs

    assert with_room(call, 1, 2, three=3) == ((1, 2), {"three": 3})
