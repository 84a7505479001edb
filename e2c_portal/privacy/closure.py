"""All the rows that belong to a record: the rules of retention say by which column each model follows another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.db.models import ForeignKey, Model

from e2c_portal.audit.forgetting import taken_away_from
from e2c_portal.kernel import retention
from e2c_portal.kernel.retention import SUBJECT

# model → keys of its rows
Found = dict[type[Model], set[Any]]
AT_ONCE = 2000


def closure_of(roots: Iterable[Model]) -> Found:
    """Return the records themselves and all that follows them, level after level."""
    found: Found = defaultdict(set)
    fresh: Found = defaultdict(set)
    for root in roots:
        fresh[type(root)].add(root.pk)
    while fresh:
        for model, keys in fresh.items():
            found[model] |= keys
        following: Found = defaultdict(set)
        for model, keys in fresh.items():
            for follower, more in _followers(model, keys):
                following[follower] |= more - found[follower]
        fresh = {model: keys for model, keys in following.items() if keys}
    return {model: keys for model, keys in found.items() if keys}


def _followers(model: type[Model], keys: set[Any]) -> Iterator[tuple[type[Model], set[Any]]]:
    followers = list(followers_of(model))
    for some in _some(keys):
        names = {f"{model._meta.label_lower}:{key}" for key in some}
        # What speaks of a line that was taken away from a record goes with the record.
        names |= taken_away_from(names)
        for follower, column in followers:
            rows = follower._base_manager.order_by()
            named = names if column == SUBJECT else some
            yield follower, set(rows.filter(**{f"{column}__in": named}).values_list("pk", flat=True))


def _some(keys: set[Any]) -> Iterator[list[Any]]:
    left = iter(sorted(keys, key=str))
    while some := list(islice(left, AT_ONCE)):
        yield some


def followers_of(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Yield the models that follow this one, each with the column that names it."""
    for rule in retention.all_rules():
        for column in rule.follows:
            if (
                column == SUBJECT
                and _is_text(rule.model_class)
                or column != SUBJECT
                and rule.model_class._meta.get_field(column).related_model is model
            ):
                yield rule.model_class, column


def _is_text(model: type[Model]) -> bool:
    return not model._meta.get_field(SUBJECT).is_relation


def owners_in(found: Found, model: type[Model], keys: set[Any]) -> Iterator[tuple[type[Model], set[Any]]]:
    """Yield the rows of `found` to which these rows point: they cannot go while these stay."""
    for column in model._meta.concrete_fields:
        target = column.related_model
        if isinstance(column, ForeignKey) and target in found:
            named = set(model._base_manager.order_by().filter(pk__in=keys).values_list(column.attname, flat=True))
            yield target, named & found[target]  # type: ignore[index]


def labels_of(found: Found) -> dict[str, int]:
    """Return how many rows of each model: "app.Model" → number."""
    return {model._meta.label: len(keys) for model, keys in sorted(found.items(), key=lambda item: item[0]._meta.label)}
