"""Void a scan that should not have counted: the row stays, with who voided it and why."""

from django.db import transaction
from django.utils import timezone

from assises.models import Scan
from assises.operations.doors import require_keeping
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import Overtaken, Refused
from e2c_portal.kernel.nir import refuse_nir


@says_why
@transaction.atomic
def void_scan(scan_id: int, reason: str, actor: User) -> Scan:
    """Void a scan that counted: the person may then be scanned again at that checkpoint.

    Raises NotAllowed, Overtaken when it is voided already, Refused without a reason or for a scan that counted nobody.
    """
    require_keeping(actor)
    scan = Scan.objects.select_for_update(of=("self",)).select_related("edition", "checkpoint").get(pk=scan_id)
    if scan.outcome != Scan.Outcome.OK:
        raise Refused("Ce passage a été refusé : il n’y a rien à annuler.", code="not_counted")
    if scan.voided_at is not None:
        raise Overtaken("Ce passage est déjà annulé.")
    if not reason.strip():
        raise Refused("Dites pourquoi ce passage est annulé.", code="reason_required")
    refuse_nir(reason)
    scan.voided_at, scan.voided_by, scan.void_reason = timezone.now(), actor, reason.strip()
    scan.save(update_fields=["voided_at", "voided_by", "void_reason"])
    # The reason may name somebody: it is read on the scan, never in the trail.
    record(actor, "scan.voided", scan.edition, f"Passage annulé à « {scan.checkpoint} »", scan=scan.pk)
    return scan
