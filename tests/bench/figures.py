"""What a measure gives: a name, a value and its unit, beside its baseline from the same run."""

import json
import os
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass


class CannotMeasure(Exception):
    """A figure could not be measured; its text is the French sentence that says why."""


@dataclass(frozen=True)
class Figure:
    """One figure. `baseline` is in the same unit and from the same run; `ratio` is the value over it unless said otherwise."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None

    def line(self) -> str:
        """Return the figure as JSON."""
        told = {
            "value": rounded(self.value),
            "unit": self.unit,
            "baseline": rounded(self.baseline),
            "ratio": rounded(self.ratio),
        }
        return json.dumps({"name": self.name, **told})


def beside(name: str, value: float, unit: str, baseline: float) -> Figure:
    """Return a figure beside its baseline, with how many times the baseline it is. Raises CannotMeasure without one."""
    if baseline <= 0:
        raise CannotMeasure(f"La référence de « {name} » est nulle : il n’y a rien à comparer.")
    return Figure(name, value, unit, baseline, value / baseline)


def rounded(value: float | None) -> float | None:
    """Keep four figures that mean something."""
    return None if value is None else float(f"{value:.4g}")


def median(values: Sequence[float]) -> float:
    """Return the median. Raises CannotMeasure when there is nothing."""
    if not values:
        raise CannotMeasure("Aucune mesure n’a été prise.")
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value under which this share (0 to 1) of the values lie. Raises CannotMeasure when there is nothing."""
    if not values:
        raise CannotMeasure("Aucune mesure n’a été prise.")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def publish(figure: Figure) -> None:
    """Print the figure, alone on its line."""
    print(figure.line(), flush=True)  # noqa: T201  the standard output is for figures


def note(words: str) -> None:
    """Say something to whoever watches, with what the machine is busy with: figures of a busy machine are worth less."""
    print(f"• {words} (charge {os.getloadavg()[0]:.1f})", file=sys.stderr, flush=True)  # noqa: T201  the same for the other stream


def complain(words: str) -> None:
    """Say what went wrong."""
    print(f"✗ {words}", file=sys.stderr, flush=True)  # noqa: T201  the same
