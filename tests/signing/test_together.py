"""At the same instant: two signatories both count, a double click counts once, an edit and a signature never mix."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.documents.sealing import SealSettings, TrustAnchors, inspect_pdf
from e2c_portal.documents.signing_steps import latest_bytes
from e2c_portal.kernel.errors import Refused
from e2c_portal.signing.chain_check import faults
from e2c_portal.signing.models import Act, Envelope, Evidence
from e2c_portal.signing.operations import applying
from e2c_portal.signing.operations.ending import void
from e2c_portal.signing.operations.opening import open_envelope
from e2c_portal.signing.operations.signing import refuse, sign
from tests.concurrency.together import at_once
from tests.signing.pacts.kind import order
from tests.signing.people import JEANNE, KARIM, VISITOR
from tests.signing.work import Mailbox, code_for, shown, signatory, work

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Envelope]


def press(envelope: Envelope, name: str, code: str) -> Callable[[], Act]:
    person, seen = signatory(envelope, name), shown(envelope)
    return lambda: sign(person.pk, typed_code=code, consented=True, shown_sha256=seen, visitor=VISITOR)


def both(envelope: Envelope, mailbox: Mailbox) -> list[Callable[[], Act]]:
    names = ("Jeanne Martin", "Karim Bénali")
    return [press(envelope, name, code_for(signatory(envelope, name), mailbox)) for name in names]


def test_two_people_at_the_same_instant_both_count_once_each(envelope_of: Open, mailbox: Mailbox) -> None:
    envelope = envelope_of()
    outcomes = at_once(both(envelope, mailbox))
    assert [type(outcome) for outcome in outcomes] == [Act, Act], outcomes
    # Two workers take the two jobs together.
    assert sorted(at_once([lambda: applying.apply(envelope.pk)] * 2)) in ([0, 2], [1, 1])
    work()
    envelope.refresh_from_db()
    assert (envelope.status, envelope.document.revisions.count()) == ("completed", 3)
    assert list(faults(read_files=True)) == []


def test_a_double_click_signs_once(envelope_of: Open, mailbox: Mailbox) -> None:
    envelope = envelope_of()
    action = both(envelope, mailbox)[0]
    outcomes = at_once([action] * 4)
    assert len({outcome.pk for outcome in outcomes}) == 1, outcomes
    assert Act.objects.count() == 1


def test_an_edit_at_the_instant_of_a_signature(envelope_of: Open, mailbox: Mailbox, officer: User) -> None:
    """Either the signature came first, and is voided and told, or the edit did, and the signature is refused."""
    envelope = envelope_of(number=50)
    actions: list[Any] = [both(envelope, mailbox)[0]]
    people = (JEANNE, KARIM)
    actions.append(lambda: open_envelope(order(people, "Autre.", 50), people, officer, why_new="Le texte change."))
    signed, opened = at_once(actions)
    envelope.refresh_from_db()
    assert envelope.status == "voided"
    assert isinstance(opened, Envelope)
    assert isinstance(signed, Act | Refused)
    work()
    told = [mail for mail in mailbox.to("jeanne@exemple.fr") if "ne se signe plus" in mail.subject]
    assert len(told) == 1
    assert ("ne compte plus" in told[0].body) == isinstance(signed, Act)
    assert list(faults()) == []


def test_a_refusal_and_a_void_and_a_signature_together(envelope_of: Open, mailbox: Mailbox, officer: User) -> None:
    envelope = envelope_of()
    jeanne, karim = both(envelope, mailbox)
    person = signatory(envelope, "Karim Bénali")
    outcomes = at_once([jeanne, lambda: refuse(person.pk, "Non.", VISITOR), lambda: void(envelope, "Arrêt.", officer)])
    envelope.refresh_from_db()
    assert envelope.status in ("refused", "voided")
    assert all(isinstance(outcome, Act | Envelope | Refused) for outcome in outcomes), outcomes
    assert list(faults()) == []


def test_the_chain_has_no_fork_when_many_write(envelope_of: Open, mailbox: Mailbox) -> None:
    envelopes = [envelope_of() for _ in range(3)]
    actions = [action for envelope in envelopes for action in both(envelope, mailbox)]
    assert all(isinstance(outcome, Act) for outcome in at_once(actions))
    sequences = list(Evidence.objects.values_list("sequence", flat=True))
    assert sequences == list(range(1, len(sequences) + 1))
    assert list(faults()) == []


@pytest.mark.parametrize("where", ["sign_as_person", "store_revision", "add_revision", "ask_to_close"])
def test_a_worker_that_dies_anywhere_leaves_no_signature_lost_nor_double(
    envelope_of: Open,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    documents_folder: Path,
    settings: Any,
) -> None:
    class PowerCut(BaseException):
        pass

    envelope = envelope_of(replace(KARIM))
    press(envelope, "Karim Bénali", code_for(signatory(envelope, "Karim Bénali"), mailbox))()
    place = applying if where == "sign_as_person" else applying.signing_steps
    real = getattr(place, where)

    def dies_after(*args: Any, **kwargs: Any) -> Any:
        real(*args, **kwargs)
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(place, where, dies_after)
        with pytest.raises(PowerCut):
            applying.apply(envelope.pk)
    settings.DOCUMENT_CLAIM_LEASE = timedelta(0)
    work()
    envelope.refresh_from_db()
    assert envelope.status == "completed", (envelope.failure, envelope.document.failure)
    assert envelope.document.revisions.count() == 2
    found = inspect_pdf(latest_bytes(envelope.document), TrustAnchors.from_settings(SealSettings.from_settings()))
    assert [fact.subject for fact in found.signers] == ["Karim Bénali"]
