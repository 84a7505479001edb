"""Room for the frames of calls, in one piece: a tenth of the processor time of a document, of a page, of a test.

Python keeps the frames of calls in pieces of 16 KB. It asks the system for a piece when the last one is full, and gives it back
as soon as the call that needed it ends: a loop that calls something at the very end of a piece asks, touches fresh memory and
gives back at each turn. Drawing one document did it 1,450 times, since its calls go deep and always to the same depths.

A frame that is larger than a piece is given a piece of its own, rounded up to a power of two, and the calls that it makes live in
what is left of it. So everything long begins by one such frame (ADR 0041).
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Given = TypeVar("Given")
# In words of eight bytes: just above 256 KB, so that the piece is of 512 KB, of which nearly half is left for the calls. Memory
# that nobody touches costs nothing.
FRAME_WORDS = 33_000


def with_room(call: Callable[Asked, Given], /, *args: Asked.args, **kwargs: Asked.kwargs) -> Given:
    """Return what a call returns, made with room for some thousand calls inside one another."""
    return call(*args, **kwargs)


# A code object may declare a larger stack than it uses: nothing else tells the interpreter how much to keep.
with_room.__code__ = with_room.__code__.replace(co_stacksize=FRAME_WORDS)
