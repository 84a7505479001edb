"""The charts of a report: bars whose places are computed here, so that a template only draws them. They read in black and white."""

from collections.abc import Mapping
from os.path import commonprefix
from typing import Any

# In units of the drawing, wide as the text of an A4 page.
WIDTH, LABELS, BARS, ROW, BAR = 460, 150, 230, 16, 10
LABEL_LETTERS = 32
# Beyond, the bars no longer help: the table alone is printed.
LINES_AT_MOST = 24
FILLS = ("full", "empty")


def chart_of(section: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the drawing of a section: a bar a line, its parts side by side. None when there is nothing to draw."""
    keys = [column["key"] for column in section["columns"]]
    parts = [keys.index(key) for key in section["chart"] if key in keys]
    lines = [line for line in section["lines"] if all(line["cells"][part]["value"] is not None for part in parts)]
    longest = max((sum(line["cells"][part]["value"] for part in parts) for line in lines), default=0)
    if not parts or not 1 < len(lines) <= LINES_AT_MOST or not longest:
        return None
    labels = _short([line["label"] for line in lines])
    names = [section["columns"][part]["label"] for part in parts]
    return {
        "title": f"{section['title']} : {' et '.join(name.lower() for name in names)}",
        "alt": _told(section, names, parts, lines), "width": WIDTH, "height": len(lines) * ROW + 2,
        "legend": [{"fill": fill, "label": name} for fill, name in zip(FILLS, names, strict=False)],
        "bars": [_bar(line, parts, number, longest, shown) for number, (line, shown) in enumerate(zip(lines, labels, strict=True))],
    }  # fmt: skip


def _bar(line: Mapping[str, Any], parts: list[int], number: int, longest: int, shown: str) -> dict[str, Any]:
    top, left, drawn = number * ROW + 3, float(LABELS), []
    for fill, part in zip(FILLS, parts, strict=False):
        width = round(BARS * line["cells"][part]["value"] / longest, 2)
        if width:
            drawn.append({"x": _plain(left), "width": _plain(width), "fill": fill})
        left += width
    words = " / ".join(line["cells"][part]["words"] for part in parts)
    return {
        "label": shown, "words": words, "y": str(top), "text_y": str(top + BAR - 2), "parts": drawn,
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


def _told(section: Mapping[str, Any], names: list[str], parts: list[int], lines: list[Mapping[str, Any]]) -> str:
    """Say a chart in words: every bar, in order."""
    said = [
        f"{line['label']}, " + " et ".join(f"{line['cells'][part]['words']} {name.lower()}" for name, part in zip(names, parts, strict=True))
        for line in lines
    ]  # fmt: skip
    return f"Diagramme en barres, {section['title'].lower()} : {' ; '.join(said)}. Les mêmes nombres sont dans le tableau qui suit."
