"""Paper, on site, mandate, delegation, reminders, other addresses, more time."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from e2c_portal.accounts.models import User
from e2c_portal.documents.received_files import LIMIT_BYTES, Upload
from e2c_portal.documents.sweeping import delete_orphan_files
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.links.models import PersonalLink
from e2c_portal.mailing.bounces import record_bounce
from e2c_portal.mailing.models import Mail
from e2c_portal.signing.models import Act, ActKind, Envelope, Evidence, Exhibit, Method, SignatoryStatus
from e2c_portal.signing.operations.ending import extend, void
from e2c_portal.signing.operations.inviting import change_reach, remind, resend
from e2c_portal.signing.operations.on_site import SessionOver, find_session, open_on_site, sign_on_site
from e2c_portal.signing.operations.paper import check_paper, record_paper
from e2c_portal.signing.operations.standing_in import StandIn, attach_mandate, delegate
from e2c_portal.signing.queries import lines_of
from e2c_portal.signing.sweeping import sweep
from tests.documents.notices.fixtures import SAMPLES
from tests.signing.pacts.kind import Desk
from tests.signing.people import HERE, JEANNE, KARIM, PAPER, VISITOR
from tests.signing.work import Mailbox, shown, signatory, signs, work

pytestmark = pytest.mark.django_db
Open = Callable[..., Envelope]
SCAN = Upload((SAMPLES / "plain.pdf").read_bytes())


def photo(kind: str = "JPEG") -> Upload:
    content = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(content, kind)
    return Upload(content.getvalue())


def test_paper_counts_once_a_second_person_has_compared_it(
    envelope_of: Open, officer: User, second_officer: User
) -> None:
    envelope = envelope_of(PAPER)
    person = signatory(envelope, "Paul Papier")
    exhibit = record_paper(person.pk, photo(), timezone.localdate(), officer)
    assert exhibit.mime == "image/jpeg"
    with pytest.raises(Refused, match="attend déjà"):
        record_paper(person.pk, SCAN, timezone.localdate(), officer)
    with pytest.raises(NotAllowed, match="Une autre personne"):
        check_paper(person.pk, officer, accepted=True)
    with pytest.raises(Refused, match="pourquoi"):
        check_paper(person.pk, second_officer, accepted=False)
    check_paper(person.pk, second_officer, accepted=False, remark="Il manque une page.")
    assert signatory(envelope, "Paul Papier").status == SignatoryStatus.INVITED
    record_paper(person.pk, photo("PNG"), timezone.localdate(), second_officer)
    act = check_paper(person.pk, officer, accepted=True)
    work()
    envelope.refresh_from_db()
    assert (envelope.status, act.actor, act.kind) == ("completed", officer, ActKind.PAPER_ACCEPTED)
    assert [e.accepted for e in Exhibit.objects.order_by("pk")] == [False, True]


def test_the_database_refuses_a_check_by_the_same_person(envelope_of: Open, officer: User) -> None:
    person = signatory(envelope_of(PAPER), "Paul Papier")
    record_paper(person.pk, SCAN, timezone.localdate(), officer)
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Exhibit.objects.update(checked_by=officer, checked_at=timezone.now(), accepted=True)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "lisible"),
        (b"GIF89a" + bytes(100), "lisible"),
        (b"%PDF-1.7 nothing else", "lisible"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "lisible"),
        (b"%PDF-" + bytes(LIMIT_BYTES), "10 Mo"),
        (b"<html><script>alert(1)</script>", "lisible"),
        (b"\0\0\0\x18ftypheic" + bytes(100), "Le plus compatible"),
    ],
)
def test_a_proof_is_known_by_its_content(envelope_of: Open, officer: User, content: bytes, why: str) -> None:
    person = signatory(envelope_of(PAPER), "Paul Papier")
    with pytest.raises(Refused, match=why):
        record_paper(person.pk, Upload(content), timezone.localdate(), officer)
    assert not Exhibit.objects.exists()


def test_proofs_and_signed_states_are_nobodys_orphans(
    envelope_of: Open, officer: User, documents_folder: Path, mailbox: Mailbox
) -> None:
    envelope = envelope_of(JEANNE, PAPER)
    signs(envelope, "Jeanne Martin", mailbox)
    record_paper(signatory(envelope, "Paul Papier").pk, SCAN, timezone.localdate(), officer)
    work()
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert delete_orphan_files() == 0


def test_on_site_needs_an_officer_who_vouches_and_serves_once(envelope_of: Open, officer: User) -> None:
    envelope = envelope_of(HERE)
    person = signatory(envelope, "Ines Surplace")
    with pytest.raises(Refused, match="vérifié l’identité"):
        open_on_site(person.pk, officer, vouched=False)
    first = open_on_site(person.pk, officer, vouched=True).rstrip("/").rpartition("/")[2]
    second = open_on_site(person.pk, officer, vouched=True).rstrip("/").rpartition("/")[2]
    with pytest.raises(SessionOver):
        find_session(first)
    session = find_session(second)
    act = sign_on_site(session, consented=True, shown_sha256=shown(envelope), visitor=VISITOR)
    again = sign_on_site(session, consented=True, shown_sha256=shown(envelope), visitor=VISITOR)
    assert (act.pk, act.actor, act.method) == (again.pk, officer, Method.ON_SITE)
    assert act.reason == "Claire Garrigue atteste avoir vérifié sur place l’identité de Ines Surplace."
    assert find_session(second).signatory.has_signed, "the page still tells that it is done"
    with pytest.raises(SessionOver):
        find_session("x" * 43)


@pytest.mark.parametrize("minutes", [-5, 15, 60])
def test_on_site_ends_after_a_quarter_of_an_hour_or_when_the_clock_jumps(
    envelope_of: Open, officer: User, minutes: int
) -> None:
    envelope, now = envelope_of(HERE), timezone.now()
    with time_machine.travel(now, tick=False):
        token = (
            open_on_site(signatory(envelope, "Ines Surplace").pk, officer, vouched=True).rstrip("/").rpartition("/")[2]
        )
        session = find_session(token)
    with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
        with pytest.raises(SessionOver):
            find_session(token)
        with pytest.raises(SessionOver):
            sign_on_site(session, consented=True, shown_sha256=shown(envelope), visitor=VISITOR)


def test_delegating_is_one_step(envelope_of: Open, mailbox: Mailbox, pacts: Desk) -> None:
    envelope = envelope_of()
    jeanne = signatory(envelope, "Jeanne Martin")
    successor = delegate(jeanne.pk, StandIn("Marc Adjoint", "directeur adjoint", "marc@exemple.fr"), VISITOR)
    assert delegate(jeanne.pk, StandIn("Autre", email="autre@exemple.fr"), VISITOR).pk == successor.pk, "a double click"
    work()
    assert [s[:28] for s in mailbox.subjects("marc@exemple.fr")] == ["Votre signature est attendue"]
    assert "Marc Adjoint signe à votre place" in mailbox.to("jeanne@exemple.fr")[-1].body
    assert (successor.field_name, successor.role, successor.takes_place_of) == (jeanne.field_name, jeanne.role, jeanne)
    assert ("delegated", "Marc Adjoint") in pacts.heard
    signs(envelope, "Marc Adjoint", mailbox)
    signs(envelope, "Karim Bénali", mailbox)
    work()
    envelope.refresh_from_db()
    assert envelope.status == "completed"


def test_a_purpose_may_want_the_person_named(envelope_of: Open, pacts: Desk) -> None:
    pacts.may_delegate = False
    with pytest.raises(Refused, match="la personne désignée"):
        delegate(signatory(envelope_of(), "Jeanne Martin").pk, StandIn("M", email="m@exemple.fr"), VISITOR)


def test_a_mandate_is_kept_and_named_in_the_consent(envelope_of: Open, mailbox: Mailbox, officer: User) -> None:
    envelope = envelope_of()
    person = StandIn("Odile Adjointe", "vice-présidente", "odile@exemple.fr")
    successor = attach_mandate(signatory(envelope, "Karim Bénali").pk, person, SCAN, officer)
    work()
    act = signs(envelope, "Odile Adjointe", mailbox)
    assert (successor.method, successor.on_behalf_of) == (Method.MANDATE, "Karim Bénali")
    assert "au nom de Karim Bénali" in act.consent_text
    assert "Vous signez au nom de Karim Bénali." in mailbox.to("odile@exemple.fr")[0].body
    assert Act.objects.get(kind=ActKind.MANDATE_ADDED).exhibit is not None


def test_reminders_and_new_links_have_a_cool_down(envelope_of: Open, mailbox: Mailbox, officer: User) -> None:
    envelope = envelope_of()
    jeanne = signatory(envelope, "Jeanne Martin")
    first = mailbox.link("jeanne@exemple.fr")
    with time_machine.travel(timezone.now() + timedelta(minutes=2)), pytest.raises(Refused, match="déjà été demandé"):
        resend(jeanne.pk, officer)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        resend(jeanne.pk, officer)
        remind(jeanne.pk, officer)
        work()
    assert mailbox.link("jeanne@exemple.fr") != first
    with time_machine.travel(timezone.now() + timedelta(hours=20)), pytest.raises(Refused, match="déjà été demandé"):
        remind(jeanne.pk, officer)


def test_a_message_that_comes_back_is_seen_beside_its_signatory_with_another_way(
    envelope_of: Open, mailbox: Mailbox, officer: User
) -> None:
    envelope = envelope_of()
    mail = Mail.objects.get(email="jeanne@exemple.fr")
    record_bounce(mail.message_id, "Cette boîte n’existe pas.")
    line = next(line for line in lines_of(envelope) if line.signatory.full_name == "Jeanne Martin")
    assert line.message_state.label == "Revenu"
    assert "message texte" in line.advice
    assert Evidence.objects.filter(kind="message.undelivered").count() == 1
    change_reach(line.signatory.pk, officer, method=Method.ELECTRONIC, email="", phone="06 12 34 56 78")
    work()
    assert "/lien/" in mailbox.texts()[-1]
    assert PersonalLink.objects.filter(subject__endswith=f":{line.signatory.pk}", revoked_at=None).count() == 1


def test_time_runs_out_and_may_be_given_back(envelope_of: Open, mailbox: Mailbox, officer: User, pacts: Desk) -> None:
    envelope = envelope_of()
    signs(envelope, "Jeanne Martin", mailbox)
    work()
    with time_machine.travel(envelope.expires_at + timedelta(seconds=1), tick=False):
        with pytest.raises(Refused, match="délai"):
            signs(envelope, "Karim Bénali", mailbox)
        assert sweep() == 1
        assert sweep() == 0
        envelope.refresh_from_db()
        assert envelope.status == "expired"
        with pytest.raises(Refused, match="plus tardive"):
            extend(envelope, timezone.now(), officer)
        extend(envelope, timezone.now() + timedelta(days=10), officer)
        signs(envelope, "Karim Bénali", mailbox)
        work()
    envelope.refresh_from_db()
    assert envelope.status == "completed", envelope.document.failure
    assert ("expired", "expired") in pacts.heard


def test_voiding_asks_why_and_is_done_once(envelope_of: Open, mailbox: Mailbox, officer: User, pacts: Desk) -> None:
    envelope = envelope_of()
    with pytest.raises(Refused, match="Écrivez pourquoi"):
        void(envelope, " ", officer)
    void(envelope, "L’entreprise se retire.", officer)
    void(envelope, "Encore.", officer)
    work()
    assert sum("ne se signe plus" in subject for subject in mailbox.subjects("karim@exemple.fr")) == 1
    assert pacts.heard.count(("voided", "voided")) == 1
    envelope.refresh_from_db()
    assert envelope.end_reason == "L’entreprise se retire."


def test_a_completed_envelope_is_not_voided(envelope_of: Open, mailbox: Mailbox, officer: User) -> None:
    envelope = envelope_of(KARIM)
    signs(envelope, "Karim Bénali", mailbox)
    work()
    with pytest.raises(Refused, match="clos"):
        void(envelope, "Trop tard.", officer)


def test_lines_cost_the_same_whatever_their_number(
    envelope_of: Open, django_assert_num_queries: Any, mailbox: Mailbox
) -> None:
    two, five = envelope_of(JEANNE, KARIM), envelope_of(JEANNE, KARIM, PAPER, HERE)
    with django_assert_num_queries(5):
        lines_of(two)
    with django_assert_num_queries(5):
        lines_of(five)
