"""Signing by link and code: what is refused, what counts once, and what is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from e2c_portal.documents.requesting import request_document
from e2c_portal.kernel.errors import Overtaken, PortalError, Refused
from e2c_portal.links import issuing
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.standing import RevokedLink
from e2c_portal.mailing.sweeping import sweep
from e2c_portal.signing import purposes
from e2c_portal.signing.models import Act, ActKind, Code, Envelope, Evidence, Signatory, SignatoryStatus
from e2c_portal.signing.operations import applying
from e2c_portal.signing.operations.codes import request_code
from e2c_portal.signing.operations.signing import refuse, sign
from e2c_portal.signing.queries import code_message, living_code
from tests.signing.pacts.kind import Desk, order
from tests.signing.people import JEANNE, KARIM, VISITOR
from tests.signing.work import Mailbox, code_for, shown, signatory, signs, work

pytestmark = pytest.mark.django_db
Open = Callable[..., Envelope]


def attempt(envelope: Envelope, code: str, **changes: Any) -> Act:
    facts = {"typed_code": code, "consented": True, "shown_sha256": shown(envelope), "visitor": VISITOR, **changes}
    return sign(signatory(envelope, "Jeanne Martin").pk, **facts)


def test_an_act_keeps_what_was_shown_and_accepted(envelope_of: Open, mailbox: Mailbox) -> None:
    envelope = envelope_of()
    act = signs(envelope, "Jeanne Martin", mailbox)
    assert act.document_sha256 == shown(envelope) == envelope.document.sha256
    assert act.consent_text.startswith("J’ai lu ce document")
    assert "directrice" in act.consent_text
    assert (act.consent_version, act.channel, act.ip) == ("2026-11", "email", "192.0.2.7")
    assert act.user_agent == "Navigateur d’essai"
    assert Evidence.objects.get(kind="act.signed").payload["act"]["consent_text"] == act.consent_text
    work()
    assert "Votre signature est enregistrée" in mailbox.subjects("jeanne@exemple.fr")[-1]


def test_a_code_is_typed_with_spaces_and_serves_once(envelope_of: Open, mailbox: Mailbox, pacts: Desk) -> None:
    envelope = envelope_of()
    code = code_for(signatory(envelope, "Jeanne Martin"), mailbox)
    act = attempt(envelope, f" {code[:3]} {code[3:]} ")
    assert Code.objects.get().used_at is not None
    # A double click, and somebody who comes back: the same act, told once.
    assert attempt(envelope, code).pk == act.pk
    assert pacts.heard.count(("signed", "Jeanne Martin")) == 1
    assert Act.objects.filter(kind=ActKind.SIGNED).count() == 1


def test_five_wrong_codes_end_it_and_the_right_one_is_then_refused(envelope_of: Open, mailbox: Mailbox) -> None:
    envelope = envelope_of()
    code = code_for(signatory(envelope, "Jeanne Martin"), mailbox)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    told = []
    for _ in range(5):
        with pytest.raises(Refused) as refusal:
            attempt(envelope, wrong)
        told.append(refusal.value.message)
    assert told[0] == "Ce n’est pas le bon code. Il vous reste 4 essais."
    assert told[3].endswith("un essai.")
    with pytest.raises(Refused, match="mal tapé cinq fois"):
        attempt(envelope, code)
    assert Code.objects.get().attempts == 5
    assert Evidence.objects.filter(kind="code.wrong").count() == 5


def test_a_new_code_voids_the_old_one_and_is_not_asked_for_twice_a_minute(envelope_of: Open, mailbox: Mailbox) -> None:
    envelope = envelope_of()
    person = signatory(envelope, "Jeanne Martin")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = code_for(person, mailbox)
        with pytest.raises(Refused, match="Attendez une minute"):
            request_code(person.pk, "email", VISITOR)
        clock.shift(timedelta(seconds=61))
        second = code_for(person, mailbox)
        if first != second:
            with pytest.raises(Refused, match="pas le bon code"):
                attempt(envelope, first)
        attempt(envelope, second)


def test_six_codes_in_an_hour_are_too_many(envelope_of: Open) -> None:
    person = signatory(envelope_of(), "Jeanne Martin")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            request_code(person.pk, "email", VISITOR)
            clock.shift(timedelta(minutes=2))
        with pytest.raises(Refused, match="Plusieurs codes"):
            request_code(person.pk, "email", VISITOR)


def test_a_code_dies_after_ten_minutes(envelope_of: Open, mailbox: Mailbox) -> None:
    envelope = envelope_of()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        code = code_for(signatory(envelope, "Jeanne Martin"), mailbox)
        clock.shift(timedelta(minutes=10))
        with pytest.raises(Refused, match="n’est plus valable"):
            attempt(envelope, code)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_set_one_hour_off_kills_the_code_and_says_what_to_do(
    envelope_of: Open, mailbox: Mailbox, hours: int
) -> None:
    envelope = envelope_of()
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        code = code_for(signatory(envelope, "Jeanne Martin"), mailbox)
    with time_machine.travel(now + timedelta(hours=hours), tick=False):
        with pytest.raises(Refused, match="Demandez-en un autre"):
            attempt(envelope, code)
        attempt(envelope, code_for(signatory(envelope, "Jeanne Martin"), mailbox))


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_worker_whose_clock_is_one_hour_off_loses_nothing(envelope_of: Open, mailbox: Mailbox, hours: int) -> None:
    """One signature is written in time, the other by a worker an hour off, which then seals: all hold, in order."""
    envelope = envelope_of()
    signs(envelope, "Jeanne Martin", mailbox)
    assert applying.apply(envelope.pk) == 1
    signs(envelope, "Karim Bénali", mailbox)
    with time_machine.travel(timezone.now() + timedelta(hours=hours), tick=True):
        work("signing.apply", "documents.close")
    envelope.refresh_from_db()
    assert envelope.status == "completed", (envelope.failure, envelope.document.failure)
    times = list(envelope.document.revisions.values_list("made_at", flat=True))
    assert times == sorted(times)


def test_nothing_is_signed_without_consent_or_with_another_document_on_the_page(
    envelope_of: Open, mailbox: Mailbox
) -> None:
    envelope = envelope_of()
    code = code_for(signatory(envelope, "Jeanne Martin"), mailbox)
    with pytest.raises(Refused, match="Cochez la case"):
        attempt(envelope, code, consented=False)
    with pytest.raises(Overtaken, match="n’est plus celui qui se signe"):
        attempt(envelope, code, shown_sha256="0" * 64)
    assert Code.objects.get().attempts == 0


def test_a_link_withdrawn_while_somebody_types_signs_nothing(envelope_of: Open, mailbox: Mailbox, officer: Any) -> None:
    envelope = envelope_of()
    person = signatory(envelope, "Jeanne Martin")
    link = PersonalLink.objects.get(subject=f"signing.signatory:{person.pk}")
    code = code_for(person, mailbox)
    issuing.revoke(link, "Erreur de destinataire.", officer)
    with pytest.raises(RevokedLink):
        attempt(envelope, code, link=link)
    with pytest.raises(RevokedLink):
        request_code(person.pk, "email", VISITOR, link=link)
    assert not Act.objects.exists()


def test_the_mail_service_down_for_an_hour_loses_nothing(envelope_of: Open, settings: Any, mailbox: Mailbox) -> None:
    """The code waits, and the page says so; text messages leave meanwhile, for they need no e-mail."""
    envelope = envelope_of()
    person = signatory(envelope, "Jeanne Martin")
    now = timezone.now()
    working = settings.EMAIL_BACKEND
    with time_machine.travel(now, tick=False):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2
        request_code(person.pk, "email", VISITOR)
        work("mailing.send_mail")
        assert code_message(person, living_code(person)).is_waiting
    with time_machine.travel(now + timedelta(minutes=2), tick=False):
        attempt(envelope, code_for(person, mailbox, "sms"))
    with time_machine.travel(now + timedelta(hours=1), tick=False):
        settings.EMAIL_BACKEND = working
        sweep()
        work()
    # The receipt waited and left; the code of an hour ago did not: it would have been useless.
    assert "Votre signature est enregistrée" in mailbox.subjects("jeanne@exemple.fr")[-1]
    assert "Votre code pour signer" not in mailbox.subjects("jeanne@exemple.fr")


def test_refusing_asks_why_ends_all_and_is_told(envelope_of: Open, mailbox: Mailbox, pacts: Desk) -> None:
    envelope = envelope_of()
    signs(envelope, "Jeanne Martin", mailbox)
    work()
    karim = signatory(envelope, "Karim Bénali")
    with pytest.raises(Refused, match="Écrivez pourquoi"):
        refuse(karim.pk, "  ", VISITOR)
    act = refuse(karim.pk, "Le montant est faux.", VISITOR)
    assert refuse(karim.pk, "Encore.", VISITOR).pk == act.pk
    work()
    envelope.refresh_from_db()
    assert (envelope.status, envelope.document.status) == ("refused", "abandoned")
    assert envelope.end_reason == "Karim Bénali a refusé de signer : Le montant est faux."
    told = mailbox.to("jeanne@exemple.fr")[-1]
    assert told.subject.startswith("Ce document ne se signe plus")
    assert "Le montant est faux." in told.body
    assert ("refused", "Karim Bénali") in pacts.heard
    assert ("voided", "refused") not in pacts.heard


def test_the_hook_that_refuses_undoes_the_signature(
    envelope_of: Open, mailbox: Mailbox, pacts: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no(person: Signatory) -> None:
        raise Refused("La fiche est close.")

    envelope = envelope_of()
    monkeypatch.setitem(purposes._purposes, "pact", replace(purposes.purpose_named("pact"), signed=no))
    code = code_for(signatory(envelope, "Jeanne Martin"), mailbox)
    with pytest.raises(PortalError, match="La fiche est close"):
        attempt(envelope, code)
    assert not Act.objects.exists()
    assert signatory(envelope, "Jeanne Martin").status == SignatoryStatus.INVITED


def test_two_envelopes_of_one_record_are_never_alive_together(envelope_of: Open) -> None:
    first = envelope_of(number=7)
    assert envelope_of(number=7).pk == first.pk, "the same request twice is one envelope"
    with pytest.raises(Refused, match="déjà en cours"):
        envelope_of(JEANNE, KARIM, number=7, text="Autre texte.")


def test_an_edit_during_signature_voids_it_and_tells_those_who_signed(
    envelope_of: Open, mailbox: Mailbox, pacts: Desk
) -> None:
    first = envelope_of(number=8)
    signs(first, "Jeanne Martin", mailbox)
    work()
    second = envelope_of(number=8, text="Autre texte.", why_new="Une date était fausse.")
    first.refresh_from_db()
    assert (first.status, first.document.status, second.status) == ("voided", "abandoned", "open")
    stopped = next(mail for mail in mailbox.to("jeanne@exemple.fr") if "ne se signe plus" in mail.subject)
    assert "Votre signature ne compte plus" in stopped.body
    assert "Une date était fausse." in stopped.body
    assert signatory(first, "Jeanne Martin").has_signed, "what she did is still told"
    with pytest.raises(Refused, match="annulée"):
        request_code(signatory(first, "Karim Bénali").pk, "email", VISITOR)
    assert ("voided", "voided") in pacts.heard
    assert mailbox.subjects("jeanne@exemple.fr")[-1].startswith("Votre signature est attendue")


def test_a_document_asked_for_anew_by_the_app_voids_the_envelope_too(
    envelope_of: Open, mailbox: Mailbox, officer: Any
) -> None:
    envelope = envelope_of(number=9)
    signs(envelope, "Jeanne Martin", mailbox)
    request_document(order([JEANNE], "Tout autre.", number=9), officer, reason="Le texte a changé.")
    envelope.refresh_from_db()
    assert (envelope.status, envelope.end_reason) == ("voided", "Le texte a changé.")
    work()
    assert "Le texte a changé." in mailbox.to("jeanne@exemple.fr")[-1].body


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (JEANNE.__class__("Pour X", "Sans Adresse"), "Indiquez une adresse"),
        (JEANNE.__class__("Pour X", " ", email="x@exemple.fr"), "Chaque signataire"),
        (JEANNE.__class__("Pour X", "Fixe", phone="04 67 22 80 00"), "mobile"),
        (JEANNE.__class__("Pour X", "Faux", email="pas une adresse"), "n’est pas valable"),
    ],
)
def test_what_is_wrong_with_a_signatory_is_said_before_anything_is_written(
    envelope_of: Open, person: Any, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        envelope_of(person)
    assert not Envelope.objects.exists()
