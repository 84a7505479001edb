"""The checks: each looks at one thing, a bounded part at a time, and yields what is wrong."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

# So many nights read every file and every link of the chain once.
NIGHTS = 28


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the record ("app.model:id") or the file, and a French sentence that names nobody."""

    subject: str
    sentence: str


@dataclass(frozen=True)
class Scope:
    """What to look at: tonight's share, the things found wrong before, and where the step before stopped ("" at first)."""

    share: int
    again: Collection[str] = ()
    after: str = ""


@dataclass(frozen=True)
class Step:
    """What one part of a check gave, and where the next one begins: None once the check is over."""

    faults: list[Fault] = field(default_factory=list)
    after: str | None = None


@dataclass(frozen=True)
class Check:
    """One check. `label` says what must hold, `advice` what to do when it does not: both French.

    `look` takes a few seconds at most: a long check is done in steps.
    """

    name: str
    label: str
    advice: str
    look: Callable[[Scope], Step]


_checks: dict[str, Check] = {}


def register(*checks: Check) -> None:
    """Add checks, done in the order in which they come; the same name again replaces the former one."""
    for check in checks:
        _checks[check.name] = check


def all_checks() -> list[Check]:
    """Return the checks, in order."""
    return list(_checks.values())


def check_named(name: str) -> Check | None:
    """Return a check, None when nobody registered it (one of an older version)."""
    return _checks.get(name)


def asked_at_once(look: Callable[[], list[Fault]]) -> Callable[[Scope], Step]:
    """Return the `look` of a check that is one question."""
    return lambda scope: Step(look())


def one_after_the_other(parts: Callable[[], list[Callable[[Scope], list[Fault]]]]) -> Callable[[Scope], Step]:
    """Return the `look` of a check made of several questions, one a step."""

    def look(scope: Scope) -> Step:
        asked = parts()
        number = int(scope.after or 0)
        if number >= len(asked):
            return Step()
        return Step(asked[number](scope), str(number + 1) if number + 1 < len(asked) else None)

    return look
