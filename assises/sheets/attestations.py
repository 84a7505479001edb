"""What the pages say of attestations of attendance, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assises.documents.attendance import comes_from
from assises.models import Registration
from assises.reads.attestations import last_documents
from assises.reads.clock_words import hours_words
from assises.reads.presence import checkpoints_of, half_days_of
from e2c_portal.documents.models import Document
from e2c_portal.documents.states import state_named
from e2c_portal.kernel.french import join_with_and
from e2c_portal.kernel.workflow import State

NONE_YET = State("Pas encore demandée", "Elle se prépare quand quelqu’un la demande.", "neutral")


@dataclass(frozen=True)
class Sheet:
    """Where somebody was counted, as terms and values."""

    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class Line:
    """One person of the list: where they come from, their half-days, their attestation."""

    registration: Registration
    name: str
    comes_from: str
    half_days: str
    document: Document | None
    state: State


def attestation_sheet(registration: Registration) -> Sheet:
    """Return where somebody was counted, with the hours of the checkpoints. One query."""
    counted = checkpoints_of(registration)
    return Sheet([(row.name, hours_words(row.opens_at, row.closes_at)) for row in counted])


def attestation_lines(registrations: Iterable[Registration]) -> list[Line]:
    """Return the lines of a list of people. Two queries, however many they are."""
    rows = list(registrations)
    documents, half_days = last_documents(rows), half_days_of(rows)
    return [_line(row, documents.get(row.pk), half_days.get(row.pk, [])) for row in rows]


def _line(row: Registration, document: Document | None, half_days: list[str]) -> Line:
    state = state_named(document.status) if document else NONE_YET
    return Line(row, f"{row.last_name} {row.first_name}", comes_from(row), join_with_and(half_days), document, state)


def document_facts(document: Document | None) -> list[tuple[str, Any]]:
    """Return what is said of an attestation."""
    if document is None:
        return []
    return [("Numéro", document.reference), ("Code de vérification", document.printed_code)]
