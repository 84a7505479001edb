"""Pages under test: undefined words are errors, and the number of queries does not grow with the list."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test.utils import CaptureQueriesContext

OUR_TEMPLATES = str(Path(portal_settings.BASE_DIR) / "templates")
FORGIVING = {"default", "default_if_none", "length", "yesno"}


class UndefinedWord(AssertionError):
    """A page of ours prints a variable that nobody gave it."""


class NoUndefinedWord(str):
    """Stand in for Django's string_if_invalid: raise for our own templates, stay silent for other people's."""

    def __bool__(self) -> bool:
        # Empty text, so that nothing is printed where Django hands it out as it is; true, so that Django asks at all.
        return True

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, word: object) -> str:
        frame: Any = sys._getframe(1)
        expression, context = frame.f_locals["self"], frame.f_locals["context"]
        while frame and not (origin := _origin_of(frame)):
            frame = frame.f_back
        forgiven = any(function.__name__ in FORGIVING for function, _ in expression.filters)
        if frame and origin.startswith(OUR_TEMPLATES) and not forgiven:
            raise UndefinedWord(f"{{{{ {expression.token} }}}} is not defined in {origin}")
        return _filtered(expression, context)


def _origin_of(frame: Any) -> str:
    origin = getattr(frame.f_locals.get("self"), "origin", None)
    return str(getattr(origin, "name", ""))


def _filtered(expression: Any, context: Any) -> Any:
    """Apply the filters to an empty text, as Django does for an unknown word when nothing stands in."""
    value: Any = ""
    for function, arguments in expression.filters:
        values = [word.resolve(context) if is_variable else word for is_variable, word in arguments]
        value = function(value, *values)
    return value


@pytest.fixture(autouse=True)
def no_undefined_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make any page rendered by a test fail when it prints a word that its view did not give."""
    engine = engines["django"].engine  # type: ignore[attr-defined]
    monkeypatch.setattr(engine, "string_if_invalid", NoUndefinedWord())


@pytest.fixture
def same_query_count(db: None) -> Callable[..., int]:
    """Return a function that proves that a page asks as much of the database for three rows as for one.

    `same_query_count(get, add)`: `get()` answers the page of a list that holds one row, `add()` adds a row. Returns the
    number of queries.
    """

    def check(get: Callable[[], HttpResponse], add: Callable[[], object]) -> int:
        get()  # what is read once per process must not count
        with CaptureQueriesContext(connection) as one:
            assert get().status_code == 200
        add()
        add()
        with CaptureQueriesContext(connection) as three:
            assert get().status_code == 200
        more = [query["sql"][:300] for query in three.captured_queries[len(one) :]]
        assert len(three) == len(one), f"{len(one)} queries for one row, {len(three)} for three:\n" + "\n".join(more)
        return len(one)

    return check
