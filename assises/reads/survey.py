"""The survey: what was answered, told for the whole, and never for fewer than five people."""

from decimal import ROUND_HALF_UP, Decimal
from random import SystemRandom
from typing import NamedTuple

from django.db.models import Avg, Count, Q, QuerySet

from assises.life.survey import HIGHEST, LOWEST, READ_FROM, SCALES, SURVEY_QUESTIONS
from assises.models import Edition, Registration, SurveyAnswered, SurveyReply


class SurveyResult(NamedTuple):
    """What a question got: how many answers, their mean (None for free words), how many of each mark."""

    question: str
    n: int
    mean: float | None
    distribution: dict[int, int]


def survey_results(edition: Edition) -> list[SurveyResult]:
    """Return the results of each question, in order; nothing under five replies, which would let one guess who said what.

    The mean is out of 5, with one decimal (half up). One query.
    """
    asked = {"total": Count("pk"), "with_words": Count("pk", filter=Q(has_words=True))}
    for scale in SCALES:
        asked[f"{scale.name}_mean"] = Avg(scale.name)  # type: ignore[assignment]
        for mark in _marks():
            asked[f"{scale.name}_{mark}"] = Count("pk", filter=Q(**{scale.name: mark}))
    told = _replies(edition).order_by().aggregate(**asked)
    if told["total"] < READ_FROM:
        return []
    found = []
    for question in SURVEY_QUESTIONS:
        if question.is_scale:
            marks = {mark: told[f"{question.name}_{mark}"] for mark in _marks()}
            mean = float(Decimal(told[f"{question.name}_mean"]).quantize(Decimal("0.1"), ROUND_HALF_UP))
            found.append(SurveyResult(question.label, told["total"], mean, marks))
        else:
            found.append(SurveyResult(question.label, told["with_words"], None, {}))
    return found


def _marks() -> range:
    return range(LOWEST, HIGHEST + 1)


def survey_words(edition: Edition) -> list[str]:
    """Return what people wrote, in another order each time; nothing under five replies. They are erased with the names."""
    if _replies(edition).count() < READ_FROM:
        return []
    words = list(_replies(edition).exclude(words="").values_list("words", flat=True))
    SystemRandom().shuffle(words)
    return words


def _replies(edition: Edition) -> QuerySet[SurveyReply]:
    return SurveyReply.objects.filter(edition=edition)


def replies_count(edition: Edition) -> int:
    """Return how many people answered."""
    return _replies(edition).count()


def has_answered(registration: Registration) -> bool:
    """Say whether somebody answered already."""
    return SurveyAnswered.objects.filter(registration=registration).exists()
