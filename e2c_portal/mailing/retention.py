"""Delete the messages of two years ago: what they prove by then stands in the record they spoke of."""

from datetime import timedelta

from django.utils import timezone

from e2c_portal.mailing.models import Mail, Sms

KEPT_FOR = timedelta(days=730)


def purge() -> int:
    """Delete the messages that were over two years ago. Returns how many."""
    old = timezone.now() - KEPT_FOR
    # The parts of a message of the day go before it: they point to it.
    grouped = Mail.objects.filter(grouped_in__isnull=False, finished_at__lt=old).delete()[0]
    alone = Mail.objects.filter(grouped_in=None, finished_at__lt=old, grouped=None).delete()[0]
    return grouped + alone + Sms.objects.filter(finished_at__lt=old).delete()[0]
