"""The history of one record: what the database kept, what the operations said, the steps of its life, told together.

A page is cut in the database among the three, whatever their number: one query for the keys, one for each kind, one for each
kind of record named.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, Model, Q, QuerySet, Value
from django.utils import timezone

from e2c_portal.audit.change_words import Line, line_of, names_in
from e2c_portal.audit.histories import History, holders_of
from e2c_portal.audit.models import Change, Entry
from e2c_portal.audit.tracking import apart
from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel.models import StateMove

PER_PAGE = 50
CHANGE, ENTRY, MOVE = "c", "e", "m"
NO_REQUEST = ("", "-")
STATE_COLUMN = "status"
UNKNOWN = "un auteur inconnu, hors du portail"
PORTAL = "le portail"


@dataclass(frozen=True)
class Asked:
    """What is asked of a history: a period of days, both ends included, and an author. `everything`: reserved acts too."""

    since: date | None = None
    until: date | None = None
    author: int | None = None
    everything: bool = False


@dataclass
class Event:
    """What was done at one time by one request: who, how, why, and what came of it."""

    at: datetime
    who: str
    by: str = ""
    request_id: str = ""
    reasons: list[str] = field(default_factory=list)
    acts: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def page_of(row: Model, history: History, asked: Asked, number: str | None) -> Page:
    """Return one page of the history of a record, as events, latest first."""
    page = Paginator(_keys(row, history, asked), PER_PAGE).get_page(number)
    picked: list[tuple[Any, str, int]] = list(page.object_list)
    page.object_list = _events(row, picked)
    return page


def authors_of(row: Model, history: History, asked: Asked) -> list[tuple[int, str]]:
    """Return who acted on a record, for the choice of an author, by name."""
    acted = (
        _changes(row, history)
        .order_by()
        .values("actor")
        .union(_entries(row, history, asked).order_by().values("actor"))
    )
    keys = {line["actor"] for line in acted if line["actor"]}
    people = get_user_model()._base_manager.filter(pk__in=keys).order_by("full_name", "pk")
    return [(person.pk, str(person)) for person in people]


def _changes(row: Model, history: History) -> QuerySet[Change]:
    name = subject_of(row)
    hidden = set(apart())
    shown = Q()
    for part in history.parts:
        if part.lower() not in hidden:
            shown |= Q(subject__startswith=f"{part.lower()}:")
    own = Q(subject=name)
    return Change.objects.filter(own | Q(parent=name) & ~Q(parent="") & shown if history.parts else own)


def _entries(row: Model, history: History, asked: Asked) -> QuerySet[Entry]:
    reserved = Q()
    for beginning in () if asked.everything else history.reserved:
        reserved |= Q(action__startswith=beginning)
    entries = Entry.objects.filter(subject=subject_of(row))
    return entries.exclude(reserved) if reserved else entries


def _moves(row: Model) -> QuerySet[Any] | None:
    """Return the steps of the life of a record, None when its kind has none."""
    moves: Any = getattr(row, "moves", None)
    return moves.order_by() if moves is not None and issubclass(moves.model, StateMove) else None


def _keys(row: Model, history: History, asked: Asked) -> QuerySet[Any]:
    sources: list[tuple[str, QuerySet[Any]]] = [
        (CHANGE, _changes(row, history)),
        (ENTRY, _entries(row, history, asked)),
    ]
    if (moves := _moves(row)) is not None:
        sources.append((MOVE, moves))
    first, *others = [_picked(rows, kind, asked) for kind, rows in sources]
    return first.union(*others, all=True).order_by("-at", "kind", "-key")


def _picked(rows: QuerySet[Any], kind: str, asked: Asked) -> QuerySet[Any]:
    if asked.since:
        rows = rows.filter(at__gte=_midnight(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=_midnight(asked.until + timedelta(days=1)))
    if asked.author:
        rows = rows.filter(actor=asked.author)
    return rows.order_by().annotate(kind=Value(kind, CharField()), key=F("pk")).values_list("at", "kind", "key")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _events(row: Model, picked: list[tuple[Any, str, int]]) -> list[Event]:
    own = subject_of(row)
    changes = {change.pk: change for change in _read(Change.objects.all(), picked, CHANGE)}
    entries = {entry.pk: entry for entry in _read(Entry.objects.all(), picked, ENTRY)}
    moves = {move.pk: move for move in _read(_moves(row), picked, MOVE)}
    names = names_in(changes.values(), own)
    holders = holders_of({change.link for change in changes.values() if change.link})
    told: dict[str, Event] = {}
    requests = {change.transaction: _group_of(change) for change in changes.values()}
    moved = {move.transaction for move in moves.values()}
    for _at, kind, pk in picked:
        if kind == CHANGE:
            _tell_change(
                told,
                changes[pk],
                line_of(changes[pk], names, own),
                holders,
                moved if changes[pk].subject == own else set(),
            )
        elif kind == ENTRY:
            _tell_entry(told, entries[pk])
        else:
            _tell_move(told, moves[pk], row, requests)
    return sorted(
        (event for event in told.values() if event.acts or event.lines), key=lambda event: event.at, reverse=True
    )


def _read(rows: QuerySet[Any] | None, picked: list[tuple[Any, str, int]], kind: str) -> Iterable[Any]:
    keys = [pk for _at, what, pk in picked if what == kind]
    return rows.filter(pk__in=keys).select_related("actor") if rows is not None and keys else []


def _group_of(change: Change) -> str:
    return (
        f"r{change.request_id}:{change.actor_id}" if change.request_id not in NO_REQUEST else f"t{change.transaction}"
    )


def _tell_change(told: dict[str, Event], change: Change, line: Line, holders: Any, moved: set[int]) -> None:
    event = told.setdefault(
        _group_of(change), Event(change.at, _who(change, holders), change.source, change.request_id)
    )
    if change.transaction in moved:
        # The step that goes with it says the same, with its reason.
        line = replace(line, values=[value for value in line.values if value.name != _state_name(change)])
    if line.title or line.values:
        event.lines.append(line)
    _because(event, change.reason)


def _state_name(change: Change) -> str:
    model = apps.get_model(change.subject.partition(":")[0])
    name = str(model._meta.get_field(STATE_COLUMN).verbose_name)  # type: ignore[union-attr]
    return name[:1].upper() + name[1:]


def _who(change: Change, holders: Any) -> str:
    if change.actor is not None:
        return str(change.actor)
    if change.link:
        return f"{holders.get(change.link) or 'quelqu’un'}, par le lien personnel n° {change.link}"
    return PORTAL if change.source or change.request_id not in NO_REQUEST else UNKNOWN


def _tell_entry(told: dict[str, Event], entry: Entry) -> None:
    key = f"r{entry.request_id}:{entry.actor_id}" if entry.request_id not in NO_REQUEST else f"e{entry.pk}"
    event = told.setdefault(key, Event(entry.at, str(entry.actor or PORTAL), request_id=entry.request_id))
    event.acts.append(entry.summary or entry.action)


def _tell_move(told: dict[str, Event], move: Any, row: Model, requests: dict[int, str]) -> None:
    key = requests.get(move.transaction, f"t{move.transaction}")
    event = told.setdefault(key, Event(move.at, str(move.actor or PORTAL)))
    labels = dict(row._meta.get_field(STATE_COLUMN).flatchoices)  # type: ignore[union-attr]
    day = f", le {move.effective_on:%d/%m/%Y}" if move.effective_on else ""
    event.acts.append(f"État : {labels.get(move.origin, move.origin)} → {labels.get(move.target, move.target)}{day}")
    _because(event, move.reason)


def _because(event: Event, reason: str) -> None:
    if reason and reason not in event.reasons:
        event.reasons.append(reason)
