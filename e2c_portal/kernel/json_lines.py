"""What production writes in its logs: one JSON object a line, the same fields for pages, workers, clock, watcher and commands.

A line says when, how serious, who speaks, in which request, task and account (its number, never a name). Of a fault it says the
class and the places of the code, never its words: databases, forms and mail servers quote there what people typed. Fields
are a closed list, so that a library cannot add a request or the arguments of a task.
"""

import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg
from pythonjsonlogger.json import JsonFormatter

from e2c_portal.kernel.log_masking import FAULT, without_people
from e2c_portal.kernel.requests import current_request_id, current_task, current_user, current_view

ROOT = Path(__file__).resolve().parents[2]
# What a line may carry besides its own fields.
EXTRAS = ("view", "method", "status", "status_code", "duration_ms", "command")
DEEPEST, MOST = 4, 20
# Their words speak of our code, of a table or of a service, never of what somebody typed.
SAYS_NOTHING_TYPED = (AttributeError, ImportError, NameError, NotImplementedError, RecursionError)
# Classes of SQLSTATE of which the same is true: connection, resources, rights and syntax, state of things, the server itself.
SAFE_SQLSTATES = ("08", "25", "40", "42", "53", "54", "55", "57", "58", "XX")
TASK_FAULT = "celery.app.trace"
ANSWERED, REASON_AND_PATH = "django.request", 2
OURS = ("e2c_portal.", "schools.", "partnerships.", "trainees.", "assises.")


class JsonLines(JsonFormatter):
    """Write a record as one line of JSON that names nobody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__("%(message)s", json_ensure_ascii=False)

    def format(self, record: logging.LogRecord) -> str:
        return str(self.serialize_log_record(told(record)))


def told(record: logging.LogRecord) -> dict[str, Any]:
    """Return what is written of a record, empty fields left out."""
    task = current_task()
    facts: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "request_id": getattr(record, "request_id", None) or current_request_id(),
        "task": task.name if task else None,
        "task_id": task.number if task else None,
        "user": current_user(),
        "message": _message(record),
    }
    facts |= {name: record.__dict__[name] for name in EXTRAS if name in record.__dict__}
    facts |= _of_celery(record)
    fault = record.__dict__.get(FAULT) or record.exc_info
    if fault and fault[1]:
        facts["exception"] = list(faults(fault[1]))
    return {name: value for name, value in facts.items() if value not in (None, "")}


def _message(record: logging.LogRecord) -> str:
    if record.name == TASK_FAULT and record.levelno >= logging.WARNING:
        # Celery prints there the words of the exception and all its frames: both are told below, without them.
        return "the task raised"
    if record.name == ANSWERED and isinstance(record.args, tuple) and len(record.args) == REASON_AND_PATH:
        # Django tells the address, in which anything may have been typed.
        return f"{record.args[0]}: {current_view()}"
    return without_people(record.getMessage())


def _of_celery(record: logging.LogRecord) -> dict[str, Any]:
    """Return the task a worker speaks of and how long it took; its arguments stay out."""
    data = record.__dict__.get("data")
    if not isinstance(data, dict) or not record.name.startswith("celery."):
        return {}
    took = data.get("runtime")
    return {
        "task": data.get("name"),
        "task_id": data.get("id"),
        "duration_ms": round(took * 1000) if isinstance(took, float) else None,
    }


def faults(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """Tell an exception and those it came from: class, places, and the words of those alone that quote nothing typed."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield {"class": _class_of(error), **words_of(error), "where": _places(error.__traceback__)}
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def words_of(error: BaseException) -> dict[str, Any]:
    """Return what may be said of a fault besides its class."""
    if isinstance(error, psycopg.Error):
        return _of_database(error)
    if isinstance(error, OSError) and error.errno:
        return {"errno": error.errno, "words": error.strerror}
    code = getattr(error, "code", None)
    if isinstance(code, str | int) and type(error).__module__.startswith(OURS):
        return {"code": code}
    if isinstance(error, SAYS_NOTHING_TYPED):
        return {"words": without_people(str(error))}
    return {}


def _of_database(error: psycopg.Error) -> dict[str, Any]:
    """Name what the schema names; PostgreSQL's own sentence only where it cannot quote a row (no « Key (email)=(…) »)."""
    state = error.sqlstate or ""
    named = {
        "sqlstate": state,
        "table": error.diag.table_name,
        "column": error.diag.column_name,
        "constraint": error.diag.constraint_name,
    }
    if state.startswith(SAFE_SQLSTATES):
        named["words"] = error.diag.message_primary
    return {name: value for name, value in named.items() if value}


def _class_of(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _places(trace: TracebackType | None) -> list[str]:
    """Name the places of a traceback: file, line and function, no value and no line of source.

    All those of our own code, and the deepest ones wherever they are: between them libraries call themselves.
    """
    found: list[tuple[str, bool]] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        path = Path(code.co_filename)
        found.append((f"{_short(path)}:{trace.tb_lineno} {code.co_name}", _is_ours(path)))
        trace = trace.tb_next
    deepest = len(found) - DEEPEST
    return [place for number, (place, ours) in enumerate(found) if ours or number >= deepest][-MOST:]


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(ROOT) and "site-packages" not in path.parts


def _short(path: Path) -> str:
    if "site-packages" in path.parts:
        return "/".join(path.parts[path.parts.index("site-packages") + 1 :])
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


def place_of(error: BaseException) -> str:
    """Return the deepest place in our own code where a fault passed, else its deepest place."""
    places = _places(error.__traceback__)
    ours = [place for place in places if place.startswith(tuple(part.replace(".", "/") for part in OURS))]
    return (ours or places or [""])[-1]


def log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Write what ends a program as one line too (sys.excepthook): Python would print its words and its source."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("e2c_portal.program").critical("the program stopped", exc_info=(kind, error, trace))
