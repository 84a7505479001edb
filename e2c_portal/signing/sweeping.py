"""Watch over envelopes without the broker: signatures that wait to be written, seals that failed, limits that passed."""

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from e2c_portal.documents.models import Status
from e2c_portal.kernel.clock import older_than
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.kernel.models import Job
from e2c_portal.signing.models import Envelope, EnvelopeStatus, Exhibit, Method, Signatory, SignatoryStatus
from e2c_portal.signing.models.envelopes import UNFINISHED
from e2c_portal.signing.operations.applying import RETRY_AFTER
from e2c_portal.signing.operations.ending import expire
from e2c_portal.signing.operations.signing import APPLY


def sweep(limit: int = 100) -> int:
    """Ask again for lost work and mark what is past its limit. Returns how many envelopes were mended."""
    return sum(_ask_again(pk) for pk in _left_behind(limit)) + sum(expire(pk) for pk in _past_their_limit(limit))


def _left_behind(limit: int) -> list[int]:
    """Return the envelopes whose next step is due and nobody does it."""
    now = timezone.now()
    mine = Signatory.objects.filter(envelope=OuterRef("pk"))
    signed = mine.filter(status=SignatoryStatus.SIGNED, signed_at__lt=now - RETRY_AFTER)
    unwritten = signed.filter(revision=None).exclude(method=Method.PAPER)
    whole = Exists(signed) & ~Exists(mine.filter(status__in=UNFINISHED))
    due = Envelope.objects.filter(Q(retry_at=None) | Q(retry_at__lte=now))
    due = due.filter(Q(claim=None) | older_than("claimed_at", settings.DOCUMENT_CLAIM_LEASE))
    due = due.filter(status__in=[EnvelopeStatus.OPEN, EnvelopeStatus.EXPIRED], document__status=Status.READY)
    return list(due.filter(Exists(unwritten) | whole).order_by("pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def _ask_again(envelope_id: int) -> int:
    # The next look comes after a while, whatever becomes of this job: a seal that keeps failing is not tried each second.
    Envelope.objects.filter(pk=envelope_id).update(retry_at=timezone.now() + RETRY_AFTER)
    if Job.objects.filter(task=APPLY, published_at=None, arguments={"envelope_id": envelope_id}).exists():
        return 0
    enqueue_on_commit(APPLY, envelope_id=envelope_id)
    return 1


def _past_their_limit(limit: int) -> list[int]:
    late = Envelope.objects.filter(status=EnvelopeStatus.OPEN, expires_at__lte=timezone.now())
    late = late.filter(Exists(Signatory.objects.filter(envelope=OuterRef("pk"), status__in=UNFINISHED)))
    return list(late.order_by("pk").values_list("pk", flat=True)[:limit])


def owned_files(keys: list[str]) -> set[str]:
    """Return those of the keys that are exhibits: the storage is shared with documents."""
    return set(Exhibit.objects.filter(file__in=keys).values_list("file", flat=True))
