"""The list of documents as a file. Documents and exports stand on one floor and do not know each other: the roof joins them."""

from e2c_portal.documents.kinds import all_kinds
from e2c_portal.documents.models import Document
from e2c_portal.documents.states import state_named
from e2c_portal.exports.admin_lists import rows_of_admin
from e2c_portal.exports.lists import Column, Listing


def _kind(document: Document) -> str:
    return next((kind.label for kind in all_kinds() if kind.name == document.kind), document.kind)


COLUMNS = (
    Column("Référence", lambda row: row.reference, 18),
    Column("Titre", lambda row: row.title, 44),
    Column("Type", _kind, 26),
    Column("État", lambda row: state_named(row.status).label, 16),
    Column("Demandé par", lambda row: row.requested_by.full_name, 26),
    Column("Demandé le", lambda row: row.requested_at, 18),
    Column("Scellé le", lambda row: row.sealed_at, 18),
    Column("Niveau du cachet", lambda row: row.seal_level, 14),
    Column("Code de vérification", lambda row: row.printed_code if row.is_sealed else "", 18),
    Column("Taille (octets)", lambda row: row.size, 14),
    Column("Empreinte SHA-256", lambda row: row.sha256, 30),
    Column("Raison de l’échec", lambda row: row.failure, 40),
)
DOCUMENTS = Listing("documents", "Documents", COLUMNS, rows_of_admin(Document), Document)
