"""Icons of the pages: drawn inline, without any style attribute, and silent for screen readers."""

from functools import lru_cache

import lucide
from django.utils.safestring import SafeString, mark_safe


@lru_cache(maxsize=256)
def icon(name: str, size: int = 20) -> SafeString:
    """Return the SVG of a Lucide icon, hidden from assistive technology: a word always stands beside it.

    `size` is in CSS pixels. Raises lucide.IconDoesNotExist for an unknown name.
    """
    drawn = lucide._render_icon(name, size, aria_hidden="true", focusable="false", **{"class": "icon"})
    return mark_safe(" ".join(drawn.split()))  # noqa: S308  the drawing comes from the package's own archive
