"""What the lists of partnerships give as files: each column is declared here once, for every format."""

from e2c_portal.documents.codes import printed
from e2c_portal.exports.lists import Column
from e2c_portal.kernel.identifiers import printed_number
from partnerships.diffusion import HIDDEN, exported_address, exported_name, hides_name, without_name
from partnerships.models import PartnershipConvention, SireneImportLine
from partnerships.sirene_sheet import changes_in_a_cell, name_in
from partnerships.situation import SITUATIONS


def _company(convention: PartnershipConvention) -> str:
    return exported_name(convention.company, convention.printed_name)


def _title(convention: PartnershipConvention) -> str:
    return without_name(convention.title, convention.company, convention.printed_name)


def _changes(line: SireneImportLine) -> str:
    return HIDDEN if line.company and hides_name(line.company) else changes_in_a_cell(line)


def _of_line(column: Column) -> Column:
    """Read the column of a delivery in a line of its promise's page."""
    return Column(column.title, lambda line: column.value(line.delivery), column.width)


CONVENTION_COLUMNS = (
    Column("Numéro", lambda row: row.number, 14),
    Column("Entreprise", _company, 34),
    Column("SIREN", lambda row: printed_number(row.company.siren), 14),
    Column("Titre", _title, 44),
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
PROMISE_COLUMNS = (
    Column("Entreprise", lambda row: _company(row.progress.convention), 34),
    Column("SIREN", lambda row: printed_number(row.progress.convention.company.siren), 14),
    Column("Convention", lambda row: row.progress.convention.number, 14),
    Column("Engagement", lambda row: row.progress.kind_label, 28),
    Column("Précision", lambda row: row.progress.promise.description, 40),
    Column("Cible", lambda row: row.progress.target, 10),
    Column("Unité", lambda row: row.progress.unit, 16),
    Column("Période imprimée", lambda row: row.progress.promise.period, 20),
    Column("Se compte", lambda row: row.progress.rhythm_label, 22),
    Column("Du", lambda row: row.span and row.span.starts_on, 12),
    Column("Au", lambda row: row.span and row.span.ends_on, 12),
    Column("Réalisé", lambda row: row.progress.delivered, 10),
    Column("Dont d’après le portail", lambda row: row.span and row.span.counted, 14),
    Column("Dont déclaré", lambda row: row.span and row.span.declared, 12),
    Column("À confirmer", lambda row: row.progress.waiting, 12),
    Column("Attendu à ce jour", lambda row: row.progress.expected, 14),
    Column("Taux (%)", lambda row: None if row.progress.ratio is None else round(row.progress.ratio * 100), 10),
    Column("État", lambda row: row.progress.standing.label, 22),
    Column("Réalisé depuis le début", lambda row: row.progress.total, 14),
    Column("Partenaire en sommeil", lambda row: row.asleep, 14),
)
DELIVERY_COLUMNS = (
    Column("Entreprise", lambda row: _company(row.convention), 34),
    Column("Convention", lambda row: row.convention.number, 14),
    Column("Engagement n°", lambda row: row.key, 14),
    Column("Date", lambda row: row.delivered_on, 12),
    Column("Quantité", lambda row: row.quantity, 10),
    Column("Ce qui a été fait", lambda row: row.description, 60),
    Column("Dit par", lambda row: row.told_by, 34),
    Column("Dit le", lambda row: row.declared_at, 18),
    Column("Justificatif", lambda row: bool(row.proof), 12),
    Column("État", lambda row: row.state.label, 18),
    Column("Décidé par", lambda row: str(row.decided_by or ""), 26),
    Column("Annulé par", lambda row: str(row.cancelled_by or ""), 26),
    Column("Motif", lambda row: row.reason, 44),
)
# The rows of one promise are read against the dates of its convention.
PROMISE_DELIVERY_COLUMNS = (
    *(_of_line(column) for column in DELIVERY_COLUMNS),
    Column("Compte", lambda line: line.counts, 10),
)
ACTION_COLUMNS = (
    Column("Action", lambda row: row.description, 60),
    Column("Qui", lambda row: row.who, 26),
    Column("Pour le", lambda row: row.due_on, 12),
    Column("Décidée le", lambda row: row.meeting.held_on, 12),
    Column("Convention", lambda row: row.meeting.convention.number, 14),
    Column("Entreprise", lambda row: _company(row.meeting.convention), 34),
)
SIRENE_COLUMNS = (
    Column("Ligne", lambda line: line.number, 8),
    Column("Entreprise", lambda line: exported_name(line.company) if line.company else name_in(line), 40),
    Column("SIREN ou SIRET", lambda line: printed_number(line.siret or line.siren), 20),
    Column("Action", lambda line: line.get_action_display(), 18),
    Column("Résultat", lambda line: line.get_outcome_display(), 16),
    Column("Changements", _changes, 70),
    Column("Remarque", lambda line: " ".join(filter(None, (line.reason, line.told))), 50),
)
EVENT_COLUMNS = (
    Column("Cérémonie", lambda row: row.name, 40),
    Column("Date", lambda row: row.held_on, 12),
    Column("Lieu", lambda row: row.place, 30),
    Column("Ville", lambda row: row.city, 22),
    Column("Au programme", lambda row: row.listed, 14),
    Column("Signées ce jour-là", lambda row: row.signed, 14),
)
REQUEST_COLUMNS = (
    Column("Numéro", lambda row: row.reference, 10),
    Column("Entreprise", lambda row: exported_name(row.company), 34),
    Column("Demandée par", lambda row: row.contact.full_name, 26),
    Column("Demande", lambda row: row.get_kind_display(), 34),
    Column("Convention", lambda row: row.convention.number if row.convention else "", 14),
    Column("Texte", lambda row: row.text, 60),
    Column("Reçue le", lambda row: row.received_at, 18),
    Column("État", lambda row: row.state.label, 12),
    Column("Réponse", lambda row: row.answer, 60),
    Column("Traitée par", lambda row: str(row.handled_by or ""), 26),
    Column("Traitée le", lambda row: row.handled_at, 18),
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
CEREMONY_COLUMNS = (
    Column("Ordre", lambda row: row.position, 8),
    Column("Numéro", lambda row: row.convention.number, 14),
    Column("Entreprise", lambda row: _company(row.convention), 34),
    Column("Titre", lambda row: _title(row.convention), 44),
    Column("État", lambda row: row.convention.state.label, 18),
    Column("Ont signé", lambda row: row.signed_names, 40),
    Column("Sont attendus", lambda row: row.awaited_names, 40),
    Column("Signée le", lambda row: row.convention.signed_on, 14),
    Column("Lieu de signature", lambda row: row.convention.signed_place, 22),
    Column("Code de vérification", lambda row: printed(row.code) if row.code else "", 20),
    Column("Cérémonie", lambda row: row.event.name, 34),
    Column("Date de la cérémonie", lambda row: row.event.held_on, 18),
)
