"""What the lists of partnerships give as files: each column is declared here once, for every format."""

from e2c_portal.documents.codes import printed
from e2c_portal.exports.lists import Column
from e2c_portal.kernel.identifiers import printed_number
from partnerships.situation import SITUATIONS

CONVENTION_COLUMNS = (
    Column("Numéro", lambda row: row.number, 14),
    Column("Entreprise", lambda row: row.shown_company_name, 34),
    Column("SIREN", lambda row: printed_number(row.company.siren), 14),
    Column("Titre", lambda row: row.title, 44),
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
    Column("Entreprise", lambda row: row.legal_name, 40),
    Column("SIREN", lambda row: printed_number(row.siren), 14),
    Column("Forme juridique", lambda row: row.legal_form, 26),
    Column("Conventions", lambda row: row.convention_count, 12),
    Column("Établissements ouverts", lambda row: row.open_establishments, 14),
    Column("Contacts présents", lambda row: row.present_contacts, 14),
    Column("Villes", lambda row: row.cities, 34),
    Column("Créée le", lambda row: row.created_at, 18),
)
CEREMONY_COLUMNS = (
    Column("Ordre", lambda row: row.position, 8),
    Column("Numéro", lambda row: row.convention.number, 14),
    Column("Entreprise", lambda row: row.convention.shown_company_name, 34),
    Column("Titre", lambda row: row.convention.title, 44),
    Column("État", lambda row: row.convention.state.label, 18),
    Column("Ont signé", lambda row: row.signed_names, 40),
    Column("Sont attendus", lambda row: row.awaited_names, 40),
    Column("Signée le", lambda row: row.convention.signed_on, 14),
    Column("Lieu de signature", lambda row: row.convention.signed_place, 22),
    Column("Code de vérification", lambda row: printed(row.code) if row.code else "", 20),
    Column("Cérémonie", lambda row: row.event.name, 34),
    Column("Date de la cérémonie", lambda row: row.event.held_on, 18),
)
