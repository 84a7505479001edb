"""Whose data the portal holds: apps register the kinds of people they know in `AppConfig.ready`."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db.models import Model


class Capacity(StrEnum):
    """Why somebody is told of an erasure: what the message says depends on it."""

    STAFF = "staff"
    OWN = "own"
    # Who answers for a minor: told of their own data, and in the minor's place.
    FOR_A_MINOR = "minor"
    # Who answered for somebody who is of age by now: told of their own data alone.
    REPRESENTATIVE = "representative"


@dataclass(frozen=True)
class Told:
    """Somebody to be told before an erasure: an address, a name, why, and for staff the page of the file."""

    email: str
    name: str
    capacity: Capacity = Capacity.OWN
    url: str = ""


def nothing(row: Any) -> list[str]:
    """Say that nothing has to stay."""
    return []


def nobody(rows: Sequence[Any]) -> list[Told]:
    """Say that nobody has to be told."""
    return []


@dataclass(frozen=True)
class PersonKind:
    """One kind of person. All the sentences are French.

    `search(words)` finds people by name or address, a few at a time; `names(row)` gives the ways their name is written,
    and their addresses: they are taken out of the rows of others. `refusals(row)` says why nothing goes for now,
    `obligations(row)` why a part must stay, and `first_to_go` names the models that leave even then. `blank(row)` gives the values the row takes when it stays.
    `deletes` says whether the row itself may go. `told(rows)` gives who must know thirty days before. `also(row)` finds rows that belong to them by another way than a column.
    """

    slug: str
    label: str
    model: str
    search: Callable[[str], "Iterable[Any]"]
    describe: Callable[[Any], str]
    names: Callable[[Any], Sequence[str]]
    blank: Callable[[Any], Mapping[str, Any]]
    deletes: bool = True
    refusals: Callable[[Any], list[str]] = nothing
    obligations: Callable[[Any], list[str]] = nothing
    first_to_go: frozenset[str] = field(default_factory=frozenset)
    told: Callable[[Sequence[Any]], list[Told]] = nobody
    also: Callable[[Any], Iterable[Model]] = nothing  # type: ignore[assignment]
    after: Callable[[Any], None] = lambda row: None

    @property
    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)


_kinds: dict[str, PersonKind] = {}
# What other apps look at before and after the erasure of people of a model, in its transaction.
Witness = Callable[[Collection[Any]], AbstractContextManager[None]]
_witnesses: dict[str, list[Witness]] = {}


def watch(model: str, witness: Witness) -> None:
    """Have a witness stand by each erasure of people of a model, "app.Model": it receives their keys."""
    known = _witnesses.setdefault(model, [])
    if witness not in known:
        known.append(witness)


@contextmanager
def watched(model: type[Model], keys: Collection[Any]) -> Iterator[None]:
    """Erase inside the block what the witnesses of these people look at, before and after."""
    with ExitStack() as stack:
        for witness in _witnesses.get(model._meta.label, []):
            stack.enter_context(witness(keys))
        yield


def register(kind: PersonKind) -> None:
    """Add a kind of person. Raises ValueError when its slug is taken by another."""
    if _kinds.setdefault(kind.slug, kind) is not kind and _kinds[kind.slug] != kind:
        raise ValueError(f"person kind {kind.slug!r} is registered twice")


def all_kinds() -> list[PersonKind]:
    """Return the kinds, by label."""
    return sorted(_kinds.values(), key=lambda kind: kind.label)


def kind_named(slug: str) -> PersonKind | None:
    """Return a kind by its slug, None when nobody registered it."""
    return _kinds.get(slug)


def kind_of(model: type[Model]) -> PersonKind | None:
    """Return the kind of person that a model holds, None when it holds none."""
    return next((kind for kind in _kinds.values() if kind.model == model._meta.label), None)
