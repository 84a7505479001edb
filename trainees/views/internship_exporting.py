"""The list of internships that leaves as a file: the columns of exports with the rows that the page shows."""

from e2c_portal.exports.lists import Listing, register
from trainees.exports.internships import INTERNSHIP_COLUMNS
from trainees.views.internships import internships_on_screen


def register_lists() -> None:
    """Register the list of the page."""
    register(Listing("stages", "Stages", INTERNSHIP_COLUMNS, internships_on_screen))
