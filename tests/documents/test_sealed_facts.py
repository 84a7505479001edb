"""What the database keeps of a sealed document cannot be rewritten, whoever writes."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from e2c_portal.documents.models import Document

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", ["sha256 = repeat('0', 64)", "file = 'autre.pdf'", "sealed_at = now()", "size = 1"])
def test_a_sealed_document_keeps_its_facts(sealed_notice: Callable[..., Document], change: str) -> None:
    document = sealed_notice()
    with pytest.raises(DatabaseError, match="figées"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE documents_document SET {change} WHERE id = %s", [document.pk])
    document.refresh_from_db()
    assert document.sha256 != "0" * 64


def test_a_sealed_document_cannot_leave_its_state(sealed_notice: Callable[..., Document]) -> None:
    document = sealed_notice()
    with pytest.raises(DatabaseError, match="interdit"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE documents_document SET status = 'queued' WHERE id = %s", [document.pk])
