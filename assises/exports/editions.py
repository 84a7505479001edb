"""What the list of editions gives as a file."""

from assises.reads.editions import situation_of
from e2c_portal.exports.lists import Column

EDITION_COLUMNS = (
    Column("Année", lambda row: row.year, 8),
    Column("Édition", lambda row: row.name, 44),
    Column("Date", lambda row: row.held_on, 12),
    Column("Lieu", lambda row: row.place, 30),
    Column("Ville", lambda row: row.city, 20),
    Column("Situation", lambda row: situation_of(row).label, 22),
    Column("Cérémonie de signature", lambda row: row.ceremony.name if row.ceremony else "", 40),
)
