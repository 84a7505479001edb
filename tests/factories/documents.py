"""Documents of the tests, made by the code of the worker, here and now."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from e2c_portal.documents.building import build
from e2c_portal.documents.models import Document, Status


def seal(document: Document) -> Document:
    """Make one document and return it as it is then: sealed, or failed with its reason."""
    apart(build, document.pk)
    document.refresh_from_db()
    return document


def apart(job: Callable[..., object], *numbers: int) -> None:
    """Do the job of a worker. In a browser test it has a thread of its own: sealing needs an event loop of its own."""
    if not asyncio._get_running_loop():
        job(*numbers)
        return
    with ThreadPoolExecutor(1) as worker:
        worker.submit(_and_close, job, *numbers).result()


def _and_close(job: Callable[..., object], *numbers: int) -> None:
    try:
        job(*numbers)
    finally:
        connection.close()


def seal_waiting() -> list[Document]:
    """Make all the documents that wait, sealed or ready to sign. Raises AssertionError with the reason of one that fails."""
    made = [seal(document) for document in Document.objects.filter(status=Status.QUEUED).order_by("pk")]
    for document in made:
        assert document.is_sealed or document.status == Status.READY, document.failure
    return made
