"""Keep the records of the network up to date, one at a time, with their trace."""

from typing import TypeVar

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.changes import changed_fields
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from schools.models import Membership, Network, School, Site

Row = TypeVar("Row", Network, School, Site, Membership)


@transaction.atomic
def save_record(row: Row, actor: User) -> Row:
    """Create or change the network, a school, a site or a membership.

    Raises NotAllowed, ValidationError with French messages by field, and Refused for a second network.
    """
    adding = row._state.adding
    _require(actor, row, adding)
    if adding and isinstance(row, Network) and Network.objects.exists():
        raise Refused("Ce portail a déjà un réseau : modifiez-le au lieu d’en créer un second.")
    row.full_clean()
    changed = changed_fields(row)
    row.save()
    verb = "Fiche créée" if adding else "Fiche modifiée : " + ", ".join(changed or ["aucun changement"])
    record(actor, f"{row._meta.model_name}.saved", row, verb, changed=changed)
    return row


def _require(actor: User, row: Row, adding: bool) -> None:
    verb = "add" if adding and not isinstance(row, Network) else "change"
    if not actor.has_perm(f"schools.{verb}_{row._meta.model_name}"):  # type: ignore[attr-defined]
        raise NotAllowed("Seul un chargé de mission régional peut modifier le réseau.")
