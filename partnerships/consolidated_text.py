"""The consolidated text as a page shows it: each line with the amendments that made it so."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from e2c_portal.kernel.french import date_in_letters, day_in_letters, duration_months
from partnerships.agreement import ARTICLE, COMMITMENT, SIGNATORY, Article, Commitment, Signatory
from partnerships.amendment_words import renewal_words
from partnerships.consolidation import Consolidated, consolidated
from partnerships.models import Commitment as CommitmentRow
from partnerships.models import ConventionAmendment, PartnershipConvention
from partnerships.situation import Situation, situation_on


@dataclass(frozen=True)
class ReadLine:
    """A line of the text and the number of the amendment that wrote it so, 0 for the first text."""

    line: Article | Commitment | Signatory
    amended_by: int = 0
    kind_label: str = ""


@dataclass(frozen=True)
class Reading:
    """A convention as it reads on a day."""

    situation: Situation
    facts: list[tuple[str, Any]]
    amendments: tuple[ConventionAmendment, ...]
    articles: list[ReadLine]
    commitments: list[ReadLine]
    signatories: list[tuple[str, list[ReadLine]]]
    removed: list[str]


def reading_on(convention: PartnershipConvention, day: date) -> Reading:
    """Return how a signed convention (read with its amendments) reads on a day."""
    text = consolidated(convention, day)
    signatories = _lines(text, SIGNATORY)
    sides = (("region", "Pour la Région"), ("company", "Pour l’entreprise"))
    return Reading(
        situation=situation_on(convention, day),
        facts=_facts(text, day),
        amendments=text.amendments,
        articles=_lines(text, ARTICLE),
        commitments=_lines(text, COMMITMENT),
        signatories=[(label, [row for row in signatories if row.line.side == side]) for side, label in sides],  # type: ignore[union-attr]
        removed=_removed(text),
    )


def _lines(text: Consolidated, part: str) -> list[ReadLine]:
    return [
        ReadLine(
            line, text.touched.get((part, line.key), 0),
            str(CommitmentRow.Kind(line.kind).label) if isinstance(line, Commitment) else "",
        )
        for line in text.agreement.lines(part)
    ]  # fmt: skip


def _facts(text: Consolidated, day: date) -> list[tuple[str, Any]]:
    terms = text.agreement.terms
    period = terms.period_on(day)
    facts: list[tuple[str, Any]] = [
        ("Prend effet le", day_in_letters(terms.starts_on) if terms.starts_on else ""),
        ("Prend fin le", day_in_letters(terms.ends_on) if terms.ends_on else ""),
        ("Renouvellement", renewal_words(terms)),
        ("Préavis", duration_months(terms.notice_months) if terms.notice_months else "aucun"),
    ]
    if period and period.rank:
        facts.append(("Période en cours", f"jusqu’au {day_in_letters(period.ends_on)}, après reconduction tacite"))
    if terms.ended_on:
        facts.append(("Fin effective", f"{date_in_letters(terms.ended_on)}, après dénonciation ou résiliation"))
    return facts


def _removed(text: Consolidated) -> list[str]:
    return [
        f"L’article {key} a été supprimé par l’avenant n° {number}."
        for (part, key), number in text.removed.items()
        if part == ARTICLE
    ]
