"""The dated limits a crowd is measured against: those of the law, written again when a test emptied the table."""

from trainees.law.first_values import values
from trainees.models import LegalParameter


def ensure_limits() -> None:
    """Write the first values of the limits when there is none."""
    if not LegalParameter.objects.exists():
        LegalParameter.objects.bulk_create(
            LegalParameter(key=key, value=value, starts_on=first, ends_on=last, source=source)
            for key, value, first, last, source in values()
        )
