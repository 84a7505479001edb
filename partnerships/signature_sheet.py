"""What the pages say of the signatures of a convention or an amendment: who signed, who is awaited, what to do."""

from dataclasses import dataclass, field

from django.db.models import Model

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document
from e2c_portal.kernel.french import counted
from e2c_portal.kernel.workflow import State
from e2c_portal.signing.lookups import latest_envelope
from e2c_portal.signing.models import Envelope, EnvelopeStatus, SignatoryStatus
from e2c_portal.signing.queries import Line, evidence_file_of, lines_of
from e2c_portal.signing.states import SEALING, envelope_state, signatory_state


@dataclass(frozen=True)
class SignaturePanel:
    """The last signature asked for. `lines` pairs each signatory still concerned with the state of their signature."""

    envelope: Envelope
    state: State
    lines: list[tuple[Line, State]] = field(default_factory=list)
    evidence_file: Document | None = None

    @property
    def signed(self) -> int:
        return sum(line.signatory.has_signed for line, _state in self.lines)

    @property
    def count(self) -> str:
        """Return « 2 signatures sur 3 »."""
        return f"{counted(self.signed, 'signature', 'signatures')} sur {len(self.lines)}"

    @property
    def is_complete(self) -> bool:
        return self.envelope.status == EnvelopeStatus.COMPLETED

    @property
    def is_open(self) -> bool:
        return self.envelope.is_open

    @property
    def is_sealing(self) -> bool:
        """Say whether something is being made: the document to sign, or the seal that closes it."""
        return self.envelope.status == EnvelopeStatus.PREPARING or self.state is SEALING

    @property
    def is_over(self) -> bool:
        """Say whether it stopped before everybody signed: another one must be asked for."""
        return self.envelope.status in (EnvelopeStatus.REFUSED, EnvelopeStatus.VOIDED)

    @property
    def mark(self) -> str:
        """Return a word that changes whenever the panel would read otherwise."""
        states = "".join(line.signatory.status[0] for line, _state in self.lines)
        paper = "p" if self.evidence_file else ""
        return f"{self.envelope.pk}-{self.envelope.status}-{states}{paper}"


def signature_panel(kind: str, record: Model) -> SignaturePanel | None:
    """Return where the signature of a record stands, None when none was ever asked for. A constant number of queries."""
    envelope = latest_envelope(kind, subject_of(record))
    if envelope is None:
        return None
    lines = [line for line in lines_of(envelope) if line.signatory.status != SignatoryStatus.REPLACED]
    complete = envelope.status == EnvelopeStatus.COMPLETED
    return SignaturePanel(
        envelope=envelope,
        state=envelope_state(envelope),
        lines=[(line, signatory_state(line.signatory)) for line in lines],
        evidence_file=evidence_file_of(envelope) if complete else None,
    )
