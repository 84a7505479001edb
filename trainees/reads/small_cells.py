"""Small cells: a figure about fewer than five stays is not published, and nothing that is published lets it be worked out.

The rule, whole: in a line, each part of one to four is « moins de 5 »; a total whose parts are all known is exact; as soon as one
part is hidden, the total is « au moins » the parts shown and one for each hidden. So a line reads the same whatever its hidden
parts are (a test tries them all), and no subtraction gives one away. Zero is told: it is about nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass

THRESHOLD = 5
HIDDEN = "moins de 5"


@dataclass(frozen=True)
class Shown:
    """A figure as it is published: its words, and the number a file holds (None when it is hidden)."""

    words: str
    number: int | None

    @property
    def is_hidden(self) -> bool:
        return self.number is None


def part(count: int) -> Shown:
    """Return a figure that stands alone, or a part of a line."""
    return Shown(HIDDEN, None) if 0 < count < THRESHOLD else Shown(str(count), count)


def total(counts: Sequence[int]) -> Shown:
    """Return the total of the parts of a line: exact when none is hidden, else what is known for sure."""
    shown = [part(count) for count in counts]
    hidden = sum(one.is_hidden for one in shown)
    known = sum(one.number or 0 for one in shown)
    if not hidden:
        return Shown(str(known), known)
    return Shown(HIDDEN if hidden == 1 and not known else f"au moins {known + hidden}", None)
