"""Carry the rules out: by night, in bounded batches, each in its own transaction. Stopped, it goes on the next time."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Model, QuerySet
from django.utils import timezone

from e2c_portal.kernel import retention
from e2c_portal.kernel.retention import SUBJECT, Rule, delay_words
from e2c_portal.privacy import notices
from e2c_portal.privacy.closure import closure_of
from e2c_portal.privacy.erasing import erase_people, erase_rows
from e2c_portal.privacy.holds import held_subjects
from e2c_portal.privacy.models import ErasureNotice
from e2c_portal.privacy.people import PersonKind, kind_of

logger = logging.getLogger(__name__)
BATCH = 100
ROWS_AT_ONCE = 1000
BATCHES_A_NIGHT = 10_000
# What a task does at one go: it has a minute, and comes back every ten minutes of the night.
BATCHES_A_TURN = 5


@dataclass(frozen=True)
class Line:
    """What a rule does now: how many rows, and a French sentence. It names nobody."""

    model: str
    label: str
    number: int
    sentence: str


def due_rows(rule: Rule) -> "QuerySet[Model]":
    """Return the rows of a rule whose time has passed, the held ones aside, the oldest first."""
    rows: QuerySet[Model] = rule.model_class._base_manager.none()
    if rule.due is not None:
        rows = rule.due(timezone.now() - (rule.delay_today or timedelta(0)))
    held = held_subjects()
    prefix = f"{rule.model_class._meta.label_lower}:"
    own = [name.removeprefix(prefix) for name in held if name.startswith(prefix)]
    rows = rows.exclude(pk__in=own) if own else rows
    if SUBJECT in rule.follows and held:
        rows = rows.exclude(**{f"{SUBJECT}__in": held})
    return rows.order_by("pk")


def forecast(*, hourly_only: bool = False) -> Iterator[Line]:
    """Yield what each rule would do now, rule by rule, without doing anything."""
    for rule in _rules(hourly_only=hourly_only):
        label = str(rule.model_class._meta.verbose_name_plural)
        if rule.waits_for_the_region:
            yield Line(rule.model, label, 0, "durée à fixer par la Région : rien ne part")
        elif rule.goes_by_itself:
            yield Line(rule.model, label, due_rows(rule).count(), _why(rule))


def _why(rule: Rule) -> str:
    delay = rule.delay_today or timedelta(0)
    after = f"{delay_words(delay)} après {rule.counted_from}" if delay else f"après {rule.counted_from}"
    more = f", préavis de {delay_words(notices.GIVEN_BEFORE)}" if kind_of(rule.model_class) else ""
    return f"{after}{more}"


def carry_out(*, hourly_only: bool = False, batches: int = BATCHES_A_NIGHT) -> Iterator[Line]:
    """Do what each rule says, and yield how many rows left by each."""
    for rule in _rules(hourly_only=hourly_only):
        if not rule.goes_by_itself:
            continue
        label = str(rule.model_class._meta.verbose_name_plural)
        number = _carry_out(rule, batches)
        if number:
            logger.info("retention: %s rows of %s", number, rule.model)
        yield Line(rule.model, label, number, _why(rule))


def _carry_out(rule: Rule, batches: int) -> int:
    if rule.purge is not None:
        return rule.purge(held_subjects())
    if kind := kind_of(rule.model_class):
        return _people(rule, kind, batches)
    done, last = 0, 0
    for _ in range(batches):
        rows = list(due_rows(rule).filter(pk__gt=last)[:ROWS_AT_ONCE])
        if not rows:
            break
        last = rows[-1].pk
        done += erase_rows(rows, _reason(rule)).gone.get(rule.model, 0)
    return done


def _people(rule: Rule, kind: PersonKind, batches: int) -> int:
    """Tell those whose time comes, erase those who were told thirty days ago, forget the notices of who came back."""
    notices.lapse(kind, due_rows(rule))
    done, last = 0, 0
    waiting = notices.waiting_keys(kind)
    for _ in range(batches):
        rows = list(due_rows(rule).filter(pk__gt=last).exclude(pk__in=waiting)[:BATCH])
        if not rows:
            break
        last = rows[-1].pk
        ready = notices.ripe(kind, rows)
        notices.give_notices(kind, [row for row in rows if row not in ready])
        if ready:
            erase_people(kind, ready, _reason(rule))
            done += len(ready)
    return done


def _reason(rule: Rule) -> str:
    return f"Durée de conservation : {rule.model_class._meta.verbose_name_plural}"[:120]


def _rules(*, hourly_only: bool) -> list[Rule]:
    return [rule for rule in retention.all_rules() if rule.hourly or not hourly_only]


def announced() -> int:
    """Return how many files are announced."""
    return ErasureNotice.objects.count()


def weight_of(row: Model) -> dict[str, int]:
    """Return how many rows of each model belong to a record."""
    return {str(model._meta.verbose_name_plural): len(keys) for model, keys in closure_of([row]).items()}
