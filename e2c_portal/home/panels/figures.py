"""« Vos chiffres »: a few figures of the year, of the school or of the network, each opening its rows.

The numbers and their rules are those of the figures page: nothing is counted here.
"""

from e2c_portal.accounts.models import Role
from e2c_portal.figures import places
from e2c_portal.figures.core import INDICATORS, figures_by_place, figures_of
from e2c_portal.figures.core import Figure as Counted
from e2c_portal.figures.permissions import FigurePermission
from e2c_portal.home.panels.desk import COMPANIES, LEADS, Desk
from e2c_portal.home.panels.page import Figure

OF_THE_NETWORK = ("accueillis", "sorties-positives", "conventions", "stages", "entreprises", "attestations")
OF_WHO_LEADS = ("accueillis", "entrees", "sorties-positives", "stages", "temps-entreprise", "attestations")
OF_COMPANIES = ("stages", "entreprises", "duree-stages", "temps-entreprise")
OF_WHO_TEACHES = ("accueillis", "stages", "temps-entreprise", "competences")
OF_SEVERAL, SCHOOLS_SHOWN = ("accueillis", "stages"), 3


def figures_on(desk: Desk) -> list[Figure]:
    """Return the figures of this year for a person: of the network for a network role, else of their school.

    Nothing for the data officer, whose work is not counted by them.
    """
    if desk.user.role == Role.DATA_OFFICER or not desk.may(FigurePermission.VIEW):
        return []
    if len(desk.schools) > 1:
        return _school_by_school(desk)
    place = places.network() if desk.scope.whole_network else places.school(desk.schools[0])
    wanted = [INDICATORS[key] for key in _keys_of(desk)]
    return [_shown(figure) for figure in figures_of(desk.today.year, place, desk.user, wanted)]


def _school_by_school(desk: Desk) -> list[Figure]:
    """The same two figures of each school, for whoever works in several: rows are read in one school at a time."""
    own = [places.school(school) for school in desk.schools[:SCHOOLS_SHOWN]]
    found = [figures_by_place(INDICATORS[key], desk.today.year, own, desk.user) for key in OF_SEVERAL]
    return [
        Figure(f"{figure.indicator.title}, {figure.place.label}", figure.words, figure.rows_url)
        for pair in zip(*found, strict=True) for figure in pair
    ]  # fmt: skip


def _keys_of(desk: Desk) -> tuple[str, ...]:
    if desk.scope.whole_network:
        return OF_THE_NETWORK
    if desk.holds(LEADS):
        return OF_WHO_LEADS
    return OF_COMPANIES if desk.holds(COMPANIES) else OF_WHO_TEACHES


def _shown(figure: Counted) -> Figure:
    return Figure(figure.indicator.title, figure.words, figure.rows_url, figure.basis)
