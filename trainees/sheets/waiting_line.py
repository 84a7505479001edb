"""The lines of the list of agreements to sign: for each internship where its agreement stands, who is awaited, what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from e2c_portal.kernel.french import counted, join_with_and
from e2c_portal.kernel.workflow import State
from e2c_portal.signing.models import Envelope, EnvelopeStatus
from partnerships.diffusion import shown_name
from trainees.life import agreements as life
from trainees.life import internships as internship_life
from trainees.models import Internship, InternshipAgreement
from trainees.reads.agreements import envelopes_of

NOT_DRAFTED = State("À préparer", "La convention n’est pas commencée.", "neutral")
STOPPED = State(
    "À redemander", "La signature s’est arrêtée : demandez-la de nouveau, ou corrigez la convention.", "danger"
)
TO_RECORD = State(
    "À enregistrer", "Tout le monde a signé : il reste à dire pourquoi la signature est tardive.", "warning"
)
SIGNED_LATE = State("Signée en retard", "Toutes les personnes ont signé, après le premier jour du stage.", "warning")


@dataclass(frozen=True)
class WaitingLine:
    """One internship of the list."""

    internship: Internship
    agreement: InternshipAgreement | None
    state: State
    company: str
    awaited: str
    late: str


def waiting_lines(rows: Sequence[Internship]) -> list[WaitingLine]:
    """Return the lines of internships read by reads.agreements.agreements_waiting. Two queries."""
    living = {row.pk: row.living_agreements[0] for row in rows if row.living_agreements}  # type: ignore[attr-defined]
    envelopes = envelopes_of(living.values())
    return [_line(row, living.get(row.pk), envelopes) for row in rows]


def _line(row: Internship, agreement: InternshipAgreement | None, envelopes: dict[int, Envelope]) -> WaitingLine:
    envelope = envelopes.get(agreement.pk) if agreement else None
    return WaitingLine(
        row, agreement, _state(agreement, envelope), shown_name(row.establishment.company), _awaited(agreement, envelope),
        _late(row, agreement),
    )  # fmt: skip


def _state(agreement: InternshipAgreement | None, envelope: Envelope | None) -> State:
    if agreement is None:
        return NOT_DRAFTED
    if agreement.status == life.SIGNED:
        return SIGNED_LATE if agreement.is_late else agreement.state
    if agreement.status == life.TO_SIGN and envelope:
        if envelope.status == EnvelopeStatus.COMPLETED:
            return TO_RECORD
        if envelope.status in (EnvelopeStatus.REFUSED, EnvelopeStatus.VOIDED, EnvelopeStatus.EXPIRED):
            return STOPPED
    return agreement.state


def _awaited(agreement: InternshipAgreement | None, envelope: Envelope | None) -> str:
    """Return « 2 sur 4 ; on attend Léa Pons et Anne Parent », empty when nobody is asked."""
    if agreement is None or envelope is None or agreement.status != life.TO_SIGN or not envelope.is_alive:
        return ""
    people = list(envelope.signatories.all())
    missing = [person.full_name for person in people if not person.has_signed]
    done = counted(len(people) - len(missing), "signature", "signatures")
    return f"{done} sur {len(people)}" + (f" ; on attend {join_with_and(missing)}" if missing else "")


def _late(row: Internship, agreement: InternshipAgreement | None) -> str:
    """Say how late it is, empty when it is not."""
    if agreement and agreement.is_late and agreement.signed_on:
        days = (agreement.signed_on - row.starts_on).days
        return f"{counted(days, 'jour', 'jours')} après le premier jour. Motif : {agreement.late_reason}"
    if row.status == internship_life.ACCEPTED and row.starts_on < timezone.localdate():
        days = (timezone.localdate() - row.starts_on).days
        return f"Commencé depuis {counted(days, 'jour', 'jours')} sans convention signée"
    return ""
