"""What the database refuses is told in French, with what to do: never by the name of a constraint, in a form or in the admin."""

from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db.models import BaseConstraint, CheckConstraint, F, Field, Model, UniqueConstraint
from django.db.models.expressions import BaseExpression
from django.forms import ModelForm
from django.test import RequestFactory
from django.urls import get_resolver

from e2c_portal.accounts.models import User
from schools.models import Membership, School, Site
from tests.house.source import PACKAGES

BUSINESS = {"schools", "partnerships", "trainees", "assises"}
# Rows that nobody writes by a form, nor by an operation that a form calls: their constraints refuse the portal alone.
NEVER_TYPED = {
    "partnerships.SireneImport": "written by the reading of a file",
    "partnerships.SireneImportLine": "written by the reading of a file",
    "trainees.TraineeImport": "written by the reading of a file",
    "trainees.TraineeImportLine": "written by the reading of a file",
    "trainees.Commune": "loaded from a file, checked line by line before",
    "trainees.SkillTally": "counted by the portal",
    "trainees.SkillsCredential": "signed by the portal",
    "trainees.LikelyDouble": "found by the portal",
    "trainees.DoublesSearch": "found by the portal",
    "assises.Scan": "written by a scan, whose every refusal is a word of its own",
    "assises.BadgeSheet": "drawn by the portal",
    "assises.EditionReport": "counted by the portal",
}
# Said by the model on a field before its constraint is asked: a test below breaks each of them.
SAID_BEFORE = {
    "school_siret_once", "site_postal_code", "membership_once_at_a_time", "membership_ends_after_it_starts",
}  # fmt: skip


def test_each_constraint_that_somebody_may_break_says_what_to_do() -> None:
    silent = [
        f"{model._meta.label}: {rule.name}"
        for model in reached()
        for rule in model._meta.constraints
        if _names_itself(rule, model)
    ]
    assert [name for name in silent if name.split(": ")[1] not in SAID_BEFORE] == []


def test_what_a_constraint_says_is_a_sentence() -> None:
    rules = {
        rule.name: str(rule.violation_error_message)
        for model in reached()
        for rule in model._meta.constraints
        if _speaks(rule)
    }
    assert [name for name, said in rules.items() if not said.endswith((".", "…")) or not said[0].isupper()] == []


def test_each_exception_is_still_one() -> None:
    known = {model._meta.label: model for model in apps.get_models()}
    assert set(NEVER_TYPED) <= set(known)
    assert not {known[label] for label in NEVER_TYPED} & set(_shown_by_forms())
    left = {rule.name for model in reached() for rule in model._meta.constraints if _names_itself(rule, model)}
    assert left == SAID_BEFORE


def reached() -> list[type[Model]]:
    """Return our models that a form or the admin can reach: those of their pages, and all those of the business floors but a few."""
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in PACKAGES]
    shown = set(_shown_by_forms())
    return [
        model for model in ours
        if model in shown or model._meta.app_label in BUSINESS and model._meta.label not in NEVER_TYPED
    ]  # fmt: skip


def _shown_by_forms() -> Iterator[type[Model]]:
    """Yield the models of every form, and of every page of the admin where somebody may write, its lines included."""
    # Whatever an address leads to is imported, its forms included.
    assert get_resolver().url_patterns
    for form in _below(ModelForm):
        if meta := getattr(form, "_meta", None):
            yield from [meta.model] if meta.model else []
    request: Any = RequestFactory().get("/")
    # Somebody with every right: what nobody may change is not reached.
    request.user = SimpleNamespace(is_active=True, has_perm=lambda *_: True, has_module_perms=lambda *_: True)
    for model, page in admin.site._registry.items():
        if type(page).has_change_permission(page, request) or type(page).has_add_permission(page, request):
            yield model
            yield from (line.model for line in page.inlines)


def _below(parent: type[Any]) -> Iterator[type[Any]]:
    for child in parent.__subclasses__():
        yield child
        yield from _below(child)


def _speaks(rule: BaseConstraint) -> bool:
    return rule.violation_error_message != rule.default_violation_error_message


def _names_itself(rule: BaseConstraint, model: type[Model]) -> bool:
    """Say whether breaking a constraint would show its name."""
    if _speaks(rule):
        return False
    if isinstance(rule, UniqueConstraint) and rule.fields and rule.condition is None:
        # Django says which fields, by their French names.
        return False
    if isinstance(rule, CheckConstraint | ExclusionConstraint | UniqueConstraint):
        return not _only_repeats_the_choices(rule, model)
    return True


def _only_repeats_the_choices(rule: BaseConstraint, model: type[Model]) -> bool:
    """Say whether a constraint only lists the choices of one field, which refuses the others by itself and first."""
    if not isinstance(rule, CheckConstraint):
        return False
    named = {str(path) for path in _paths(rule.condition)}
    columns = {path.split("__")[0] for path in named}
    if len(columns) != 1 or not named <= {f"{column}__in" for column in columns}:
        return False
    field: Field = model._meta.get_field(columns.pop())  # type: ignore[assignment]
    [(_, listed)] = rule.condition.children  # type: ignore[union-attr]
    return {value for value, _ in field.flatchoices} <= set(listed)


def _paths(condition: Any) -> Iterator[str]:
    if isinstance(condition, tuple):
        yield condition[0]
    elif isinstance(condition, F | BaseExpression):
        yield "an expression"
    else:
        for child in condition.children:
            yield from _paths(child)


@pytest.mark.django_db
def test_what_the_model_says_first_is_never_the_name_of_a_rule(
    school: School, other_school: School, coordinator: User
) -> None:
    known = Membership.objects.get(user=coordinator, school=school)
    other_school.siret = "13002526500013"
    other_school.save()
    school.siret = other_school.siret
    broken: list[tuple[Model, str, str]] = [
        (school, "siret", "porte déjà ce SIRET"),
        (Site(school=school, name="Annexe", postal_code="340"), "postal_code", "cinq chiffres"),
        (Membership(user=coordinator, school=school, role=known.role), "role", "déjà ce rôle"),
        (
            Membership(user=coordinator, school=school, role="referent", starts_on=date(2026, 9, 2), ends_on=date(2026, 9, 1)),
            "ends_on", "avant d’être arrivée",
        ),
    ]  # fmt: skip
    for row, field, words in broken:
        told = _refusal(row.full_clean)
        assert list(told) == [field]
        assert words in told[field][0]


def _refusal(check: Callable[[], None]) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        check()
    return refused.value.message_dict
