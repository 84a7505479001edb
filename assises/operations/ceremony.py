"""The signing ceremony of an edition: prepared from the edition itself, on its day and in its place."""

from django.db import transaction

from assises.models import Edition
from assises.operations.editions import require_preparing
from assises.operations.places import hold_edition
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from partnerships.models import SigningEvent
from partnerships.operations.ceremonies import plan_ceremony


@transaction.atomic
def prepare_ceremony(edition_id: int, actor: User) -> SigningEvent:
    """Return the ceremony of an edition, made with its name, day and place unless it has one: pressing twice makes one.

    Raises NotAllowed, ValidationError for a day that is over.
    """
    require_preparing(actor)
    edition: Edition = hold_edition(edition_id)
    if edition.ceremony is None:
        event = SigningEvent(name=edition.name, held_on=edition.held_on, place=edition.place, city=edition.city)
        edition.ceremony = plan_ceremony(event, actor)
        edition.save(update_fields=["ceremony"])
        record(actor, "edition.ceremony", edition, "Cérémonie de signature préparée")
    return edition.ceremony
