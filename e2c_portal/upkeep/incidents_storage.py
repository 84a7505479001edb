"""A storage that refuses a file to a page, or gives none back: told to staff once the page has answered.

The operation that met it undoes what it wrote, and would undo the note too: it is written after the answer.
"""

import logging
from collections.abc import Callable
from contextvars import ContextVar

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse

from e2c_portal.documents.storage import StorageFault
from e2c_portal.upkeep import incidents
from e2c_portal.upkeep import incidents_words as words
from e2c_portal.upkeep.incidents_finding import Fault

logger = logging.getLogger(__name__)
_met: ContextVar[str] = ContextVar("storage_fault_met", default="")


def witness(fault: StorageFault) -> None:
    """Remember what the storage said while this page was made. A worker tells of its documents by itself."""
    _met.set(fault.message)


class StorageWatchMiddleware:
    """Write the incident of a page that met a storage away or full."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _met.set("")
        try:
            response = self.get_response(request)
            if reason := _met.get():
                _note(reason)
        finally:
            _met.reset(token)
        return response


def _note(reason: str) -> None:
    try:
        incidents.note(Fault(words.STORAGE, reason=reason))
    except (DatabaseError, InterfaceError) as error:
        logger.warning("a storage fault could not be told (%s)", type(error).__name__)
