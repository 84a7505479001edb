import pytest

from e2c_portal.figures import core, places, refreshing
from e2c_portal.figures.core import INDICATORS
from tests.factories.trainees import pathway_of, trainee_in

pytestmark = pytest.mark.django_db


def test_first(school, coordinator, officer):
    t = trainee_in(school, coordinator, gender="F")
    pathway_of(t, coordinator)
    net = places.network()
    for _f in core.figures_of(2026, net, officer):
        pass
    refreshing.count_all()
    for _f in core.figures_of(2026, net, officer):
        pass
    assert core.rows_of(INDICATORS["accueillis"], 2026, net).count() == 1
