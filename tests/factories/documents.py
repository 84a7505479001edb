"""Documents of the tests, made by the code of the worker, here and now."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from e2c_portal.documents.building import build
from e2c_portal.documents.models import Document, Status


def seal(document: Document) -> Document:
    """Make one document and return it as it is then: sealed, or failed with its reason."""
    if asyncio._get_running_loop():
        # A browser test: its event loop lives in this thread, and sealing needs one of its own.
        with ThreadPoolExecutor(1) as worker:
            worker.submit(_build_apart, document.pk).result()
    else:
        build(document.pk)
    document.refresh_from_db()
    return document


def _build_apart(document_id: int) -> None:
    try:
        build(document_id)
    finally:
        connection.close()


def seal_waiting() -> list[Document]:
    """Make all the documents that wait. Raises AssertionError with the reason of the first that fails."""
    made = [seal(document) for document in Document.objects.filter(status=Status.QUEUED).order_by("pk")]
    for document in made:
        assert document.is_sealed, document.failure
    return made


def say_sealed() -> None:
    """Say of the documents that wait that they are sealed, without making them: where only the state of one matters.

    A document is made in half a second. Whoever reads its bytes or verifies it asks for `seal_waiting`.
    """
    for document in Document.objects.filter(status=Status.QUEUED):
        taken = Document.objects.filter(pk=document.pk)
        taken.update(status=Status.BUILDING, claim=uuid4(), claimed_at=timezone.now())
        taken.update(
            status=Status.SEALED, claim=None, claimed_at=None, sealed_at=timezone.now(), file="jamais-lu.pdf",
            sha256=f"{document.pk:064x}", size=1, seal_level="B-B", seal_subject="Essai",
        )  # fmt: skip
