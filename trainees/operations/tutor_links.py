"""Give the tutor of an internship their personal link, send it again, withdraw it."""

from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.links import issuing
from e2c_portal.links.issuing import Holder
from e2c_portal.links.models import PersonalLink
from trainees.emails import attendance as mails
from trainees.models import Internship
from trainees.operations.tutor_reports import held_internship
from trainees.permissions import TraineePermission
from trainees.reads.tutor_links import TUTOR_LINK, ends_at, is_tutor_of, links_of, opens

MADE_ANEW = "Un nouveau lien a été préparé."


@transaction.atomic
def send_tutor_link(internship_id: int, actor: User) -> PersonalLink:
    """Send the link of an internship to its tutor, again if need be. It dies some days after the last day.

    Raises NotAllowed, Refused without a tutor, without an address, or within five minutes of the last message.
    """
    internship = _held(internship_id, actor)
    tutor = internship.tutor
    if tutor is None:
        raise Refused("Indiquez d’abord le tuteur de ce stage.", code="no_tutor")
    if not tutor.email:
        raise Refused(f"Ajoutez d’abord l’adresse électronique de {tutor.full_name}.", code="no_address")
    if not is_tutor_of(internship):
        raise Refused(
            "Ce stage n’est plus en cours, ou le tuteur a quitté l’entreprise : aucun lien ne peut être envoyé."
        )
    for link in links_of(internship):
        if not opens(link):
            issuing.revoke(link, MADE_ANEW, actor)
    link = issuing.prepare(
        TUTOR_LINK, internship, str(tutor.pk), Holder(tutor.full_name, tutor.email), not_after=ends_at(internship)
    )
    mails.send_tutor_link(internship)
    record(actor, "tutor_link.sent", internship, f"Lien du tuteur envoyé à {tutor.full_name}", contact=tutor.pk)
    return link


@transaction.atomic
def withdraw_tutor_link(internship_id: int, reason: str, actor: User) -> int:
    """Withdraw the links of the tutor for good, with a reason. Returns how many. Raises NotAllowed, Refused."""
    internship = _held(internship_id, actor)
    if not reason.strip():
        raise Refused("Écrivez pourquoi vous retirez ce lien.", code="reason_required")
    links = list(links_of(internship))
    if not links:
        raise Refused("Il n’y a aucun lien à retirer. Rechargez la page.", code="no_link")
    for link in links:
        issuing.revoke(link, reason.strip(), actor)
    record(actor, "tutor_link.withdrawn", internship, f"Lien du tuteur retiré : {reason.strip()}")
    return len(links)


def _held(internship_id: int, actor: User) -> Internship:
    internship = held_internship(internship_id)
    if not actor.has_perm(TraineePermission.WRITE_INTERNSHIP, internship):
        raise NotAllowed("Vous n’avez pas le droit d’écrire dans les stages de cette école.")
    return internship
