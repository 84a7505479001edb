"""What the list of scans gives as a file."""

from django.utils import timezone

from assises.models import Scan
from assises.reads.door import CATEGORY_OF_ONE, whose
from e2c_portal.exports.lists import Column


def _where(scan: Scan) -> str:
    return str(scan.post) if scan.post else f"Papier, saisi par {scan.entered_by}"


SCAN_COLUMNS = (
    Column("Passé le", lambda row: timezone.localtime(row.scanned_at), 18),
    Column("Reçu le", lambda row: timezone.localtime(row.received_at), 18),
    Column("Contrôle", lambda row: row.checkpoint.name, 24),
    Column("Porte", _where, 24),
    Column("Moyen", lambda row: row.get_way_display(), 18),
    Column("Réponse", lambda row: row.get_outcome_display(), 26),
    Column("Nom", lambda row: row.registration.full_name if row.registration else "", 28),
    Column("Catégorie", lambda row: CATEGORY_OF_ONE[row.registration.category] if row.registration else "", 18),
    Column("École ou organisme", lambda row: whose(row.registration) if row.registration else "", 30),
    Column("Gardé pendant une coupure", lambda row: row.was_offline, 12),
    Column("Entrée accordée à la porte", lambda row: row.was_forced, 12),
    Column("Annulé le", lambda row: timezone.localtime(row.voided_at) if row.voided_at else None, 18),
    Column("Motif", lambda row: row.void_reason, 40),
)
