"""What the list of schools gives as a file: each column is declared here once, for every format."""

from e2c_portal.exports.lists import Column
from e2c_portal.kernel.identifiers import printed_number

SCHOOL_COLUMNS = (
    Column("École", lambda row: row.name, 34),
    Column("Département", lambda row: row.department_words, 22),
    Column("Organisme porteur", lambda row: row.operator, 40),
    Column("SIRET", lambda row: printed_number(row.siret), 20),
    Column("Déclaration d’activité", lambda row: row.activity_declaration_number, 20),
    Column("Code UAI", lambda row: row.uai, 12),
    Column("Ouverte en", lambda row: row.opened_year, 12),
    Column("Sites ouverts", lambda row: row.open_sites, 12),
    Column("Début du label", lambda row: row.label_starts_on, 14),
    Column("Fin du label", lambda row: row.label_ends_on, 14),
)
