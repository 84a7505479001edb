import pytest

from e2c_portal.figures import core, places, refreshing
from e2c_portal.figures.core import INDICATORS
from tests.factories.trainees import pathway_of, trainee_in

pytestmark = pytest.mark.django_db


def test_first(school, coordinator, officer):
    t = trainee_in(school, coordinator, gender="F")
    pathway_of(t, coordinator)
    net = places.network()
    for f in core.figures_of(2026, net, officer):
        print(f.indicator.key, f.words, f.basis, f.rows_url)
    refreshing.count_all()
    for f in core.figures_of(2026, net, officer):
        print(f.indicator.key, f.words, f.basis, f.rows_url)
    assert core.rows_of(INDICATORS["accueillis"], 2026, net).count() == 1
