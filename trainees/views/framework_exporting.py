"""The lists of skills that leave as files: the columns of exports with the rows that the pages show."""

from e2c_portal.exports.lists import Listing, register
from trainees.exports.frameworks import FRAMEWORK_COLUMNS
from trainees.exports.skill_figures import COVERAGE_COLUMNS, FIGURE_COLUMNS, SKILL_ROW_COLUMNS
from trainees.views.frameworks import frameworks_on_screen
from trainees.views.skill_figures import coverage_on_screen, figures_on_screen, rows_on_screen


def register_lists() -> None:
    """Register the lists of these pages."""
    register(
        Listing("referentiels-competences", "Référentiels", FRAMEWORK_COLUMNS, frameworks_on_screen, personal=False)
    )
    register(
        Listing(
            "couverture-referentiels",
            "Couverture des référentiels",
            COVERAGE_COLUMNS,
            coverage_on_screen,
            personal=False,
        )
    )
    register(
        Listing("chiffres-competences", "Chiffres des compétences", FIGURE_COLUMNS, figures_on_screen, personal=False)
    )
    register(Listing("lignes-competences", "Compétences ligne à ligne", SKILL_ROW_COLUMNS, rows_on_screen))
