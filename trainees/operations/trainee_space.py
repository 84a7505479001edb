"""Give a trainee the link of their own space, and take it back."""

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.french import of_name
from e2c_portal.links import issuing
from e2c_portal.links.issuing import Holder
from e2c_portal.links.models import PersonalLink
from trainees.emails.trainee_space import send_space_link
from trainees.models import Trainee
from trainees.operations.people import NOT_YOURS
from trainees.permissions import TraineePermission
from trainees.reads.trainee_space import TRAINEE_SPACE, has_recent_pathway, link_of, opens


@transaction.atomic
def grant_space(trainee_id: int, actor: User) -> PersonalLink:
    """Send a trainee the link of their space, again if need be.

    Raises NotAllowed, Refused for somebody without an address or whose pathway ended more than a year ago.
    """
    trainee = _locked(trainee_id, actor)
    if not trainee.email:
        raise Refused(f"Ajoutez d’abord l’adresse électronique {of_name(str(trainee))}.", code="no_address")
    if not has_recent_pathway(trainee):
        raise Refused("Ouvrez d’abord un parcours : sans lui, le lien ne montrerait rien.", code="no_pathway")
    former = link_of(trainee)
    if former and not opens(former):
        issuing.revoke(former, "L’adresse a changé.", actor)
    link = issuing.prepare(TRAINEE_SPACE, trainee, "", Holder(str(trainee), trainee.email))
    send_space_link(trainee)
    record(actor, "trainee_space.granted", trainee, "Lien « Mes stages » envoyé")
    return link


@transaction.atomic
def withdraw_space(trainee_id: int, reason: str, actor: User) -> None:
    """Withdraw the link of a trainee for good, with a reason. Raises NotAllowed, Refused when there is nothing to withdraw."""
    trainee = _locked(trainee_id, actor)
    link = link_of(trainee)
    if link is None:
        raise Refused("Il n’y a aucun lien à retirer. Rechargez la page.", code="no_access")
    if not reason.strip():
        raise Refused("Écrivez pourquoi vous retirez ce lien.", code="reason_required")
    issuing.revoke(link, reason.strip(), actor)
    record(actor, "trainee_space.withdrawn", trainee, f"Lien « Mes stages » retiré : {reason.strip()}")


def _locked(trainee_id: int, actor: User) -> Trainee:
    trainee = Trainee.objects.select_for_update(of=("self",)).select_related("school").get(pk=trainee_id)
    if not actor.has_perm(TraineePermission.CHANGE_TRAINEE, trainee):
        raise NotAllowed(NOT_YOURS)
    return trainee
