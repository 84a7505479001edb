"""Put in the tree of the former version by test_former_version: its own worker makes a document on the new schema."""

import time
from collections.abc import Callable

import pytest
from celery.contrib.testing.worker import start_worker

from e2c_portal.celery import app
from e2c_portal.documents.models import Document

PATIENCE_SECONDS = 60


@pytest.mark.django_db(transaction=True)
def test_the_worker_of_the_former_version_seals_a_document(empty_queue: None, notice: Callable[[], Document]) -> None:
    document = notice()
    limit = time.monotonic() + PATIENCE_SECONDS
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=20):
        while not document.is_sealed:
            assert time.monotonic() < limit, f"not sealed: {document.status} {document.failure}"
            time.sleep(0.1)
            document.refresh_from_db()
