"""Delete the messages of two years ago: what they prove by then stands in the record they spoke of."""

from collections.abc import Collection
from datetime import timedelta

from django.utils import timezone

from e2c_portal.mailing.models import Mail, Sms

KEPT_FOR = timedelta(days=730)


def purge() -> int:
    """Delete the messages that were over two years ago. Returns how many."""
    return purge_mails() + purge_texts()


def purge_mails(held: Collection[str] = ()) -> int:
    """Delete the e-mails that were over two years ago, those about a record named in `held` aside. Returns how many."""
    old = Mail.objects.filter(finished_at__lt=timezone.now() - KEPT_FOR).exclude(subject__in=held)
    # The parts of a message of the day go before it: they point to it.
    grouped = old.filter(grouped_in__isnull=False).delete()[0]
    return grouped + old.filter(grouped_in=None, grouped=None).delete()[0]


def purge_texts(held: Collection[str] = ()) -> int:
    """Delete the text messages that were over two years ago, those about a record named in `held` aside. Returns how many."""
    return Sms.objects.filter(finished_at__lt=timezone.now() - KEPT_FOR).exclude(subject__in=held).delete()[0]
