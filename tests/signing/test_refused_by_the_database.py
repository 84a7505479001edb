"""What was signed is protected by the database itself, whoever writes and however."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from e2c_portal.signing.models import Envelope
from e2c_portal.signing.operations.opening import open_envelope
from tests.factories.people import regional_officer
from tests.harness.documents import stored_in
from tests.signing.pacts.kind import order
from tests.signing.pacts.registered import registered_pacts
from tests.signing.people import JEANNE, KARIM
from tests.signing.work import Mailbox, signs, work


@pytest.fixture(scope="module")
def signed_once(
    django_db_setup: None, django_db_blocker: Any, seal_key: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Envelope]:
    """Have the first of two people sign, in a transaction that ends with the file's tests: none of them changes anything."""
    folder = tmp_path_factory.mktemp("signe")
    with django_db_blocker.unblock(), transaction.atomic():
        with stored_in(folder / "documents"), registered_pacts(folder / "sms"):
            envelope = open_envelope(order((JEANNE, KARIM)), (JEANNE, KARIM), regional_officer())
            work()
            signs(envelope, "Jeanne Martin", Mailbox(mail.outbox, folder / "sms"))
            work()
        # What the database checks at the end of a transaction is checked here, for this one never ends well.
        connection.check_constraints()
        yield envelope
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE signing_act SET reason = 'x'",
        "DELETE FROM signing_act",
        "UPDATE signing_evidence SET kind = 'x'",
        "DELETE FROM signing_evidence",
        "UPDATE signing_signatory SET full_name = 'Autre' WHERE status = 'signed'",
        "UPDATE signing_signatory SET status = 'invited' WHERE status = 'signed'",
        "UPDATE signing_envelope SET status = 'completed', ended_at = NULL",
        "UPDATE signing_envelope SET status = 'preparing'",
        "UPDATE documents_revision SET sha256 = repeat('0', 64)",
        "UPDATE signing_code SET attempts = 6",
        "UPDATE signing_code SET fingerprint = '123456'",
        "DELETE FROM signing_signatory",
    ],
)
def test_the_database_itself_refuses(signed_once: Envelope, db: None, sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
