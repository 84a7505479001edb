"""The database holds the rules that the models declare: all of them, switched on, in step with the workflows' tables."""

import re

import pytest
from django.apps import apps
from django.db import connection, models
from pgtrigger import registered

from e2c_portal.kernel.models import StateMove
from partnerships.models import PartnershipConvention
from partnerships.workflows import CONVENTION_LIFE

pytestmark = pytest.mark.django_db


def installed() -> dict[str, tuple[str, str]]:
    """Return each trigger of the database by name: its state ("O" is on) and the text of its function."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, t.tgenabled::text, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE t.tgname LIKE 'pgtrigger_%'"
        )
        return {name: (state, text) for name, state, text in cursor.fetchall()}


def test_every_declared_trigger_is_there_and_on() -> None:
    found = installed()
    declared = {trigger.get_pgid(model) for model, trigger in registered()}
    assert declared == set(found)
    assert {state for state, _ in found.values()} == {"O"}


def test_the_guard_of_conventions_is_the_table_of_their_workflow() -> None:
    [guard] = [text for name, (_, text) in installed().items() if "status_follows" in name and "'negotiation'" in text]
    pairs = re.findall(r"\('(\w+)', '(\w+)'\)", guard)
    assert sorted(pairs) == CONVENTION_LIFE.pairs()


def moves_of(model: type[models.Model]) -> list[type[models.Model]]:
    fields = model._meta.get_fields()
    related = [field.related_model for field in fields if isinstance(field, models.ManyToOneRel)]
    return [other for other in related if issubclass(other, StateMove)]


@pytest.mark.parametrize("model", [model for model in apps.get_models() if issubclass(model, StateMove)])
def test_the_rows_of_moves_are_never_rewritten(model: type[models.Model]) -> None:
    names = {trigger.name for of, trigger in registered() if of is model}
    assert {"immutable", "follows_a_change"} <= names


def test_what_has_moves_cannot_change_state_without_one() -> None:
    followed = [model for model in apps.get_models() if moves_of(model)]
    assert PartnershipConvention in followed
    for model in followed:
        names = {trigger.name for of, trigger in registered() if of is model}
        assert {
            "status_starts",
            "status_follows",
            "status_counts_its_moves",
            "status_leaves_a_move",
            "never_deleted",
        } <= names, model
