"""Bars drawn by the server: their places are computed here, so that a template only draws them. They read in black and white."""

from collections.abc import Sequence
from dataclasses import dataclass
from os.path import commonprefix
from typing import Any

# In units of the drawing, wide as the text of an A4 page.
WIDTH, LABELS, BARS, ROW, BAR = 460, 150, 230, 16, 10
LABEL_LETTERS = 32
# Beyond, the bars no longer help: the table alone is shown.
LINES_AT_MOST = 24
FILLS = ("full", "empty")


@dataclass(frozen=True)
class Bar:
    """One line of a chart: its label, the value of each of its parts, and the words of each."""

    label: str
    values: tuple[float, ...]
    words: tuple[str, ...]


def bars_of(
    title: str,
    names: Sequence[str],
    lines: Sequence[Bar],
    where: str = "dans le tableau qui suit",
    gutter: int = LABELS,
) -> dict[str, Any] | None:
    """Return a drawing, a bar a line, its parts side by side, with its words. None when there is nothing to draw.

    `where` says where the same numbers are told, `gutter` how much room the labels take.
    """
    longest = max((sum(line.values) for line in lines), default=0)
    if not 1 < len(lines) <= LINES_AT_MOST or not longest:
        return None
    labels = _short([line.label for line in lines])
    return {
        "title": f"{title} : {' et '.join(name.lower() for name in names)}",
        "alt": _told(title, names, lines, where), "width": WIDTH - LABELS + gutter, "height": len(lines) * ROW + 2,
        "legend": [{"fill": fill, "label": name} for fill, name in zip(FILLS, names, strict=False)],
        "bars": [_bar(line, rank, longest, shown, gutter) for rank, (line, shown) in enumerate(zip(lines, labels, strict=True))],
    }  # fmt: skip


def _bar(line: Bar, rank: int, longest: float, shown: str, gutter: int) -> dict[str, Any]:
    top, left, drawn = rank * ROW + 3, float(gutter), []
    for fill, value in zip(FILLS, line.values, strict=False):
        width = round(BARS * value / longest, 2)
        if width:
            drawn.append({"x": _plain(left), "width": _plain(width), "fill": fill})
        left += width
    return {
        "label": shown, "words": " / ".join(line.words), "y": str(top), "text_y": str(top + BAR - 2), "parts": drawn,
        "words_x": _plain(left + 5),
    }  # fmt: skip


def _short(labels: list[str]) -> list[str]:
    """Return labels that fit beside a bar: what the long ones all start with is left to the table, then the rest is cut."""
    long = [label for label in labels if len(label) > LABEL_LETTERS]
    alike = [label for label in labels if long and label.split()[0] == long[0].split()[0]]
    shared = commonprefix(alike).rpartition(" ")[0] if len(alike) > 1 else ""
    kept = [label.removeprefix(f"{shared} ") if shared else label for label in labels]
    return [label if len(label) <= LABEL_LETTERS else f"{label[: LABEL_LETTERS - 1].rstrip()}…" for label in kept]


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _told(title: str, names: Sequence[str], lines: Sequence[Bar], where: str) -> str:
    """Say a chart in words: every bar, in order."""
    said = [
        f"{line.label}, " + " et ".join(f"{words} {name.lower()}".strip() for name, words in zip(names, line.words, strict=True))
        for line in lines
    ]  # fmt: skip
    return f"Diagramme en barres, {title.lower()} : {' ; '.join(said)}. Les mêmes nombres sont {where}."
