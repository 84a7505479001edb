"""Load the network and its schools through the portal's own operations."""

from dataclasses import replace

from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.schools_facts import NETWORK_NAME, REGION_ADDRESS, REGION_NAME, SCHOOLS
from e2c_portal.kernel.french import typeset
from schools.models import School
from schools.operations.network import add_school, name_network
from schools.queries import current_network


def load_network(actor: User) -> int:
    """Name the network and add the schools that are missing. Returns how many were added."""
    network = current_network() or name_network(typeset(NETWORK_NAME), typeset(REGION_NAME), REGION_ADDRESS, actor)
    known = set(School.objects.filter(network=network).values_list("slug", flat=True))
    missing = [school for school in SCHOOLS if school.slug not in known]
    for school in missing:
        facts = replace(school, name=typeset(school.name), facts=typeset(school.facts), sources=typeset(school.sources))
        add_school(network, facts, actor)
    return len(missing)
