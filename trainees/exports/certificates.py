"""What the list of attestations gives as a file."""

from e2c_portal.exports.lists import Column

MINUTES = 60
CERTIFICATE_COLUMNS = (
    Column("Numéro", lambda row: row.number, 22),
    Column("École", lambda row: row.school.name, 34),
    Column("Stagiaire", lambda row: row.trainee.sorted_name, 30),
    Column("Émise le", lambda row: row.issued_at, 18),
    Column("Version", lambda row: row.version, 8),
    Column("État", lambda row: row.state.label, 14),
    Column("Remplacée ou révoquée le", lambda row: row.ended_at, 18),
    Column("Motif", lambda row: row.ended_reason, 44),
    Column("Heures à l’école", lambda row: round(row.minutes_at_school / MINUTES, 2), 12),
    Column("Heures en entreprise", lambda row: round(row.minutes_in_company / MINUTES, 2), 12),
)
