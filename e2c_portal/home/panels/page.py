"""The first page as values: its lines, its figures, its ways in."""

from dataclasses import dataclass, field
from enum import IntEnum


class Urgency(IntEnum):
    """How much something presses; the order of the page."""

    LAW = 0
    NOW = 1
    LATE = 2
    SOON = 3
    OPEN = 4


TONES = {
    Urgency.LAW: "danger", Urgency.NOW: "danger", Urgency.LATE: "warning", Urgency.SOON: "warning", Urgency.OPEN: "info",
}  # fmt: skip


@dataclass(frozen=True)
class Task:
    """Something that waits for this person: how many, since when or until when, and the list of exactly these rows."""

    words: str
    url: str
    urgency: Urgency
    wait: str = ""

    @property
    def tone(self) -> str:
        return TONES[self.urgency]


@dataclass(frozen=True)
class Figure:
    """A figure of this person's scope, with what it counts; `url` opens its rows."""

    label: str
    words: str
    url: str
    text: str = ""


@dataclass(frozen=True)
class Way:
    """A part of the portal."""

    title: str
    url: str
    text: str
    icon: str


@dataclass(frozen=True)
class Next:
    """The natural next action of somebody for whom nothing presses."""

    text: str
    url: str
    label: str


@dataclass(frozen=True)
class Welcome:
    """What is told to somebody who belongs to no school and follows no network: whom to ask, what they may do already."""

    title: str
    sentences: tuple[str, ...]
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Today:
    """The whole first page of one person."""

    belongs: bool
    tasks: list[Task] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    next: Next | None = None
    welcome: Welcome | None = None
    reads_only: bool = False
    where: str = ""
