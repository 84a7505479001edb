"""No log line holds a personal link: what follows some paths is masked in every record of the process.

Web servers, Django and libraries log addresses by ways of their own (access lines, « Not Found », tracebacks), so the mask
sits where all of them pass: the making of a log record. What is tied to a record after that (the request, a traceback) is
masked by MaskedKeys, a filter of the handler.
"""

import copy
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

MASK = "…"
FAULT = "_fault"
# Long enough to be a key: ordinary words of an address stay readable.
KEY = r"[A-Za-z0-9_\-:.=%~]{20,}"

# An address of somebody, and the number of a person (NIR): no sentence of a log needs them.
PEOPLE = re.compile(
    r"[\w.+\-']+@[\w\-]+\.[\w.\-]+|(?<!\d)[12] ?\d\d ?\d\d ?(?:\d\d|2[AB]) ?\d{3} ?\d{3}(?: ?\d\d)?(?!\d)"
)

_prefixes: list[str] = []
_pattern: re.Pattern[str] | None = None


def mask_after(prefix: str) -> None:
    """Mask from now on the long keys that follow `prefix` ("/lien/"), words between them and it included."""
    global _pattern
    if prefix in _prefixes:
        return
    _prefixes.append(prefix)
    _pattern = re.compile(rf"((?:{'|'.join(map(re.escape, _prefixes))})(?:[a-z\-]+/)*){KEY}")
    if len(_prefixes) == 1:
        logging.setLogRecordFactory(_masking(logging.getLogRecordFactory()))


def masked(text: str) -> str:
    """Return the text with its keys replaced by an ellipsis."""
    return _pattern.sub(rf"\g<1>{MASK}", text) if _pattern else text


def without_people(text: str) -> str:
    """Return the text with the addresses of people and their numbers replaced by an ellipsis, keys of links too."""
    return PEOPLE.sub(MASK, masked(text))


class MaskedKeys(logging.Filter):
    """Mask the request and the traceback that a record carries along; a formatter may print them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if (request := record.__dict__.get("request")) is not None:
            record.__dict__["request"] = _masked_value(request)
        if record.exc_info and record.exc_info[0]:
            told = logging.Formatter().formatException(record.exc_info)
            if (hidden := masked(told)) != told:
                # Kept aside for json_lines, which tells a fault without its words; formatters print no name of this sort.
                record.__dict__[FAULT] = record.exc_info
                record.exc_info, record.exc_text = None, hidden
        return True


def _masking(make: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    def make_masked(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        if isinstance(record.msg, str):
            record.msg = masked(record.msg)
        record.args = _masked_arguments(record.args)
        return record

    return make_masked


def _masked_arguments(arguments: Any) -> Any:
    if isinstance(arguments, tuple):
        return tuple(_masked_value(value) for value in arguments)
    if isinstance(arguments, Mapping):
        # Gunicorn hands over a dictionary of its own that answers for missing keys: a copy keeps that.
        changed = {key: _masked_value(value) for key, value in arguments.items()}
        kept: Any = copy.copy(arguments)
        for key, value in changed.items():
            if value is not arguments[key]:
                kept[key] = value
        return kept
    return arguments


def _masked_value(value: Any) -> Any:
    """Mask what reads as text. Numbers stay numbers, for the formats that ask for them (%d)."""
    if value is None or isinstance(value, int | float):
        return value
    try:
        text = str(value)
    except Exception:  # a value that cannot be written must not stop the line
        return value
    hidden = masked(text)
    return hidden if hidden != text else value
