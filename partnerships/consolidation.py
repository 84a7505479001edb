"""A convention as it reads on a day: the signed text, and the signed amendments in force, replayed in order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from partnerships.agreement import (
    COMMITMENT,
    Agreement,
    Amended,
    Article,
    Change,
    Commitment,
    Signatory,
    applied,
    replayed,
)
from partnerships.amendment_life import SIGNED
from partnerships.models import ConventionAmendment, PartnershipConvention


@dataclass(frozen=True)
class Consolidated:
    """The text on a day, with the amendments that made it so and, for each line, the number of the last one that touched it."""

    agreement: Agreement
    amendments: tuple[ConventionAmendment, ...]
    touched: dict[tuple[str, str], int]
    removed: dict[tuple[str, str], int]


def signed_text(convention: PartnershipConvention) -> Agreement:
    """Return the text as first signed, of a convention read with its lines."""
    return Agreement(
        convention.written_terms,
        tuple(Article(row.number, row.title, row.body) for row in convention.articles.all()),
        _signed_promises(convention),
        tuple(
            Signatory(row.side, row.position, row.full_name, row.quality, row.email)
            for row in sorted(convention.signatories.all(), key=lambda row: (row.side != "region", row.position))
        ),
    )


def _signed_promises(convention: PartnershipConvention) -> tuple[Commitment, ...]:
    return tuple(
        Commitment(row.position, row.kind, row.description, row.target, row.unit, row.period, row.rhythm)
        for row in convention.commitments.all()
    )


def promises_on(convention: PartnershipConvention, day: date) -> tuple[Commitment, ...]:
    """Return what is promised on a day, of a convention read with its commitments and amendments."""
    text = Agreement(convention.written_terms, commitments=_signed_promises(convention))
    for amendment in signed_amendments(convention, day):
        text = applied(text, (change for change in changes_of(amendment) if change.part == COMMITMENT))
    return text.commitments


def promises_changed(convention: PartnershipConvention, action: str) -> dict[int, ConventionAmendment]:
    """Return the signed amendment that added, or removed, each promise, by its position: numbers are never used twice."""
    return {
        int(change.key): amendment
        for amendment in signed_amendments(convention)
        for change in changes_of(amendment)
        if change.part == COMMITMENT and change.action == action
    }


def changes_of(amendment: ConventionAmendment) -> tuple[Change, ...]:
    """Return the changes of an amendment read with them."""
    return tuple(Change(row.part, row.action, row.key, row.before, row.after) for row in amendment.changes.all())


def signed_amendments(convention: PartnershipConvention, day: date | None = None) -> list[ConventionAmendment]:
    """Return the signed amendments in force on a day (all of them without a day), in order, of a convention read with them."""
    signed = [amendment for amendment in convention.amendments.all() if amendment.status == SIGNED]
    in_force = [a for a in signed if day is None or (a.effective_on is not None and a.effective_on <= day)]
    return sorted(in_force, key=lambda amendment: amendment.number)


def replay_of(convention: PartnershipConvention, amendments: Sequence[ConventionAmendment]) -> list[Amended]:
    """Return what the replay needs of these amendments, the dates of each counted from the former."""
    terms, steps = convention.written_terms, []
    for amendment in amendments:
        terms = amendment.terms_after(terms)
        steps.append(Amended(amendment.number, terms, changes_of(amendment)))
    return steps


def consolidated(convention: PartnershipConvention, day: date | None = None) -> Consolidated:
    """Return how a signed convention (read with its lines and amendments) reads on a day; without a day, all signed amendments count."""
    amendments = signed_amendments(convention, day)
    steps = replay_of(convention, amendments)
    agreement = replayed(signed_text(convention), steps)
    ended_on = convention.ended_on
    touched: dict[tuple[str, str], int] = {}
    removed: dict[tuple[str, str], int] = {}
    for step in steps:
        for change in step.changes:
            (removed if change.after is None else touched)[change.part, change.key] = step.number
    agreement = replace(agreement, terms=replace(agreement.terms, ended_on=ended_on))
    return Consolidated(agreement, tuple(amendments), touched, removed)
