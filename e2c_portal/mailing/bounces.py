"""Messages that come back: recorded on the mail they answer, whatever brings them (mailbox, pipe, provider)."""

from django.db import transaction
from django.utils import timezone

from e2c_portal.kernel.log_masking import masked
from e2c_portal.mailing.bounce_reports import BY_DEFAULT, read_report
from e2c_portal.mailing.models import Mail, Status
from e2c_portal.mailing.sending import follow_group
from e2c_portal.mailing.telling import tell

REASON_LIMIT = 500


def record_bounce(message_id: str, reason: str) -> bool:
    """Write that a message came back and why. Returns False when no such message is out, or when it is known already.

    `reason` is shown to staff; links in it are masked. The type of the message is told, after the record.
    """
    mail = _come_back(_readable(message_id), _readable(masked(reason))[:REASON_LIMIT] or BY_DEFAULT)
    if mail is None:
        return False
    tell(mail)
    return True


@transaction.atomic
def _come_back(message_id: str, reason: str) -> Mail | None:
    mail = Mail.objects.select_for_update().filter(message_id=message_id).first()
    # The report may be quicker than the worker that still writes down the server's answer.
    if mail is None or mail.status not in (Status.SENT, Status.SENDING):
        return None
    now = timezone.now()
    changes = {"status": Status.BOUNCED, "failure": reason, "finished_at": now, "sent_at": mail.sent_at or now}
    Mail.objects.filter(pk=mail.pk).update(claim=None, claimed_at=None, **changes)
    follow_group(mail.pk, changes, statuses=(Status.GROUPED, Status.SENT))
    return mail


def record_report(raw: bytes) -> bool:
    """Record what a report (RFC 3464) says. Returns False when it is none of ours, or only tells of a delay.

    Only the Message-ID decides: it is known to those who handled the message. An address alone would let anybody write a
    false report about anybody.
    """
    report = read_report(raw)
    if report is None or not report.final or not report.message_id:
        return False
    return record_bounce(report.message_id, report.reason)


def _readable(text: str) -> str:
    """Return the text on one line without control characters: it comes from outside."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
