"""Tell the type of a message what became of it: after the record, apart from it, until it has heard.

A fault in what an app does then must never make the message leave a second time.
"""

import logging

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from e2c_portal.mailing.message_types import type_of
from e2c_portal.mailing.models import Mail, Message, Status

logger = logging.getLogger(__name__)

UNTOLD = Q(finished_at__isnull=False) & ~Q(told_status=F("status"))


def tell(message: Message) -> None:
    """Tell the outcome of a message, and of those it groups. Never raises: the sweeper comes back for what failed."""
    model = type(message)
    ids = [message.pk]
    if isinstance(message, Mail):
        ids += message.grouped.filter(UNTOLD).values_list("pk", flat=True)
    for message_id in ids:
        tell_one(model, message_id)


def tell_one(model: type[Message], message_id: int) -> bool:
    """Tell the outcome of one message. Returns whether its type heard it now."""
    try:
        with transaction.atomic():
            return _tell(model, message_id)
    except Exception:
        logger.exception("%s %s: its outcome was not heard", model._meta.model_name, message_id)
        model._default_manager.filter(pk=message_id).update(asked_at=timezone.now())
        return False


def _tell(model: type[Message], message_id: int) -> bool:
    rows = model._default_manager.select_for_update(skip_locked=True)
    message = rows.filter(UNTOLD, pk=message_id).first()
    if message is None:
        return False
    if message.status == Status.SENT:
        type_of(message).sent(message)  # type: ignore[arg-type]
    elif message.status in (Status.FAILED, Status.BOUNCED):
        type_of(message).undelivered(message)  # type: ignore[arg-type]
    message.told_status = message.status
    message.save(update_fields=["told_status"])
    return True
