"""The results of the survey, as its page and its file tell them."""

from dataclasses import dataclass

from assises.life.survey import HIGHEST
from assises.models import Edition
from assises.reads.survey import SurveyResult, survey_results
from e2c_portal.kernel.french import counted, number


@dataclass(frozen=True)
class Bar:
    """How many gave a mark; `share` is a percentage of the replies."""

    mark: int
    n: int
    share: int


@dataclass(frozen=True)
class ResultCard:
    """One question with its mean in words and its distribution."""

    question: str
    mean: str
    bars: list[Bar]
    sentence: str


def result_cards(edition: Edition) -> list[ResultCard]:
    """Return the questions with a scale, in order; nothing under five replies."""
    return [_card(result) for result in survey_results(edition) if result.mean is not None]


def _card(result: SurveyResult) -> ResultCard:
    bars = [Bar(mark, n, round(100 * n / result.n)) for mark, n in result.distribution.items()]
    told = ", ".join(f"note {bar.mark} : {counted(bar.n, 'personne', 'personnes')}" for bar in bars)
    mean = f"{number(result.mean or 0)} sur {HIGHEST}"
    return ResultCard(result.question, mean, bars, f"Moyenne {mean}. Sur {result.n} réponses, {told}.")


@dataclass(frozen=True)
class FileLine:
    """One line of the file of results."""

    question: str
    answers: int
    mean: float | None
    marks: dict[int, int]


def file_lines(edition: Edition) -> list[FileLine]:
    """Return the results as the lines of a file."""
    return [FileLine(row.question, row.n, row.mean, row.distribution) for row in survey_results(edition)]
