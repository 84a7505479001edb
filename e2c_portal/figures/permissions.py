"""The rights on figures: read them, open the rows behind them, publish them in the name of the Région."""

from enum import StrEnum

import rules

from e2c_portal.accounts.permissions import is_regional_officer
from trainees.permissions import reads_the_school


class FigurePermission(StrEnum):
    VIEW = "figures.view_figures"
    VIEW_ROWS = "figures.view_rows"
    PUBLISH = "figures.publish"


RULES = {
    # Numbers of the whole network, small ones hidden, for whoever works in a school of it; all of them for the Région.
    FigurePermission.VIEW: reads_the_school,
    FigurePermission.VIEW_ROWS: reads_the_school,
    FigurePermission.PUBLISH: is_regional_officer,
}
for name, rule in RULES.items():
    rules.add_perm(name, rule)


def reads_figures(user: object) -> bool:
    """Show the figures in the menu of those who may read them."""
    return bool(getattr(user, "is_authenticated", False)) and user.has_perm(FigurePermission.VIEW)  # type: ignore[attr-defined]
