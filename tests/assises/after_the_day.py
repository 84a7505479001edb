"""What the tests of around the day share: an edition held two days ago, people scanned there, the stand-in of another link."""

from datetime import datetime, time, timedelta
from uuid import uuid4

from django.utils import timezone

from assises.models import Checkpoint, Edition, Registration, Scan
from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import PortalError
from e2c_portal.links import purposes
from tests.factories.assises import edition_open


def at(edition: Edition, days: int, hour: int = 10) -> datetime:
    """Return a moment so many days from the day of an edition."""
    day = edition.held_on + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour)))


def edition_held(officer: User, days_ago: int = 2) -> Edition:
    """Return an announced edition whose day is over."""
    return edition_open(officer, held_on=timezone.localdate() - timedelta(days=days_ago))


def scanned(registration: Registration, checkpoint: Checkpoint, officer: User) -> Scan:
    """Count somebody at a checkpoint."""
    return Scan.objects.create(
        nonce=uuid4(), edition=checkpoint.edition, checkpoint=checkpoint, registration=registration, outcome="ok",
        way="paper", entered_by=officer, scanned_at=timezone.now(),
    )  # fmt: skip


def void(scan: Scan, officer: User, reason: str = "Erreur de feuille") -> None:
    """Void a scan."""
    Scan.objects.filter(pk=scan.pk).update(voided_at=timezone.now(), voided_by=officer, void_reason=reason)


def registration_purpose() -> None:
    """Stand in for the purpose of the registration's link, where it is not registered."""
    try:
        purposes.purpose_named("assises.registration")
    except PortalError:
        purposes.register(
            purposes.Purpose("assises.registration", "Inscription", timedelta(days=60), {}, lambda link: None)
        )
