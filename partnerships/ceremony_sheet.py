"""What the pages of a ceremony say: where each convention of the programme stands, who signs now, what goes wrong."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models.fields.json import KT
from django.utils import timezone

from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.queries import documents_of
from e2c_portal.kernel.french import counted
from e2c_portal.kernel.search import fold
from e2c_portal.kernel.workflow import State
from e2c_portal.signing.models import Envelope, EnvelopeStatus, Mode, Signatory
from e2c_portal.signing.queries import evidence_files_of
from e2c_portal.signing.states import SEALING, envelope_state, signatory_state
from partnerships import workflows
from partnerships.binder import KIND as BINDER
from partnerships.binder import made_of
from partnerships.ceremony_queries import (
    documents_to_print,
    envelopes_of_programme,
    programme_of,
    signed_without_programme,
)
from partnerships.models import CeremonyItem, PartnershipConvention, SigningEvent
from partnerships.signing_plan import ROLES

SEALED = State("Signée et scellée", "Toutes les personnes ont signé ; le document est scellé.", "success")
FAILED = State("Document en échec", "Le document à signer n’a pas pu être fabriqué.", "danger")
NOT_RECORDED = State(
    "À débloquer", "Toutes les personnes ont signé, mais la signature n’est pas enregistrée.", "danger"
)
ASK_AGAIN = "Remettez le programme à la signature : sa fabrication est relancée."
OPEN_ITS_PAGE = "Ouvrez sa page : elle dit ce qui empêche l’enregistrement."
AGAIN_OR_OUT = "Relancez sa signature depuis sa page, ou retirez-la du programme."
EXTEND = "Remettez le programme à la signature : le délai est prolongé jusqu’après la cérémonie."
OUT = "Retirez-la du programme, ou menez-la de nouveau jusqu’au vote."
RETRIED = "Rien à faire : la fabrication est tentée de nouveau toute seule."
Key = tuple[str, str]


@dataclass(frozen=True)
class Seat:
    """One person who signs one convention. `key` is the same wherever the same person signs in this programme."""

    signatory: Signatory
    convention: PartnershipConvention
    state: State
    key: Key
    expected: bool
    after: str = ""

    @property
    def by_link(self) -> bool:
        return self.expected and self.signatory.signs_by_link


@dataclass(frozen=True)
class CeremonyLine:
    """One convention of the programme and where it stands. `difficulty` and `advice` are empty when all is well."""

    item: CeremonyItem
    convention: PartnershipConvention
    state: State
    envelope: Envelope | None = None
    seats: list[Seat] = field(default_factory=list)
    evidence_file: Document | None = None
    difficulty: str = ""
    advice: str = ""

    @property
    def people(self) -> list[str]:
        """Return who signs, whether or not the signature is asked for."""
        if self.seats:
            return [seat.signatory.full_name for seat in self.seats]
        return [str(row) for row in self.convention.signatories.all()]

    @property
    def signed(self) -> int:
        return sum(seat.signatory.has_signed for seat in self.seats)

    @property
    def is_sealed(self) -> bool:
        return self.state is SEALED

    @property
    def is_preparing(self) -> bool:
        """Say whether the document to sign is still being made: nobody is called yet."""
        return bool(self.envelope and self.envelope.status == EnvelopeStatus.PREPARING)

    @property
    def is_expected(self) -> bool:
        """Say whether somebody may sign it now."""
        return any(seat.expected and not seat.after for seat in self.seats)

    @property
    def sealed_document(self) -> Document | None:
        return self.envelope.document if self.envelope and self.envelope.document.is_sealed else None


@dataclass(frozen=True)
class CeremonySheet:
    """A ceremony, its programme and how far it is."""

    event: SigningEvent
    lines: list[CeremonyLine]
    archives: list[PartnershipConvention]
    day: date

    @property
    def seats(self) -> list[Seat]:
        return [seat for line in self.lines for seat in line.seats]

    @property
    def signed(self) -> int:
        return sum(seat.signatory.has_signed for seat in self.seats)

    @property
    def sealed(self) -> int:
        return sum(line.is_sealed for line in self.lines)

    @property
    def to_put(self) -> int:
        """Return how many conventions wait to be put to signature."""
        return sum(line.convention.status == workflows.DELIBERATED for line in self.lines)

    @property
    def difficulties(self) -> list[CeremonyLine]:
        return [line for line in self.lines if line.difficulty]

    @property
    def is_over(self) -> bool:
        return self.event.held_on < self.day

    @property
    def is_today(self) -> bool:
        return self.event.held_on == self.day

    @property
    def is_whole(self) -> bool:
        """Say whether everything of the programme is signed and sealed."""
        return bool(self.lines) and self.sealed == len(self.lines)

    @property
    def summary(self) -> str:
        """Say in one sentence how far the ceremony is."""
        seats, lines = len(self.seats), len(self.lines)
        return (
            f"{counted(self.signed, 'signature', 'signatures')} sur {seats}, "
            f"{counted(self.sealed, 'convention scellée', 'conventions scellées')} sur {lines}."
        )

    @property
    def mark(self) -> str:
        """Return a word that changes whenever what is followed would read otherwise."""
        seen = [
            f"{line.item.pk}{line.item.position}{line.state.label}{line.difficulty}{_made(line.evidence_file)}"
            f"{[seat.signatory.status for seat in line.seats]}"
            for line in self.lines
        ]
        return hashlib.sha256("|".join(seen).encode()).hexdigest()[:16]

    @property
    def pace(self) -> str:
        """Return how often the page looks again: each second while something is made, slowly for signatures, or never."""
        states = {line.state.tone for line in self.lines}
        if "progress" in states or any(line.evidence_file and line.evidence_file.is_waiting for line in self.lines):
            return "2s"
        return "6s" if any(line.is_expected for line in self.lines) else ""

    def line_of(self, convention_id: int | None) -> CeremonyLine | None:
        """Return the convention on stage: the one asked for, else the first that somebody may sign now."""
        chosen = [line for line in self.lines if line.convention.pk == convention_id]
        return next(iter([*chosen, *(line for line in self.lines if line.is_expected)]), None)

    def after(self, line: CeremonyLine) -> CeremonyLine | None:
        """Return the next convention that somebody may sign, going round to the first ones that were passed over."""
        place = self.lines.index(line)
        return next((other for other in self.lines[place + 1 :] + self.lines[:place] if other.is_expected), None)

    def seats_of(self, public_id: UUID) -> list[Seat]:
        """Return all that the person of one signature signs in this programme, in running order; empty when unknown."""
        known = next((seat for seat in self.seats if seat.signatory.public_id == public_id), None)
        return [seat for seat in self.seats if known and seat.key == known.key]

    def others_of(self, seat: Seat) -> int:
        """Return how many other conventions this person still has to sign here."""
        return sum(other.expected and other.key == seat.key and other is not seat for other in self.seats)


def ceremony_sheet(event: SigningEvent) -> CeremonySheet:
    """Return where a ceremony stands, in a constant number of queries."""
    items = list(programme_of(event))
    envelopes = envelopes_of_programme(items)
    proofs = evidence_files_of(row for row in envelopes.values() if row.status == EnvelopeStatus.COMPLETED)
    lines = [_line(item, envelopes.get(item.convention_id), proofs) for item in items]
    return CeremonySheet(event, lines, list(signed_without_programme(event)), timezone.localdate())


def _line(item: CeremonyItem, envelope: Envelope | None, proofs: dict[int, Document]) -> CeremonyLine:
    convention = item.convention
    state, difficulty, advice = _state(convention, envelope)
    # A signature that was refused or voided has nobody left to call.
    alive = envelope if envelope and convention.status in (workflows.TO_SIGN, *workflows.SIGNED_STATES) else None
    return CeremonyLine(
        item, convention, state, alive, _seats(convention, alive), proofs.get(alive.pk) if alive else None, difficulty,
        advice,
    )  # fmt: skip


def _seats(convention: PartnershipConvention, envelope: Envelope | None) -> list[Seat]:
    people = list(envelope.signatories.all()) if envelope else []
    seats = []
    for person in people:
        waits = envelope.mode == Mode.ORDERED if envelope else False
        before = [one.full_name for one in people if waits and one.is_unfinished and one.rank < person.rank]
        expected = bool(envelope and envelope.is_open and person.is_unfinished and person.status != "to_check")
        seats.append(
            Seat(
                person, convention, signatory_state(person), _key(person, convention), expected, next(iter(before), "")
            )
        )
    return seats


def _key(person: Signatory, convention: PartnershipConvention) -> Key:
    """Tell the same person again: by name, for the Région; by name within one company. Two companies may have namesakes."""
    party = "region" if person.role == ROLES["region"] else f"company-{convention.company_id}"
    return party, fold(person.full_name)


def _state(convention: PartnershipConvention, envelope: Envelope | None) -> tuple[State, str, str]:
    """Return the state of a convention of the programme, its difficulty and what to do about it."""
    if convention.status in workflows.SIGNED_STATES:
        return SEALED, "", ""
    if convention.status == workflows.DELIBERATED:
        return convention.state, "", ""
    if convention.status != workflows.TO_SIGN or envelope is None:
        return convention.state, f"Elle est « {convention.state.label} ».", OUT
    if envelope.status == EnvelopeStatus.COMPLETED:
        return NOT_RECORDED, NOT_RECORDED.meaning, OPEN_ITS_PAGE
    if envelope.status in (EnvelopeStatus.REFUSED, EnvelopeStatus.VOIDED):
        return envelope_state(envelope), envelope.end_reason, AGAIN_OR_OUT
    if envelope.document.status == Status.FAILED:
        return FAILED, envelope.document.failure, ASK_AGAIN
    return _alive_state(envelope)


def _alive_state(envelope: Envelope) -> tuple[State, str, str]:
    people = list(envelope.signatories.all())
    late = envelope.is_open and envelope.expires_at <= timezone.now()
    if any(person.is_unfinished for person in people) and (late or envelope.status == EnvelopeStatus.EXPIRED):
        return envelope_state(envelope), "Le délai pour signer est dépassé.", EXTEND
    state = SEALING if people and all(person.has_signed for person in people) else envelope_state(envelope)
    trouble = envelope.failure or (envelope.document.failure if envelope.is_open else "")
    return state, trouble, RETRIED if trouble else ""


def _made(file: Document | None) -> bool:
    return bool(file and file.is_sealed)


@dataclass(frozen=True)
class BinderPanel:
    """The binder of a ceremony: the last one made, the one under way, and whether the list has changed since."""

    current: Document | None = None
    under_way: Document | None = None
    outdated: bool = False
    printable: bool = False

    @property
    def label(self) -> str:
        return "Fabriquer un nouveau parapheur" if self.current else "Fabriquer le parapheur"


def binder_panel(event: SigningEvent) -> BinderPanel:
    """Return where the binder of a ceremony stands."""
    papers = list(documents_of(event).filter(kind=BINDER).annotate(made_of=KT("context__made_of")))
    under_way = next((paper for paper in papers if not paper.is_sealed), None)
    current = next((paper for paper in papers if paper.is_sealed), None)
    documents = documents_to_print(event, contexts=False)
    last = under_way or current
    changed = bool(last and documents and last.made_of != made_of(event, documents))  # type: ignore[attr-defined]
    return BinderPanel(current, under_way, changed, bool(documents))
