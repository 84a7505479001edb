"""The lists of hosts that leave as files: the columns of exports.hosting with the rows that the pages show."""

from e2c_portal.exports.lists import Listing, register
from trainees.exports.hosting import APPROACH_COLUMNS, HOST_COLUMNS, OFFER_COLUMNS, VISIT_COLUMNS
from trainees.views.approaches import approaches_on_screen
from trainees.views.hosts import hosts_on_screen
from trainees.views.offers import offers_on_screen
from trainees.views.visits import visits_on_screen


def register_lists() -> None:
    """Register the lists of this part."""
    register(Listing("accueils", "Entreprises d’accueil", HOST_COLUMNS, hosts_on_screen))
    register(Listing("demarches", "Démarches auprès des entreprises", APPROACH_COLUMNS, approaches_on_screen))
    register(Listing("offres-de-stage", "Offres de stage", OFFER_COLUMNS, offers_on_screen))
    register(Listing("visites", "Visites aux tuteurs", VISIT_COLUMNS, visits_on_screen))
