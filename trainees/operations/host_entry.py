"""Record a host met for an internship, in one go: the company, the place, who will follow the trainee there and who signs."""

from dataclasses import dataclass

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.submissions import Sending, once
from partnerships.models import Company, CompanyContact, Establishment
from partnerships.operations.companies import save_record


@dataclass(frozen=True)
class NewHost:
    """What is known of a host the first day; the company exists already when it has another place in the portal."""

    company: Company
    place: Establishment
    people: tuple[CompanyContact, ...] = ()


@transaction.atomic
def register_host(host: NewHost, actor: User, *, sending: Sending | None = None) -> Establishment:
    """Record a company (unless it is known), one of its places and its people; a form sent twice gives back the same place.

    Raises NotAllowed, AlreadySent, Refused for a company merged into another, ValidationError by field.
    """
    return once(sending, actor, Establishment, lambda: _registered(host, actor))


def _registered(host: NewHost, actor: User) -> Establishment:
    company = host.company
    if company.pk is None:
        save_record(company, actor)
    elif company.merged_into_id:
        raise Refused("Cette fiche d’entreprise a été réunie à une autre : cherchez de nouveau l’entreprise.")
    host.place.company = company
    place = save_record(host.place, actor)
    for person in host.people:
        person.company, person.establishment = company, place
        save_record(person, actor)
    return place
