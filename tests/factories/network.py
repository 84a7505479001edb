"""Network, schools and staff of the tests, made by the real operations."""

from datetime import date
from itertools import count

from e2c_portal.accounts.models import User
from schools.models import Membership, Network, School
from schools.operations import network as operations
from schools.queries import current_network
from tests.factories.people import person

_numbers = count(1)


def network_of(actor: User) -> Network:
    """Return the network of the portal, named at the first call."""
    return current_network() or operations.name_network(
        "Écoles de la 2e chance des essais", "Région des essais", "1 place du Conseil\n34000 Montpellier", actor
    )


def school_named(name: str, actor: User, *sites: operations.SiteFacts) -> School:
    """Add a school to the network."""
    facts = operations.SchoolFacts(name=name, slug=f"ecole-{next(_numbers)}", department="34", sites=sites)
    return operations.add_school(network_of(actor), facts, actor)


def member_of(school: School, actor: User, full_name: str = "", role: str = Membership.Role.COORDINATOR) -> User:
    """Create somebody who works in `school` since the first of January 2020."""
    member = person(full_name)
    operations.add_member(school, member, role, actor, date(2020, 1, 1))
    return member
