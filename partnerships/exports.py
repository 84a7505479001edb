"""What the lists of partnerships give as files: each column is declared here once, for every format."""

from e2c_portal.exports.lists import Column
from e2c_portal.kernel.identifiers import printed_number
from partnerships.diffusion import exported_address, exported_name, without_name
from partnerships.situation import SITUATIONS

CONVENTION_COLUMNS = (
    Column("Numéro", lambda row: row.number, 14),
    Column("Entreprise", lambda row: exported_name(row.company, row.printed_name), 34),
    Column("SIREN", lambda row: printed_number(row.company.siren), 14),
    Column("Titre", lambda row: without_name(row.title, row.company, row.printed_name), 44),
    Column("Objet", lambda row: row.object, 24),
    Column("Situation", lambda row: SITUATIONS[row.situation].label, 24),
    Column("Prend effet le", lambda row: row.starts_on, 14),
    Column("Prend fin le", lambda row: row.last_day, 14),
    Column("Renouvellement", lambda row: row.get_renewal_display(), 22),
    Column("Préavis (mois)", lambda row: row.notice_months, 14),
    Column("Délibération", lambda row: row.deliberation_number, 18),
    Column("Délibérée le", lambda row: row.deliberation_date, 14),
    Column("Signée le", lambda row: row.signed_on, 14),
    Column("Lieu de signature", lambda row: row.signed_place, 22),
    Column("Signée lors de", lambda row: row.signing_event.name if row.signing_event else "", 30),
    Column("Origine", lambda row: row.get_origin_display(), 20),
)
COMPANY_COLUMNS = (
    Column("Entreprise", exported_name, 40),
    Column("SIREN", lambda row: printed_number(row.siren), 14),
    Column("Forme juridique", lambda row: row.legal_form, 26),
    Column("Conventions", lambda row: row.convention_count, 12),
    Column("Établissements ouverts", lambda row: row.open_establishments, 14),
    Column("Contacts présents", lambda row: row.present_contacts, 14),
    Column("Villes", lambda row: row.cities, 34),
    Column("Adresse du siège", lambda row: exported_address(row, row.office), 44),
    Column("Diffusion", lambda row: row.get_diffusion_status_display(), 18),
    Column("Créée le", lambda row: row.created_at, 18),
)
