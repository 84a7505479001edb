"""What the lists of hosts, approaches, offers and visits give as files. Partial diffusion hides there what it hides to everybody."""

from e2c_portal.exports.lists import Column
from e2c_portal.kernel.identifiers import printed_number
from partnerships.diffusion import HIDDEN, exported_name, hides_address
from partnerships.models import Establishment
from trainees.models import YesNo
from trainees.reads.offers import state_of
from trainees.reads.visits import visit_state


def _sign(place: Establishment) -> str:
    return HIDDEN if hides_address(place) else place.name


def _address(place: Establishment) -> str:
    return HIDDEN if hides_address(place) else place.address


def _yes_no(value: str | None) -> str:
    return str(YesNo(value or "").label)


HOST_COLUMNS = (
    Column("Entreprise", lambda row: exported_name(row.company), 36),
    Column("Établissement", _sign, 30),
    Column("SIRET", lambda row: printed_number(row.siret), 20),
    Column("Adresse", _address, 34),
    Column("Code postal", lambda row: HIDDEN if hides_address(row) else row.postal_code, 12),
    Column("Ville", lambda row: row.city, 24),
    Column("Distance (km)", lambda row: None if row.km is None else round(row.km, 1), 12),
    Column("Stages accueillis (réseau)", lambda row: row.welcomes, 14),
    Column("Dont mon école", lambda row: row.welcomes_here, 14),
    Column("Dernier stage", lambda row: row.last_welcome, 14),
    Column("Convention en vigueur", lambda row: row.engaged, 14),
    Column("Place ouverte", lambda row: row.has_offer, 12),
    Column("Accueille des mineurs", lambda row: _yes_no(row.minors), 14),
)
APPROACH_COLUMNS = (
    Column("Date", lambda row: row.made_on, 12),
    Column("École", lambda row: row.school.name, 26),
    Column("Entreprise", lambda row: exported_name(row.establishment.company), 36),
    Column("Ville", lambda row: row.establishment.city, 22),
    Column("Avec", lambda row: row.contact.full_name if row.contact else "", 26),
    Column("Pour", lambda row: row.trainee.sorted_name if row.trainee else "", 26),
    Column("Métier", lambda row: str(row.trade or ""), 34),
    Column("Comment", lambda row: row.get_means_display(), 20),
    Column("Réponse", lambda row: row.get_answer_display(), 20),
    Column("Ce qui s’est dit", lambda row: row.note, 50),
    Column("Prochaine action", lambda row: row.next_action, 34),
    Column("Pour le", lambda row: row.next_on, 12),
    Column("Fait le", lambda row: row.settled_on, 12),
    Column("Faite par", lambda row: str(row.made_by), 24),
)
OFFER_COLUMNS = (
    Column("Métier", lambda row: row.trade.label, 36),
    Column("Code ROME", lambda row: row.trade.code, 12),
    Column("Entreprise", lambda row: exported_name(row.establishment.company), 36),
    Column("Ville", lambda row: row.establishment.city, 22),
    Column("À partir du", lambda row: row.starts_on, 12),
    Column("Jusqu’au", lambda row: row.ends_on, 12),
    Column("Places", lambda row: row.places, 8),
    Column("Places restantes", lambda row: row.left, 10),
    Column("Ouvert aux mineurs", lambda row: _yes_no(row.takes_minors), 14),
    Column("Ce qui est demandé", lambda row: row.prerequisites, 50),
    Column("État", lambda row: state_of(row).label, 12),
    Column("Recueillie par", lambda row: row.school.name if row.school else "", 26),
    Column("Enregistrée le", lambda row: row.recorded_at, 18),
)
VISIT_COLUMNS = (
    Column("Prévue le", lambda row: row.planned_on, 12),
    Column("École", lambda row: row.school.name, 26),
    Column("Stagiaire", lambda row: row.internship.trainee.sorted_name, 28),
    Column("Entreprise", lambda row: exported_name(row.internship.establishment.company), 36),
    Column("Tuteur", lambda row: row.internship.tutor.full_name if row.internship.tutor else "", 26),
    Column("Par", lambda row: str(row.visitor), 24),
    Column("Comment", lambda row: row.get_mode_display(), 20),
    Column("État", lambda row: visit_state(row).label, 12),
    Column("Faite le", lambda row: row.done_on, 12),
    Column("Compte rendu", lambda row: row.report, 60),
    Column("Suite à donner", lambda row: row.next_step, 34),
)
