"""Documents of the tests, made by the code of the worker, here and now."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from e2c_portal.documents.building import build
from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Document, Revision, Status


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


def say_made() -> None:
    """Say of the documents that wait that they are made, without making them: where only the state of one matters.

    One with signature fields is ready to sign, any other sealed, and its kind is told. A document is made in half a second:
    whoever reads its bytes or verifies it asks for `seal_waiting`.
    """
    for document in Document.objects.filter(status=Status.QUEUED):
        _change(document, status=Status.BUILDING, claim=uuid4(), claimed_at=timezone.now())
        if document.signature_fields:
            _say_ready(document)
        else:
            say_sealed(document)


def say_sealed(document: Document) -> None:
    """Say of one document that it is sealed, and tell its kind."""
    _change(
        document, status=Status.SEALED, claim=None, claimed_at=None, sealed_at=timezone.now(), file="jamais-lu.pdf",
        sha256=f"{document.pk:064x}", size=1, seal_level="B-B", seal_subject="Essai",
    )  # fmt: skip
    kind_named(document.kind).sealed(document)


def _say_ready(document: Document) -> None:
    facts = {"file": "jamais-lu.pdf", "sha256": f"{document.pk:064x}", "size": 1}
    _change(document, status=Status.READY, claim=None, claimed_at=None, **facts)
    Revision.objects.create(document=document, number=0, label="À signer", made_at=timezone.now(), **facts)
    kind_named(document.kind).ready(document)


def _change(document: Document, **columns: object) -> None:
    Document.objects.filter(pk=document.pk).update(**columns)
    document.refresh_from_db()
