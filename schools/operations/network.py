"""Write the network: its name, its schools, their sites, and who works there."""

from dataclasses import asdict, dataclass, field
from datetime import date

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from schools.models import Membership, Network, School, Site
from schools.permissions import SchoolPermission


@dataclass(frozen=True)
class SiteFacts:
    """What is known of a site; unknown facts stay empty."""

    name: str
    address: str = ""
    postal_code: str = ""
    city: str = ""
    places: int | None = None
    opened_year: int | None = None


@dataclass(frozen=True)
class SchoolFacts:
    """What is known of a school; unknown facts stay empty."""

    name: str
    slug: str
    department: str = ""
    operator: str = ""
    siret: str = ""
    opened_year: int | None = None
    facts: str = ""
    sources: str = ""
    sites: tuple[SiteFacts, ...] = field(default=())


@transaction.atomic
def name_network(name: str, region_name: str, region_address: str, actor: User) -> Network:
    """Create the network of this portal. Raises NotAllowed, and Refused when there is one already."""
    _require(actor, SchoolPermission.CHANGE_NETWORK)
    if Network.objects.exists():
        raise Refused("Ce portail a déjà un réseau : modifiez-le au lieu d’en créer un second.")
    network = Network(name=name, region_name=region_name, region_address=region_address)
    network.full_clean()
    network.save()
    record(actor, "network.named", network, f"Réseau créé : {name}")
    return network


@transaction.atomic
def add_school(network: Network, facts: SchoolFacts, actor: User) -> School:
    """Add a school and its sites. Raises NotAllowed, ValidationError."""
    _require(actor, SchoolPermission.ADD_SCHOOL)
    values = asdict(facts)
    sites = values.pop("sites")
    school = School(network=network, **values)
    school.full_clean()
    school.save()
    for site in sites:
        row = Site(school=school, **site)
        row.full_clean()
        row.save()
    record(actor, "school.added", school, f"École ajoutée : {school.name}")
    return school


@transaction.atomic
def add_member(school: School, person: User, role: str, actor: User, starts_on: date) -> Membership:
    """Say that somebody works in a school from a date. Raises NotAllowed, ValidationError."""
    _require(actor, SchoolPermission.ADD_MEMBERSHIP)
    membership = Membership(school=school, user=person, role=role, starts_on=starts_on)
    membership.full_clean()
    membership.save()
    record(actor, "membership.added", membership, f"{person} rejoint {school.name}")
    return membership


def _require(actor: User, permission: SchoolPermission) -> None:
    if not actor.has_perm(permission):
        raise NotAllowed("Seul un chargé de mission régional peut modifier le réseau.")
