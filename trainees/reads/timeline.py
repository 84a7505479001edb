"""One timeline for a trainee, made of sources: one function for each kind of fact, one query each.

Another part of the app adds its facts without touching this file or the page. In its own package of reads it writes

    def attendance_events(trainee: Trainee) -> Iterable[TimelineEvent]: ...

and in the function that `TraineesConfig.ready` calls for it: `timeline.register("presences", attendance_events)`.
A source answers in a fixed number of queries whatever the number of rows, never tells health data (RQTH), and speaks only of
the trainee it is given: the page is already reserved for those who may read them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from trainees.models import Trainee


@dataclass(frozen=True)
class TimelineEvent:
    """One fact of a timeline. `day` is that of the fact; `tone` and `icon` are names of the interface; `url` may lead further."""

    day: date
    title: str
    text: str = ""
    who: str = ""
    tone: str = "neutral"
    icon: str = ""
    url: str = ""


Source = Callable[[Trainee], Iterable[TimelineEvent]]
_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Add a kind of fact to the timeline. The same name given again replaces the source (Django may set its apps up twice)."""
    _sources[name] = source


def source_names() -> list[str]:
    """Return the names of the sources, in the order in which they came."""
    return list(_sources)


def timeline_of(trainee: Trainee) -> list[TimelineEvent]:
    """Return all the facts of a trainee, the latest day first; on one day, in the order of the sources reversed."""
    events = [event for source in _sources.values() for event in source(trainee)]
    return sorted(reversed(events), key=lambda event: event.day, reverse=True)
