"""Enter the attendance sheets that were signed on paper, a page at a time."""

from collections.abc import Iterable
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from assises.life.registrations import CONFIRMED
from assises.models import Checkpoint, Registration, Scan
from assises.operations.doors import require_keeping
from assises.reads.door import expected_at
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import counted


@transaction.atomic
def enter_sheet(checkpoint: Checkpoint, registration_ids: Iterable[int], actor: User) -> int:
    """Count those who signed at a checkpoint; whoever is counted already stays counted once. Returns how many were added.

    Only those expected there: somebody else is let in by a door, which says so. The moment kept is that of the opening of
    the checkpoint: paper tells no hour. Raises NotAllowed, Refused before the day, or once nobody of them is expected.
    """
    require_keeping(actor)
    edition = checkpoint.edition
    if timezone.localdate() < edition.held_on:
        raise Refused(
            "La feuille se saisit à partir du jour même : la journée n’a pas encore eu lieu.", code="too_early"
        )
    wanted = set(registration_ids)
    people = expected_at(checkpoint).filter(pk__in=wanted, status=CONFIRMED)
    if wanted and len(people) < len(wanted):
        raise Refused("Une de ces personnes n’est plus attendue ici. Relisez la page, puis enregistrez.", code="gone")
    added = sum(_counted(checkpoint, person, actor) for person in people)
    if added:
        told = counted(added, "présence saisie", "présences saisies")
        record(
            actor, "attendance.entered", edition, f"{told} depuis la feuille « {checkpoint} »", checkpoint=checkpoint.pk
        )
    return added


def _counted(checkpoint: Checkpoint, person: Registration, actor: User) -> bool:
    if person.scans.filter(checkpoint=checkpoint, outcome=Scan.Outcome.OK, voided_at=None).exists():
        return False
    try:
        with transaction.atomic():
            Scan.objects.create(
                nonce=uuid4(), edition=checkpoint.edition, checkpoint=checkpoint, registration=person,
                outcome=Scan.Outcome.OK, way=Scan.Way.PAPER, entered_by=actor, received_at=timezone.now(),
                scanned_at=checkpoint.edition.moment(checkpoint.opens_at),
            )  # fmt: skip
    except IntegrityError as error:
        if "scan_counted_once" not in str(error):
            raise
        return False
    return True
