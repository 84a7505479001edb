"""Record what the signing engine tells: everybody signed. No person presses a button, so no right is asked for.

Called in the transaction of the seal, whose document and envelope are locked already.
"""

from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.workflow import Move
from e2c_portal.signing.models import Envelope
from partnerships import amendment_life as life
from partnerships import workflows
from partnerships.models import PartnershipConvention
from partnerships.operations import amendments, moves
from partnerships.queries import amendment_in_full

RECORD = "record_signature"
NOT_AWAITED = "Ce texte n’attendait plus de signature."


def record_convention_signed(envelope: Envelope) -> PartnershipConvention:
    """Make a convention « signée » at the date of its last signature, in the name of who put it to signature.

    Raises Refused, with details, when something else than signatures prevents it.
    """
    convention = PartnershipConvention.objects.select_for_update().get(pk=_pk(envelope))
    move = workflows.CONVENTION_LIFE.move(RECORD)
    moves.take_signing_day(convention, move)
    _refuse_unless_awaited(convention.status, move, move.missing(convention))
    moves.write_move(convention, move, envelope.opened_by)
    return convention


def record_amendment_signed(envelope: Envelope) -> None:
    """Make an amendment « signé » at the date of its last signature. Raises Refused, with details."""
    amendment = amendment_in_full(_pk(envelope))
    PartnershipConvention.objects.select_for_update().get(pk=amendment.convention_id)
    amendment = amendment_in_full(amendment.pk)
    move = life.AMENDMENT_LIFE.move(RECORD)
    amendments.take_signing_day(amendment, move)
    _refuse_unless_awaited(amendment.status, move, move.missing(amendment))
    amendments.write_move(amendment, move, envelope.opened_by)


def _pk(envelope: Envelope) -> int:
    return int(envelope.subject.rpartition(":")[2])


def _refuse_unless_awaited(status: str, move: Move, missing: list[str]) -> None:
    if status not in move.origins:
        raise Refused(NOT_AWAITED, code="not_awaited")
    if missing:
        raise Refused("La signature ne peut pas être enregistrée.", details=missing, code="incomplete")
