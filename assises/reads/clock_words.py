"""Hours of a day in French words."""

from datetime import time

from e2c_portal.kernel.french import NO_BREAK


def hours_words(starts_at: time, ends_at: time) -> str:
    """Return « de 8 h à 12 h 30 »."""
    return f"de {_clock(starts_at)} à {_clock(ends_at)}"


def _clock(moment: time) -> str:
    minutes = f"{NO_BREAK}{moment:%M}" if moment.minute else ""
    return f"{moment.hour}{NO_BREAK}h{minutes}"
