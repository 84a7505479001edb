"""A network of three schools in two departments, and its figures."""

import pytest

from e2c_portal.accounts.models import User
from schools.models import School
from tests.factories.network import school_named


@pytest.fixture
def three_schools(officer: User) -> list[School]:
    """Three schools: two in the Hérault, one in the Gard."""
    schools = [school_named(f"École des vies {rank}", officer) for rank in range(3)]
    School.objects.filter(pk=schools[2].pk).update(department="30")
    return list(School.objects.filter(pk__in=[school.pk for school in schools]).order_by("pk"))
