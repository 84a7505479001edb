"""How long each model is kept: one rule a model, declared by its app in `AppConfig.ready`. The register of processing reads them.

A rule says what is done (nothing, deletion, anonymisation, or « with the record it belongs to »), after how long, counted from
what, and on which ground. Where no source gives a duration, the rule says so and waits for the Région to set one
(`settings.RETENTION_DAYS`): until then nothing of it goes. Whoever carries the rules out stands above (e2c_portal.privacy).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model, QuerySet

# The column by which a record names another one without a foreign key: "app.model:id".
SUBJECT = "subject"


class Fate(StrEnum):
    """What becomes of the rows."""

    KEPT = "kept"
    FOLLOWS = "follows"
    DELETED = "deleted"
    ANONYMISED = "anonymised"


FATES = {
    Fate.KEPT: "Conservé",
    Fate.FOLLOWS: "Part avec la fiche dont il dépend",
    Fate.DELETED: "Supprimé",
    Fate.ANONYMISED: "Anonymisé",
}


@dataclass(frozen=True)
class Rule:
    """The rule of one model, "app.Model". All its sentences are French.

    `follows` names the foreign keys (or "subject") whose record takes the rows away with it. `due(limit)` returns the rows
    whose delay began before `limit`. `purge(held)` removes them by itself, those named in `held` aside, and returns how many;
    without it they are removed one batch after the other with all that follows them.
    `blank` gives the values that columns take when the row stays after its record: an anonymised row.
    `files` names the columns that hold the key of a stored file. `mentions` names the columns that may print the name of somebody to whom the row does not belong.
    """

    model: str
    fate: Fate
    rule: str
    basis: str
    follows: tuple[str, ...] = ()
    counted_from: str = ""
    delay: timedelta | None = None
    to_be_set: bool = False
    due: Callable[[datetime], "QuerySet[Any]"] | None = None
    purge: Callable[[Collection[str]], int] | None = None
    hourly: bool = False
    blank: Mapping[str, Any] = field(default_factory=dict)
    mentions: tuple[str, ...] = ()
    files: tuple[str, ...] = ("file",)

    @property
    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)

    @property
    def delay_today(self) -> timedelta | None:
        """The delay in force; None when nothing goes by itself, or when the Région has still to set it."""
        if self.to_be_set:
            days = settings.RETENTION_DAYS.get(self.model)
            return timedelta(days=int(days)) if days else None
        return self.delay

    @property
    def waits_for_the_region(self) -> bool:
        """Say whether the duration is still to be set."""
        return self.to_be_set and self.delay_today is None

    @property
    def goes_by_itself(self) -> bool:
        """Say whether rows go when their time has passed."""
        return self.due is not None and self.delay_today is not None


_rules: dict[str, Rule] = {}


def register(*rules: Rule) -> None:
    """Add the rules of an app. Raises ValueError when a model has two, or when a rule could not be carried out."""
    for rule in rules:
        if rule.model in _rules and _rules[rule.model] != rule:
            raise ValueError(f"{rule.model} has two retention rules")
        if rule.fate == Fate.FOLLOWS and not rule.follows:
            raise ValueError(f"{rule.model} follows nothing: name the foreign key")
        if not rule.rule or not rule.basis:
            raise ValueError(f"{rule.model}: a retention rule says what and why, in French")
        _rules[rule.model] = rule


def kept(model: str, rule: str, basis: str, **more: Any) -> Rule:
    """Return the rule of a model whose rows stay."""
    return Rule(model, Fate.KEPT, rule, basis, **more)


def following(basis: str, **columns: str) -> tuple[Rule, ...]:
    """Return the rules of models that go with the record a column names: `following("…", trainees__Exit="pathway")`."""
    return tuple(follows(name.replace("__", ".", 1), *column.split(), basis=basis) for name, column in columns.items())


def follows(model: str, *columns: str, basis: str, rule: str = "", **more: Any) -> Rule:
    """Return the rule of a model that goes with the record that one of its columns names."""
    return Rule(model, Fate.FOLLOWS, rule or "Avec la fiche dont il dépend.", basis, follows=columns, **more)


def rule_of(model: type[Model]) -> Rule | None:
    """Return the rule of a model, None when nobody declared one."""
    return _rules.get(model._meta.label)


def all_rules() -> list[Rule]:
    """Return every rule, by app then model."""
    return sorted(_rules.values(), key=lambda rule: rule.model)


def models_without_rule() -> list[str]:
    """Return the models that nobody gave a rule, "app.Model"."""
    return sorted(model._meta.label for model in apps.get_models() if model._meta.label not in _rules)


def unknown_settings() -> Iterable[str]:
    """Return the names in RETENTION_DAYS that no rule waits for."""
    return sorted(set(settings.RETENTION_DAYS) - {rule.model for rule in _rules.values() if rule.to_be_set})


def delay_words(delay: timedelta) -> str:
    """Return « 2 ans », « 30 jours », « 15 minutes »."""
    if delay < timedelta(days=1):
        minutes = round(delay.total_seconds() / 60)
        return f"{minutes}\N{NO-BREAK SPACE}minutes" if minutes else "aussitôt"
    if delay.days % 365 == 0:
        years = delay.days // 365
        return f"{years}\N{NO-BREAK SPACE}{'an' if years == 1 else 'ans'}"
    return f"{delay.days}\N{NO-BREAK SPACE}{'jour' if delay.days == 1 else 'jours'}"
