"""Watch over messages without the broker: free the claims of dead workers, ask for what is due, tell what was not heard."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from e2c_portal.kernel.clock import older_than
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.mailing.models import Mail, Message, Sms, Status
from e2c_portal.mailing.requesting import SEND
from e2c_portal.mailing.sending import QUIET, last_silence, next_try
from e2c_portal.mailing.telling import UNTOLD, tell_one

TELL_AGAIN_AFTER = timedelta(minutes=1)
TELL_FOR = timedelta(days=7)


def sweep(limit: int = 200) -> int:
    """Mend what needs it among the e-mails and the text messages. Returns how many were mended."""
    return sum(_free_stale(model, limit) + _ask_due(model, limit) + _tell(model, limit) for model in (Mail, Sms))


def _free_stale(model: type[Message], limit: int) -> int:
    """Put back what a dead worker held. It may have been handed over: that is said, and it is tried again."""
    stale = Q(status=Status.SENDING) & older_than("claimed_at", settings.MAIL_CLAIM_LEASE)
    freed = 0
    for pk, attempts in model._default_manager.filter(stale).values_list("pk", "attempts")[:limit]:
        freed += model._default_manager.filter(stale, pk=pk).update(
            status=Status.QUEUED, claim=None, claimed_at=None, maybe_delivered=True,
            due_at=next_try(attempts, timezone.now()),
        )  # fmt: skip
    return freed


def _ask_due(model: type[Message], limit: int) -> int:
    """Ask for what is due and was not asked for since, or whose job was lost."""
    now = timezone.now()
    never_asked = Q(asked_at=None) | Q(asked_at__lt=F("due_at"))
    due = Q(status=Status.QUEUED, due_at__lte=now) & (never_asked | Q(asked_at__lt=now - settings.MAIL_CLAIM_LEASE))
    if model is Mail:
        due &= Q(waits_for_digest=False)
    ids = (
        model._default_manager.filter(due).order_by("due_at", "pk").values_list("pk", flat=True)[: _turn(model, limit)]
    )
    return sum(_ask(model, pk, due) for pk in ids)


def _turn(model: type[Message], limit: int) -> int:
    """Return how many may be asked for now: all, or while the service is mute one at a time to see whether it is back."""
    last = last_silence(model)
    if last is None:
        return limit
    return 1 if timezone.now() >= last + QUIET else 0


@transaction.atomic
def _ask(model: type[Message], message_id: int, still_true: Q) -> int:
    """Ask for one message, read again under lock: it may have left meanwhile."""
    rows = model._default_manager.select_for_update(skip_locked=True)
    message = rows.filter(still_true, pk=message_id).first()
    if message is None:
        return 0
    message.asked_at = timezone.now()
    message.save(update_fields=["asked_at"])
    enqueue_on_commit(SEND[model], message_id=message_id)
    return 1


def _tell(model: type[Message], limit: int) -> int:
    """Tell again the outcomes that their type has not heard; a type that fails for a week is left to its authors."""
    now = timezone.now()
    quiet = Q(asked_at=None) | Q(asked_at__lt=now - TELL_AGAIN_AFTER)
    untold = model._default_manager.filter(
        UNTOLD, quiet, finished_at__lt=now - TELL_AGAIN_AFTER, finished_at__gt=now - TELL_FOR
    )
    return sum(tell_one(model, pk) for pk in untold.values_list("pk", flat=True)[:limit])
