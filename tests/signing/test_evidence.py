"""The chain names each row that was changed, removed or added, however it was done."""

import shutil
from collections.abc import Iterator
from json import dumps
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction

from e2c_portal.signing import chain
from e2c_portal.signing.chain_check import faults
from e2c_portal.signing.models import Act, Envelope, Evidence, Signatory
from e2c_portal.signing.operations.opening import open_envelope
from tests.factories.people import regional_officer
from tests.harness.documents import stored_in
from tests.signing.pacts.kind import Desk, order
from tests.signing.pacts.registered import registered_pacts
from tests.signing.people import JEANNE, KARIM
from tests.signing.work import Mailbox, signs, work

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def signed(
    django_db_setup: None, django_db_blocker: Any, seal_key: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[int, Path]]:
    """Sign, seal and prove once, for real, in a transaction that ends with the file's tests; each then tampers with its own part.

    Gives the number of the envelope, and the folder of the files.
    """
    folder = tmp_path_factory.mktemp("signe")
    with django_db_blocker.unblock(), transaction.atomic():
        with stored_in(folder / "documents"), registered_pacts(folder / "sms"):
            envelope = open_envelope(order((JEANNE, KARIM)), (JEANNE, KARIM), regional_officer())
            work()
            for name in ("Jeanne Martin", "Karim Bénali"):
                signs(envelope, name, Mailbox(mail.outbox, folder / "sms"))
            work()
        # What the database checks at the end of a transaction is checked here, for this one never ends well.
        connection.check_constraints()
        yield envelope.pk, folder / "documents"
        transaction.set_rollback(True)


@pytest.fixture
def completed(signed: tuple[int, Path], pacts: Desk, documents_folder: Path) -> Envelope:
    """The envelope that everybody signed, and a copy of its files that the test may change."""
    number, files = signed
    shutil.copytree(files, documents_folder)
    envelope = Envelope.objects.get(pk=number)
    assert envelope.status == "completed"
    return envelope


def tamper(sql: str, values: list[Any]) -> None:
    """Do what somebody with all rights on the database does: triggers off, change, triggers on."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(sql, values)
            assert cursor.rowcount == 1
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def named() -> list[tuple[str, int]]:
    return [(fault.table, fault.number) for fault in faults(read_files=True)]


def test_a_chain_left_alone_is_whole(completed: Envelope, capsys: Any) -> None:
    call_command("verify_evidence", files=True)
    assert "la chaîne de preuve est intacte" in capsys.readouterr().out
    kinds = list(Evidence.objects.values_list("kind", flat=True))
    for kind in (
        "envelope.requested",
        "envelope.opened",
        "message.sent",
        "code.requested",
        "act.signed",
        "signature.written",
    ):
        assert kind in kinds
    assert kinds[-1] in ("envelope.sealed", "message.sent")


def test_the_command_names_the_altered_link_and_leaves_with_1(completed: Envelope, capsys: Any) -> None:
    link = Evidence.objects.get(kind="envelope.opened")
    tamper("UPDATE signing_evidence SET payload = jsonb_set(payload, '{revision,size}', '1') WHERE id = %s", [link.pk])
    with pytest.raises(SystemExit) as ended:
        call_command("verify_evidence")
    assert ended.value.code == 1
    assert f"signing_evidence n° {link.sequence} : contenu modifié" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("consent_text", "Autre texte"),
        ("ip", "198.51.100.1"),
        ("document_sha256", "0" * 64),
        ("at", "2020-01-01 00:00+00"),
    ],
)
def test_an_altered_act_is_named(completed: Envelope, column: str, value: str) -> None:
    act = Act.objects.order_by("pk")[1]
    tamper(f"UPDATE signing_act SET {column} = %s WHERE id = %s", [value, act.pk])
    assert ("signing_act", act.pk) in named()


def test_a_removed_or_added_act_is_named(completed: Envelope) -> None:
    first = Act.objects.order_by("pk").first()
    tamper("DELETE FROM signing_act WHERE id = %s", [first.pk])
    assert ("signing_act", first.pk) in named()
    tamper(
        "INSERT INTO signing_act (signatory_id, kind, at, method, channel, consent_text, consent_version, "
        "document_sha256, user_agent, reason) VALUES (%s, 'refused', now(), 'electronic', '', '', '', repeat('0', 64), '', 'x')",
        [first.signatory_id],
    )
    assert ("signing_act", Act.objects.latest("pk").pk) in named()


def test_a_removed_link_is_named_by_its_number(completed: Envelope) -> None:
    link = Evidence.objects.order_by("sequence")[3]
    tamper("DELETE FROM signing_evidence WHERE id = %s", [link.pk])
    assert ("signing_evidence", link.sequence) in named()


def test_a_signatory_renamed_is_named(completed: Envelope) -> None:
    person = Signatory.objects.first()
    tamper("UPDATE signing_signatory SET full_name = 'Autre' WHERE id = %s", [person.pk])
    assert named() == [("signing_signatory", person.pk)]


def test_a_chain_rewritten_whole_is_betrayed_by_the_sealed_evidence_file(completed: Envelope) -> None:
    """Somebody changes an act, repeats the lie in the chain and computes every hash again: the sealed paper disagrees."""
    act = Act.objects.get(signatory__full_name="Jeanne Martin")
    tamper("UPDATE signing_act SET ip = '198.51.100.1' WHERE id = %s", [act.pk])
    previous, own = "", ""
    for link in Evidence.objects.order_by("sequence"):
        if link.payload.get("act", {}).get("id") == act.pk:
            link.payload["act"]["ip"] = "198.51.100.1"
        link.previous_hash, link.envelope_previous_hash = previous, own
        previous = own = link.hash = chain.hash_of(link)
        payload = link.payload
        tamper(
            "UPDATE signing_evidence SET payload = %s, previous_hash = %s, envelope_previous_hash = %s, hash = %s WHERE id = %s",
            [dumps(payload), link.previous_hash, link.envelope_previous_hash, link.hash, link.pk],
        )
    found = list(faults())
    assert [fault.table for fault in found] == ["signing_evidence"]
    assert "n’est plus celui qu’imprime le dossier de preuve" in found[0].sentence


def test_a_changed_file_is_named(completed: Envelope, documents_folder: Any) -> None:
    revision = completed.document.revisions.get(number=1)
    path = documents_folder / revision.file
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b" ")
    assert ("documents_revision", revision.pk) in named()
