"""What the list of internships gives as a file: each column is declared here once, for every format."""

from e2c_portal.exports.lists import Column
from partnerships.diffusion import exported_name
from trainees.reads.situation import SITUATIONS

INTERNSHIP_COLUMNS = (
    Column("Référence", lambda row: row.reference, 16),
    Column("Nom", lambda row: row.trainee.last_name, 22),
    Column("Prénom", lambda row: row.trainee.first_name, 18),
    Column("École", lambda row: row.school.name, 26),
    Column("Entreprise", lambda row: exported_name(row.establishment.company), 34),
    Column("Ville", lambda row: row.establishment.city, 20),
    Column("Tuteur", lambda row: row.tutor.full_name if row.tutor else "", 24),
    Column("Métier", lambda row: row.trade.label if row.trade else "", 30),
    Column("Code ROME", lambda row: row.trade.code if row.trade else "", 10),
    Column("Régime", lambda row: row.get_regime_display(), 24),
    Column("Objet", lambda row: row.get_kind_display(), 24),
    Column("Premier jour", lambda row: row.starts_on, 12),
    Column("Dernier jour", lambda row: row.last_day, 12),
    Column("Heures en entreprise", lambda row: row.company_minutes / 60, 12),
    Column("Heures à l’école", lambda row: row.school_minutes / 60, 12),
    Column("Situation", lambda row: SITUATIONS[row.situation].label, 24),
    Column("Signé en retard", lambda row: row.is_late, 12),
)
