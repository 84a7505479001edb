"""Write and remove what sources told of an edition: each fact with its source, never among the figures of the portal."""

from django.db import transaction

from assises.models import Edition, ToldFact
from assises.operations.editions import require_preparing
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from trainees.operations.moving import save_or_refuse


@transaction.atomic
def tell_fact(fact: ToldFact, actor: User) -> ToldFact:
    """Write a fact with its source. Raises NotAllowed, Refused for a fact without source or already written from it."""
    require_preparing(actor)
    edition = Edition.objects.select_for_update().get(pk=fact.edition_id)
    fact.written_by = actor
    fact.position = edition.told_facts.count() + 1
    save_or_refuse(fact)
    record(actor, "told_fact.added", edition, f"Fait rapporté : {fact}", source=fact.source)
    return fact


@transaction.atomic
def remove_fact(edition_id: int, fact_id: int, actor: User) -> None:
    """Remove a fact; the reports already frozen keep it. Removed twice, it is removed once. Raises NotAllowed."""
    require_preparing(actor)
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    fact = edition.told_facts.filter(pk=fact_id).first()
    if fact is not None:
        record(actor, "told_fact.removed", edition, f"Fait retiré : {fact}", source=fact.source)
        fact.delete()
