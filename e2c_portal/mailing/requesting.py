"""Ask for a message: the row is written with the business change, and the message leaves after the commit."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.formats import date_format

from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.kernel.log_masking import masked
from e2c_portal.mailing import digest_days, preferences
from e2c_portal.mailing.addresses import Recipient, checked, checked_phone
from e2c_portal.mailing.composing import subject_line
from e2c_portal.mailing.message_types import MailType, MessageType, mail_type_named, sms_type_named
from e2c_portal.mailing.models import Mail, Message, Sms, Status

SEND = {Mail: "mailing.send_mail", Sms: "mailing.send_sms"}
# Two identical requests within this time are one person pressing twice.
DOUBLE_CLICK = timedelta(minutes=1)
STOPPED = "Cette personne a demandé à ne plus recevoir ces messages."

Kept = TypeVar("Kept", Mail, Sms)


@dataclass(frozen=True)
class Moment:
    """When a message may leave: not before `earliest_at`, and not at all from `not_after` on (a code has died by then)."""

    earliest_at: datetime | None = None
    not_after: datetime | None = None


@transaction.atomic
def send_mail_on_commit(
    kind: str,
    recipient: Recipient,
    subject_record: Model | None,
    context: Mapping[str, Any],
    *,
    earliest_at: datetime | None = None,
    not_after: datetime | None = None,
    dedup_key: str = "",
) -> Mail:
    """Ask for an e-mail in the current transaction; it leaves after the commit. A rollback takes it back.

    `context` holds plain values and no secret. The same request within a minute gives the same message; so does, for ever,
    the same `dedup_key`. A type that its recipient stopped is written as cancelled. Raises PortalError for an unknown type,
    Refused for a bad address, a forged header, or a request that comes before the type's cool-down is over.
    """
    mail_type = mail_type_named(kind)
    mail = new_mail(mail_type, recipient, subject_record, context, Moment(earliest_at, not_after), dedup_key)
    if present := _already_there(mail, mail_type):
        return present
    if mail.waits_for_digest:
        mail.due_at = digest_days.next_digest(mail.due_at)
    if preferences.is_stopped(mail.email, mail_type):
        # Two writings: a message begins its life waiting, for the database too.
        mail.save(force_insert=True)
        close(mail, Status.CANCELLED, STOPPED)
    else:
        _write(mail, leaves=not mail.waits_for_digest)
    return mail


def new_mail(
    mail_type: MailType,
    recipient: Recipient,
    record: Model | None,
    context: Mapping[str, Any],
    moment: Moment,
    dedup_key: str = "",
) -> Mail:
    """Return an e-mail ready to be saved. Raises Refused for a bad address or a forged header."""
    to = checked(recipient)
    mail = Mail(
        email=to.email, name=to.name, reply_to=to.reply_to, subject_line=subject_line(mail_type, context),
        waits_for_digest=mail_type.digestable,
    )  # fmt: skip
    mail.message_id = f"<{mail.public_id}@{_sending_domain()}>"
    _describe(mail, mail_type, record, context, moment, dedup_key)
    return mail


@transaction.atomic
def send_sms_on_commit(
    kind: str,
    phone: str,
    subject_record: Model | None,
    context: Mapping[str, Any],
    *,
    earliest_at: datetime | None = None,
    not_after: datetime | None = None,
    dedup_key: str = "",
) -> Sms:
    """Ask for a text message, as `send_mail_on_commit` does for an e-mail. It needs no e-mail at any step.

    Raises PortalError for an unknown type, Refused for a number that receives none or before the cool-down is over.
    """
    sms_type = sms_type_named(kind)
    sms = Sms(phone=checked_phone(phone))
    _describe(sms, sms_type, subject_record, context, Moment(earliest_at, not_after), dedup_key)
    if present := _already_there(sms, sms_type):
        return present
    _write(sms)
    return sms


def _write(message: Message, *, leaves: bool = True) -> None:
    """Write a new message, once, and have it sent after the commit when it is due."""
    asks = leaves and _falls_due(message)
    message.save(force_insert=True)
    if asks:
        _enqueue(message)


def ask_to_send(message: Message) -> None:
    """Have a due message sent after the commit; one that is due later is left to the sweeper."""
    if _falls_due(message):
        message.save(update_fields=["asked_at"])
        _enqueue(message)


def _falls_due(message: Message) -> bool:
    """Note on a message that is due that it is asked for now; say whether it is."""
    now = timezone.now()
    if message.due_at > now:
        return False
    message.asked_at = now
    return True


def _enqueue(message: Message) -> None:
    enqueue_on_commit(SEND[type(message)], message_id=message.pk)


def close(message: Message, status: Status, reason: str) -> None:
    """Write that a message will not leave, and why."""
    message.status, message.failure, message.finished_at = status, reason, timezone.now()
    message.claim = message.claimed_at = None
    message.save(update_fields=["status", "failure", "finished_at", "claim", "claimed_at"])


def _describe(
    message: Message,
    kind: MessageType,
    record: Model | None,
    context: Mapping[str, Any],
    moment: Moment,
    dedup_key: str,
) -> None:
    _refuse_secrets(kind, context)
    now = timezone.now()
    message.kind, message.context, message.dedup_key = kind.name, dict(context), dedup_key
    message.subject = subject_of(record) if record is not None else ""
    message.earliest_at, message.not_after = moment.earliest_at, moment.not_after
    message.due_at = message.trying_since = max(now, moment.earliest_at or now)
    message.content_sha256 = _fingerprint(message)


def _refuse_secrets(kind: MessageType, context: Mapping[str, Any]) -> None:
    """Raise ValueError when a link or a code is about to be stored: a fault of the calling code, never of a person."""
    if taken := set(kind.examples) & set(context):
        raise ValueError(
            f"{kind.name}: {sorted(taken)} are secrets, made at the moment of sending; they are not stored"
        )
    text = json.dumps(context, ensure_ascii=False)
    if masked(text) != text:
        raise ValueError(f"{kind.name}: the context holds a personal link; give it as a secret")


def _fingerprint(message: Message) -> str:
    """Return what makes two requests the same: their words and the moment they are meant for."""
    moment = message.earliest_at.isoformat() if message.earliest_at else ""
    text = json.dumps([message.kind, message.context, moment], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _already_there(message: Kept, kind: MessageType) -> Kept | None:
    """Return the message that this request repeats, None when it is new. Raises Refused before the cool-down is over."""
    model = type(message)
    _one_at_a_time(message)
    if message.dedup_key and (same := model._default_manager.filter(dedup_key=message.dedup_key).first()):
        return same
    where = {"email__iexact": message.address} if isinstance(message, Mail) else {"phone": message.address}
    others = model._default_manager.filter(kind=message.kind, subject=message.subject, **where)
    others = others.exclude(status__in=[Status.CANCELLED, Status.FAILED, Status.BOUNCED])
    just_asked = Q(requested_at__gt=timezone.now() - DOUBLE_CLICK) | Q(status__in=[Status.QUEUED, Status.SENDING])
    if same := others.filter(just_asked, content_sha256=message.content_sha256).first():
        return same
    if not kind.cool_down:
        return None
    last = others.filter(requested_at__gt=timezone.now() - kind.cool_down).order_by("-requested_at").first()
    if last is not None:
        raise Refused(_too_soon(last, kind), code="cool_down")
    return None


def _one_at_a_time(message: Message) -> None:
    """Queue the requests about one person and one record: a double click waits here and finds the first one's message."""
    with connection.cursor() as cursor:
        key = f"{message._meta.model_name}/{message.kind}/{message.subject}/{message.address.lower()}"  # type: ignore[attr-defined]
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 3))", [key])


def _too_soon(last: Message, kind: MessageType) -> str:
    asked, again = (timezone.localtime(moment) for moment in (last.requested_at, last.requested_at + kind.cool_down))
    return (
        f"Un message « {kind.label} » a déjà été demandé pour cette personne le {date_format(asked, 'DATETIME_FORMAT')}. "
        f"Pour ne pas la lasser, le prochain pourra partir le {date_format(again, 'DATETIME_FORMAT')}."
    )


def _sending_domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
