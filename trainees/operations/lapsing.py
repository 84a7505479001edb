"""Let the agreement of an internship lapse when the internship itself goes away."""

from e2c_portal.accounts.models import User
from trainees.life.agreements import AGREEMENT_LIFE, LIVING
from trainees.models import Internship, InternshipAgreement
from trainees.operations.moving import write_move


def lapse_agreements(internship: Internship, reason: str, actor: User) -> list[InternshipAgreement]:
    """Let every living agreement of an internship lapse, inside the transaction of the caller, and return them.

    Raises NotAllowed.
    """
    living = InternshipAgreement.objects.select_for_update(of=("self",)).select_related("internship")
    found = list(living.filter(internship=internship, status__in=LIVING))
    for agreement in found:
        write_move(agreement, AGREEMENT_LIFE, AGREEMENT_LIFE.move("lapse"), actor, reason, on=internship)
    return found
