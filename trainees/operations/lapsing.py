"""Let the agreement of an internship lapse when the internship itself goes away."""

from e2c_portal.accounts.models import User
from e2c_portal.signing.models import Envelope
from trainees.emails.agreements import tell_signatories_of_lapse
from trainees.life.agreements import AGREEMENT_LIFE, LIVING, SIGNED
from trainees.models import Internship, InternshipAgreement
from trainees.operations.agreement_signatures import hold_signature, stop_signature
from trainees.operations.moving import write_move


def hold_signatures(internship_id: int) -> dict[int, Envelope]:
    """Lock the signatures under way of an internship, by agreement: to be called before the internship itself is locked."""
    living = InternshipAgreement.objects.filter(internship=internship_id, status__in=LIVING).order_by("pk")
    held = {pk: hold_signature(InternshipAgreement, pk) for pk in living.values_list("pk", flat=True)}
    return {pk: envelope for pk, envelope in held.items() if envelope}


def lapse_agreements(
    internship: Internship, reason: str, actor: User, held: dict[int, Envelope] | None = None
) -> list[InternshipAgreement]:
    """Let every living agreement of an internship lapse, inside the transaction of the caller, and return them.

    `held` are its signatures under way (hold_signatures): they are voided. Whoever signed reads the reason. Raises NotAllowed.
    """
    living = InternshipAgreement.objects.select_for_update(of=("self",)).select_related("internship")
    found = list(living.filter(internship=internship, status__in=LIVING))
    for agreement in found:
        was_signed = agreement.status == SIGNED
        write_move(agreement, AGREEMENT_LIFE, AGREEMENT_LIFE.move("lapse"), actor, reason, on=internship)
        stop_signature((held or {}).get(agreement.pk), reason, actor)
        if was_signed:
            tell_signatories_of_lapse(agreement, reason)
    return found
