"""The message of the day: whoever would receive several receives one, at most one a day."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from e2c_portal.kernel.french import counted
from e2c_portal.mailing import digest_days, preferences
from e2c_portal.mailing.addresses import Recipient, address_sha256
from e2c_portal.mailing.contents import DIGEST
from e2c_portal.mailing.message_types import MailType, mail_type_named
from e2c_portal.mailing.models import Mail, Status
from e2c_portal.mailing.requesting import STOPPED, Moment, ask_to_send, close, new_mail
from e2c_portal.mailing.sending import TOO_LATE

DIGEST_TYPE = MailType(
    name=DIGEST, label="Message du jour", subject="{{ summary }} du portail",
    sample={"summary": counted(3, "message", "messages")},
)  # fmt: skip


def group_due() -> int:
    """Make the messages of the day that are due. Returns how many people will receive one."""
    waiting = Mail.objects.filter(status=Status.QUEUED, waits_for_digest=True, due_at__lte=timezone.now())
    addresses = waiting.order_by().values_list(Lower("email"), flat=True).distinct()
    return sum(_group(address) for address in addresses)


@transaction.atomic
def _group(email: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 4))", [f"digest/{email}"])
    now = timezone.now()
    waiting = Mail.objects.select_for_update().filter(
        status=Status.QUEUED, waits_for_digest=True, due_at__lte=now, email__iexact=email
    )
    mails = [mail for mail in waiting.order_by("requested_at", "pk") if _still_wanted(mail)]
    key = f"{timezone.localdate(now).isoformat()}:{address_sha256(email)}"
    if not mails:
        return 0
    if Mail.objects.filter(digest_key=key).exists():
        tomorrow = digest_days.next_digest(now + timedelta(seconds=1))
        waiting.update(due_at=tomorrow)
        return 0
    if len(mails) == 1:
        _send_alone(mails[0], key)
    else:
        _send_together(mails, key)
    return 1


def _still_wanted(mail: Mail) -> bool:
    """Cancel what was stopped meanwhile, or what comes too late."""
    if preferences.is_stopped(mail.email, mail_type_named(mail.kind)):
        close(mail, Status.CANCELLED, STOPPED)
    elif mail.is_too_late(timezone.now()):
        close(mail, Status.CANCELLED, TOO_LATE)
    return mail.status == Status.QUEUED


def _send_alone(mail: Mail, key: str) -> None:
    """Send as it is the only message of the day."""
    mail.waits_for_digest, mail.digest_key, mail.trying_since = False, key, timezone.now()
    mail.save(update_fields=["waits_for_digest", "digest_key", "trying_since"])
    ask_to_send(mail)


def _send_together(mails: list[Mail], key: str) -> None:
    """Make one message of several. Answers go to the person of reference when all have the same."""
    answers = {mail.reply_to for mail in mails}
    name = next((mail.name for mail in reversed(mails) if mail.name), "")
    # The day tells apart the messages of two mornings, should the first still wait for a mail server.
    context = {"summary": counted(len(mails), "message", "messages"), "day": timezone.localdate().isoformat()}
    digest = new_mail(
        DIGEST_TYPE, Recipient(mails[0].email, name, answers.pop() if len(answers) == 1 else ""), None,
        context, Moment(), key,
    )  # fmt: skip
    digest.digest_key = key
    digest.save(force_insert=True)
    for mail in mails:
        mail.status, mail.grouped_in, mail.waits_for_digest = Status.GROUPED, digest, False
        mail.save(update_fields=["status", "grouped_in", "waits_for_digest"])
    ask_to_send(digest)
