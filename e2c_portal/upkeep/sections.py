"""The sections of « Exploitation »: each part of upkeep adds its own when the portal starts, and its page shows those it may open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class State:
    """How a section stands now: one French sentence and a tone of the components ("success", "warning", "danger"…)."""

    sentence: str
    tone: str = "neutral"


@dataclass(frozen=True)
class Section:
    """One page of « Exploitation ». `order` sorts; `permission` says who sees it.

    `state` is asked at each showing of the first page: a bounded question, none when there is nothing to say.
    """

    title: str
    text: str
    url_name: str
    icon: str
    order: int
    permission: str
    state: Callable[[], State | None] | None = None


@dataclass(frozen=True)
class Tile:
    """A section as a page prints it."""

    title: str
    text: str
    url: str
    icon: str
    state: State | None


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Add a section; the same URL name again replaces the former one."""
    _sections[section.url_name] = section


def sees_some(user: Any) -> bool:
    """Say whether somebody may open at least one section."""
    return bool(getattr(user, "is_authenticated", False)) and any(
        user.has_perm(section.permission) for section in _sections.values()
    )


def tiles_for(user: Any) -> list[Tile]:
    """Return the sections that somebody may open, in order, each with its state."""
    seen = [section for section in _sections.values() if user.has_perm(section.permission)]
    return [_tile(section) for section in sorted(seen, key=lambda section: section.order)]


def _tile(section: Section) -> Tile:
    state = section.state() if section.state else None
    return Tile(section.title, section.text, reverse(section.url_name), section.icon, state)
