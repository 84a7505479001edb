"""What the imports of trainees keep, and until when."""

from django.db import transaction
from django.utils import timezone

from trainees.models import TraineeImport, TraineeImportLine
from trainees.models.imports import LINES_KEPT_FOR


@transaction.atomic
def purge() -> int:
    """Delete the lines brought more than 30 days ago; a file never imported is out of date then. Returns how many lines."""
    old = timezone.now() - LINES_KEPT_FOR
    over = TraineeImport.objects.filter(requested_at__lt=old).exclude(status__in=TraineeImport.UNDER_WAY)
    waiting = [TraineeImport.Status.MAPPING, TraineeImport.Status.READY]
    over.filter(status__in=waiting).update(status=TraineeImport.Status.EXPIRED)
    return TraineeImportLine.objects.filter(owner__in=over).delete()[0]
