"""What is held, and what must stay because of it."""

from collections import defaultdict

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from e2c_portal.audit.trail import subject_of
from e2c_portal.privacy.closure import Found, closure_of, owners_in
from e2c_portal.privacy.models import LegalHold


def holds_in_force() -> QuerySet[LegalHold]:
    """Return the holds that hold today."""
    today = timezone.localdate()
    return LegalHold.objects.filter(Q(until=None) | Q(until__gte=today), lifted_at=None)


def held_subjects() -> frozenset[str]:
    """Return the names of the records held today."""
    return frozenset(holds_in_force().values_list("subject", flat=True))


def record_named(subject: str) -> Model | None:
    """Return the record that "app.model:id" names, None when it is gone or unknown."""
    label, _, key = subject.partition(":")
    try:
        return apps.get_model(label)._base_manager.get(pk=key)
    except (LookupError, ValueError, ObjectDoesNotExist):
        return None


def hold_on(record: Model) -> LegalHold | None:
    """Return the hold of a record, None when it is free."""
    return holds_in_force().filter(subject=subject_of(record)).select_related("placed_by").first()


def kept_by_holds(found: Found) -> Found:
    """Return the rows of `found` that must stay: what is held, all that follows it, and what those rows point to."""
    held = [
        record for subject in held_subjects()
        if (record := record_named(subject)) is not None and record.pk in found.get(type(record), ())
    ]  # fmt: skip
    kept: Found = defaultdict(set)
    fresh = {model: keys & found.get(model, set()) for model, keys in closure_of(held).items()}
    while fresh := {model: keys - kept[model] for model, keys in fresh.items() if keys - kept[model]}:
        following: Found = defaultdict(set)
        for model, keys in fresh.items():
            kept[model] |= keys
            for owner, named in owners_in(found, model, keys):
                following[owner] |= named
        fresh = dict(following)
    return {model: keys for model, keys in kept.items() if keys}
