"""Delete the lines of imports once their time has passed (models.sirene says which)."""

from django.db import transaction
from django.utils import timezone

from partnerships.models import SireneImport, SireneImportLine
from partnerships.models.sirene import LINES_KEPT_FOR


@transaction.atomic
def purge() -> int:
    """Delete the lines asked for more than 90 days ago; a plan never applied is out of date then. Returns how many lines."""
    old = timezone.now() - LINES_KEPT_FOR
    over = SireneImport.objects.filter(requested_at__lt=old).exclude(status__in=SireneImport.UNDER_WAY)
    over.filter(status=SireneImport.Status.READY).update(status=SireneImport.Status.EXPIRED)
    return SireneImportLine.objects.filter(owner__in=over).delete()[0]


def own_files(keys: list[str]) -> set[str]:
    """Return those of the stored files that an import has still to read."""
    return set(SireneImport.objects.filter(file__in=keys).values_list("file", flat=True))
