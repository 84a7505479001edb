"""The charts of a report: the sections that are drawn, as bars (e2c_portal.ui.charts)."""

from collections.abc import Mapping
from typing import Any

from e2c_portal.ui.charts import Bar, bars_of


def chart_of(section: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the drawing of a section: a bar a line, its parts side by side. None when there is nothing to draw."""
    keys = [column["key"] for column in section["columns"]]
    parts = [keys.index(key) for key in section["chart"] if key in keys]
    if not parts:
        return None
    lines = [
        Bar(
            line["label"],
            tuple(line["cells"][part]["value"] for part in parts),
            tuple(line["cells"][part]["words"] for part in parts),
        )
        for line in section["lines"] if all(line["cells"][part]["value"] is not None for part in parts)
    ]  # fmt: skip
    return bars_of(section["title"], [section["columns"][part]["label"] for part in parts], lines)
