"""The grid of presences as it is sent: a choice for each half-day, what the page had seen of it, the minutes of a lateness.

Django’s own formsets would validate sixty forms to say what three words say: the operation checks, and the page keeps what was typed.
"""

from datetime import date

from django.http import QueryDict

from trainees.models.attendance import Half, Presence
from trainees.operations.presence import Entry
from trainees.reads.attendance import NOTHING

CHOICE, SEEN, LATE = "e", "v", "m"
ALL_PRESENT = "tous"
MOST = 1000
STATES = {NOTHING, *Presence.values}


def field(kind: str, pathway_id: int, day: date, half: str) -> str:
    """Return the name of a field of the grid: « e-12-2026-11-03-am »."""
    return f"{kind}-{pathway_id}-{day.isoformat()}-{half}"


def entries_of(data: QueryDict) -> list[Entry]:
    """Return what was sent, half-day by half-day. With the button « tous présents », what is empty becomes present."""
    fill = ALL_PRESENT in data
    found: list[Entry] = []
    for name in data:
        if name.startswith(f"{CHOICE}-") and (place := _place(name)) and len(found) < MOST:
            state, seen = data.get(name, ""), data.get(SEEN + name[1:], NOTHING)
            if state not in STATES:
                continue
            state = Presence.PRESENT if fill and not state and not seen else state
            found.append(Entry(*place, state, seen, _minutes(data.get(LATE + name[1:]))))
    return found


def _place(name: str) -> tuple[int, date, str] | None:
    parts = name.split("-")
    try:
        pathway_id, day, half = int(parts[1]), date.fromisoformat("-".join(parts[2:5])), parts[5]
    except (ValueError, IndexError):
        return None
    return (pathway_id, day, half) if half in Half.values and pathway_id < 2**31 else None


def _minutes(text: str | None) -> int | None:
    """Return the minutes typed; None when the page has no such field, zero when it is empty or no number."""
    if text is None:
        return None
    return int(text) if text.isdecimal() and len(text) < 4 else 0
