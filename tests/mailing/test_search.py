"""Messages are found by every word of their subject, name or address, and by index however many were sent."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from e2c_portal.mailing.models import Mail, Sms
from e2c_portal.mailing.queries import reach_of
from tests.bench.crowd import Kind, copies
from tests.mailing.samples import invite

pytestmark = pytest.mark.django_db
MAILS, TEXTS = "/gestion/mailing/mail/", "/gestion/mailing/sms/"
MANY = 20_000


def written(kind: type[Mail | Sms], **facts: Any) -> Mail | Sms:
    now = timezone.now()
    common = {"kind": "accounts.invitation", "context": {}, "content_sha256": "0" * 64, "status": "sent", "due_at": now, "sent_at": now, "finished_at": now}  # fmt: skip
    with connection.cursor() as cursor:
        # A message begins as one that waits, and leaves: these left long ago.
        cursor.execute("SET LOCAL session_replication_role = replica")
        [row] = kind.objects.bulk_create([kind(**common | facts)])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    return row


@pytest.fixture
def many(db: None) -> None:
    """As many messages of each kind as a school year sends, to as many people."""
    now = timezone.now()
    common = {"kind": "accounts.invitation", "context": {}, "content_sha256": "0" * 64, "status": "sent", "due_at": now, "sent_at": now, "finished_at": now, "told_status": "sent"}  # fmt: skip
    own = {"public_id": "gen_random_uuid()", "subject": "'essais.rien:' || n"}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        mail = own | {
            "email": "'Personne' || n || '@exemple.invalid'",
            "name": "'Personne ' || n",
            "message_id": "'m' || n",
        }
        copies(Kind(Mail, 1, common | {"message_id": "m", "subject_line": "Votre compte"}, mail), 0, MANY)
        copies(Kind(Sms, 1, common | {"phone": "+33600000000"}, own | {"phone": "'+336' || 10000000 + n"}), 0, MANY)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("ANALYZE mailing_mail, mailing_sms")


def found(client: Client, page: str, words: str) -> list[str]:
    answer = client.get(page, {"q": words})
    assert answer.status_code == 200
    return sorted(row.address for row in answer.context["cl"].result_list)


def test_every_word_counts_whatever_accents_and_capitals(officer_client: Client) -> None:
    written(Mail, email="Lea@exemple.fr", name="Léa Garcia", subject_line="Votre convention à signer", message_id="a")
    written(Mail, email="paul@exemple.fr", name="Paul Garcia", subject_line="Votre compte", message_id="b")
    written(Sms, phone="+33612345678")
    assert found(officer_client, MAILS, "garcia") == ["Lea@exemple.fr", "paul@exemple.fr"]
    assert found(officer_client, MAILS, "GARCIA léa") == found(officer_client, MAILS, "a signer") == ["Lea@exemple.fr"]
    assert found(officer_client, MAILS, "lea@EXEMPLE") == ["Lea@exemple.fr"]
    assert found(officer_client, MAILS, "garcia introuvable") == found(officer_client, MAILS, "l%a") == []
    assert found(officer_client, TEXTS, "612345") == ["+33612345678"]
    assert found(officer_client, TEXTS, "garcia") == []


def plans(queries: list[dict[str, Any]], table: str) -> list[str]:
    """Return the plan of each question asked of a table."""
    asked = [query["sql"] for query in queries if f'FROM "{table}"' in query["sql"]]
    with connection.cursor() as cursor:
        told = []
        for sql in asked:
            cursor.execute(f"EXPLAIN {sql}")
            told.append("\n".join(line for (line,) in cursor.fetchall()))
    return told


@pytest.mark.parametrize(
    ("page", "table", "words", "index"),
    [
        (MAILS, "mailing_mail", "personne19993@exemple", "mail_by_words"),
        (MAILS, "mailing_mail", "Personne 19993", "mail_by_words"),
        (TEXTS, "mailing_sms", "+33610019993", "sms_by_words"),
    ],
)
def test_a_message_is_found_by_index(
    many: None, officer_client: Client, page: str, table: str, words: str, index: str
) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert len(found(officer_client, page, words)) == 1
    read = plans(asked.captured_queries, table)
    assert len(read) == 2, "those of the page, and their number"
    for plan in read:
        assert index in plan
        assert "Seq Scan" not in plan


def test_what_was_sent_to_somebody_is_found_by_index_whatever_the_capitals(many: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert reach_of("PERSONNE7@exemple.invalid").works
    [plan] = plans(asked.captured_queries, "mailing_mail")
    assert "mail_by_any_case" in plan
    # Asking for a message looks first for the same one, already asked for.
    first = invite()
    with CaptureQueriesContext(connection) as asked:
        assert invite() == first
    for plan in plans(asked.captured_queries, "mailing_mail"):
        assert "Seq Scan" not in plan
