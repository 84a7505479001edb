"""The lists of presences that leave as files: the columns of exports with the rows that the pages show."""

from e2c_portal.exports.lists import Listing, register
from trainees.exports.attendance import (
    ABSENCE_COLUMNS,
    ACCIDENT_COLUMNS,
    LINE_COLUMNS,
    REPORT_COLUMNS,
    STATEMENT_COLUMNS,
)
from trainees.views.absences import absences_on_screen, reports_on_screen
from trainees.views.accidents import accidents_on_screen
from trainees.views.statements import lines_on_screen, statements_on_screen


def register_attendance_lists() -> None:
    """Register the lists of presences, accidents and monthly statements."""
    register(Listing("absences", "Absences", ABSENCE_COLUMNS, absences_on_screen))
    register(Listing("signalements-tuteurs", "Signalements des tuteurs", REPORT_COLUMNS, reports_on_screen))
    register(Listing("accidents", "Accidents", ACCIDENT_COLUMNS, accidents_on_screen))
    register(Listing("etats-mensuels", "États mensuels de présence", STATEMENT_COLUMNS, statements_on_screen))
    register(Listing("etat-mensuel", "État mensuel de présence", LINE_COLUMNS, lines_on_screen))
