"""The messages to signatories. Links and codes are made at the moment of sending; what left and what came back is evidence."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from e2c_portal.kernel.errors import Refused
from e2c_portal.links import issuing
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import MailType, SmsType
from e2c_portal.mailing.models import Message
from e2c_portal.mailing.requesting import send_mail_on_commit, send_sms_on_commit
from e2c_portal.mailing.sms import sms_available
from e2c_portal.signing import chain, follower_messages
from e2c_portal.signing.code_digits import make_code
from e2c_portal.signing.models import Act, Channel, Code, Evidence, Signatory, SignatoryStatus
from e2c_portal.signing.purposes import purpose_of
from e2c_portal.signing.signatory_links import link_for, signatory_of

INVITATION, REMINDER, CODE = "signing.invitation", "signing.reminder", "signing.code"
RECEIPT, ENDED, COMPLETED, REPLACED = "signing.receipt", "signing.ended", "signing.completed", "signing.replaced"
EXAMPLE_LINK = "https://portail.exemple.invalid/lien/exemple/"
NOT_EXPECTED = "Cette signature n’est plus attendue."


def send_invitation(signatory: Signatory) -> list[str]:
    """Ask for the messages that carry the link, by every way this person has. Returns the ways used."""
    return _send(INVITATION, signatory, {"until": _day(signatory.envelope.expires_at)})


def send_reminder(signatory: Signatory) -> list[str]:
    """Ask for a reminder with the link. Returns the ways used. Raises Refused within a day of the last one."""
    return _send(REMINDER, signatory, {"until": _day(signatory.envelope.expires_at)})


def send_code(signatory: Signatory, code: Code, *, not_after: datetime) -> None:
    """Ask for the message that carries a one-time code; it is useless after `not_after`. Raises Refused."""
    context = {**_words(signatory), "request": code.pk}
    if code.channel == Channel.EMAIL:
        send_mail_on_commit(CODE, _recipient(signatory), signatory, context, not_after=not_after)
    else:
        send_sms_on_commit(CODE, signatory.phone, signatory, context, not_after=not_after)


def send_receipt(signatory: Signatory, act: Act) -> None:
    """Confirm a signature to whoever has an e-mail address."""
    if signatory.email:
        context = {"at": _moment(act.at), "sha256": act.document_sha256, "method": signatory.get_method_display()}
        send_mail_on_commit(RECEIPT, _recipient(signatory), signatory, {**_words(signatory), **context})


def send_ended(signatory: Signatory, why: str) -> None:
    """Say why a signature, made or awaited, counts no more."""
    _send(ENDED, signatory, {"why": why, "had_signed": signatory.status == SignatoryStatus.SIGNED})


def send_replaced(signatory: Signatory, successor: Signatory) -> None:
    """Confirm to whoever named another person that they have nothing more to do."""
    if signatory.email:
        context = {**_words(signatory), "successor": successor.full_name}
        send_mail_on_commit(REPLACED, _recipient(signatory), signatory, context)


def send_completed(signatory: Signatory) -> None:
    """Say that everybody has signed, with the link to the sealed document."""
    _send(COMPLETED, signatory, {"sealed_sha256": signatory.envelope.document.sha256})


def _send(kind: str, signatory: Signatory, more: Mapping[str, Any]) -> list[str]:
    """Send by e-mail, and by text message when there is no e-mail. Each way stands alone: one that refuses stops neither."""
    context = {**_words(signatory), **more}
    if signatory.email:
        send_mail_on_commit(kind, _recipient(signatory), signatory, context)
        return [str(Channel.EMAIL)]
    if signatory.phone and sms_available():
        send_sms_on_commit(kind, signatory.phone, signatory, context)
        return [str(Channel.SMS)]
    return []


def _recipient(signatory: Signatory) -> Recipient:
    reply_to = purpose_of(signatory.envelope).contact_email(signatory.envelope)
    return Recipient(signatory.email, signatory.full_name, reply_to)


def _words(signatory: Signatory) -> dict[str, Any]:
    envelope = signatory.envelope
    purpose = purpose_of(envelope)
    return {
        "title": envelope.document.title,
        "reference": envelope.document.reference,
        "label": purpose.label,
        "role": signatory.role,
        "on_behalf_of": signatory.on_behalf_of,
        "sender": str(envelope.opened_by),
        "contact": purpose.contact(envelope),
        "lines": list(purpose.message_lines(envelope, signatory)),
    }


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y à H:i")


def link_secret(message: Message) -> dict[str, str]:
    """Make the link of a message that is leaving. Raises Refused when this person is no longer awaited."""
    signatory = signatory_of(message.subject)
    if signatory is None or not signatory.is_unfinished or not signatory.envelope.is_alive:
        raise Refused(NOT_EXPECTED, code="not_expected")
    return {"link": issuing.rotate(link_for(signatory), delivery=message.delivery)}


def sealed_secret(message: Message) -> dict[str, str]:
    """Make the link that leads to the sealed document."""
    signatory = signatory_of(message.subject)
    if signatory is None:
        raise Refused(NOT_EXPECTED, code="not_expected")
    return {"link": issuing.rotate(link_for(signatory), delivery=message.delivery)}


def code_secret(message: Message) -> dict[str, str]:
    """Make the code of a message that is leaving."""
    return {"code": make_code(message.context["request"])}


def left(message: Message) -> None:
    """Retire older links and write the evidence that the message left. Stands being called twice."""
    issuing.delivered(message.delivery)
    _tell(message, "message.sent", {"answer": message.answer[:200]})


def came_back(message: Message) -> None:
    """Write the evidence that the message did not reach its recipient. Stands being called twice."""
    _tell(message, "message.undelivered", {"why": message.failure})


def link_came_back(message: Message) -> None:
    """Do the same for a message with the link, and have those who follow find another way. Stands being called twice."""
    came_back(message)
    signatory = signatory_of(message.subject)
    if signatory is not None:
        follower_messages.send_unreachable(signatory, message)


def _tell(message: Message, kind: str, more: Mapping[str, Any]) -> None:
    signatory = signatory_of(message.subject)
    if signatory is None:
        return
    facts = {"to": signatory.pk, "message": message.delivery, "type": message.kind, "address": message.address}  # type: ignore[attr-defined]
    told = Evidence.objects.filter(envelope=signatory.envelope, kind=kind, payload__message=message.delivery)
    if not told.exists():
        chain.append(signatory.envelope, kind, {**facts, **more})


LINK = {"link": EXAMPLE_LINK}
DAY = timedelta(days=1)
SAMPLE = {
    "title": "Convention de partenariat avec la Fabrique d’Oc", "reference": "CP-2026-014",
    "label": "Convention de partenariat", "role": "Pour l’entreprise", "on_behalf_of": "",
    "sender": "Claire Garrigue", "contact": "Claire Garrigue, 04 67 22 80 00", "lines": [],
}  # fmt: skip
ASKED = {**SAMPLE, "until": "18 décembre 2026"}
HASH = {"sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
TYPES: tuple[MailType | SmsType, ...] = (
    MailType(
        INVITATION, "Invitation à signer", cool_down=timedelta(minutes=5), examples=LINK, sample=ASKED,
        subject="Votre signature est attendue : {{ title }}", secrets=link_secret, sent=left, undelivered=link_came_back,
    ),
    SmsType(
        INVITATION, "Invitation à signer", cool_down=timedelta(minutes=5), examples=LINK, sample=ASKED,
        secrets=link_secret, sent=left, undelivered=link_came_back,
    ),
    MailType(
        REMINDER, "Rappel de signature", cool_down=DAY, examples=LINK, sample=ASKED,
        subject="Rappel, votre signature est attendue : {{ title }}", secrets=link_secret, sent=left,
        undelivered=link_came_back,
    ),
    SmsType(
        REMINDER, "Rappel de signature", cool_down=DAY, examples=LINK, sample=ASKED, secrets=link_secret, sent=left,
        undelivered=link_came_back,
    ),
    MailType(
        CODE, "Code de signature", examples={"code": "000000"}, sample=SAMPLE, subject="Votre code pour signer",
        secrets=code_secret, sent=left, undelivered=came_back,
    ),
    SmsType(
        CODE, "Code de signature", examples={"code": "000000"}, sample=SAMPLE, secrets=code_secret, sent=left,
        undelivered=came_back,
    ),
    MailType(
        RECEIPT, "Accusé de signature", subject="Votre signature est enregistrée : {{ title }}",
        sample={**SAMPLE, **HASH, "at": "27 novembre 2026 à 10:42", "method": "Électronique, avec un code"},
    ),
    MailType(
        ENDED, "Signature arrêtée", subject="Ce document ne se signe plus : {{ title }}",
        sample={**SAMPLE, "why": "L’article 3 change : une nouvelle version sera signée.", "had_signed": True},
    ),
    SmsType(
        ENDED, "Signature arrêtée",
        sample={**SAMPLE, "why": "L’article 3 change : une nouvelle version sera signée.", "had_signed": True},
    ),
    MailType(
        REPLACED, "Délégation enregistrée", subject="Une autre personne signe à votre place : {{ title }}",
        sample={**SAMPLE, "successor": "Marc Exemple"},
    ),
    MailType(
        COMPLETED, "Document signé par tous", examples=LINK, subject="Signé par tous : {{ title }}",
        sample={**SAMPLE, "sealed_sha256": HASH["sha256"]}, secrets=sealed_secret, sent=left, undelivered=came_back,
    ),
    SmsType(
        COMPLETED, "Document signé par tous", examples=LINK, sample={**SAMPLE, "sealed_sha256": HASH["sha256"]},
        secrets=sealed_secret, sent=left, undelivered=came_back,
    ),
)  # fmt: skip
