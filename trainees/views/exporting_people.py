"""The lists of people that leave as files: the columns of exports/people.py with the rows that the pages show."""

from e2c_portal.exports.lists import Listing, register
from trainees.exports.people import DOUBLE_COLUMNS, FOLLOW_UP_COLUMNS, LIMIT_COLUMNS, TRAINEE_COLUMNS, TRANSFER_COLUMNS
from trainees.views.exits import follow_ups_on_screen
from trainees.views.limits import limits_on_screen
from trainees.views.people import doubles_on_screen, trainees_on_screen
from trainees.views.transfers import transfers_on_screen


def register_lists() -> None:
    """Register the lists of trainees, follow-ups, transfers and limits."""
    register(Listing("stagiaires", "Stagiaires", TRAINEE_COLUMNS, trainees_on_screen))
    register(Listing("suivis", "Suivis après la sortie, à faire", FOLLOW_UP_COLUMNS, follow_ups_on_screen))
    register(Listing("transferts", "Transferts entre écoles", TRANSFER_COLUMNS, transfers_on_screen))
    register(Listing("doublons", "Doublons probables", DOUBLE_COLUMNS, doubles_on_screen))
    register(Listing("limites-legales", "Limites légales", LIMIT_COLUMNS, limits_on_screen, personal=False))
