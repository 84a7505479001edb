"""The message that carries the link of a trainee's own space. The link is made at the moment of sending."""

from datetime import timedelta

from e2c_portal.kernel.errors import Refused
from e2c_portal.links import issuing
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.requesting import send_mail_on_commit
from trainees.models import Trainee
from trainees.reads.trainee_space import TRAINEE_SPACE, current_pathway, link_of, opens, trainee_of

NO_ACCESS = "Cette personne n’a plus d’accès par lien."


def send_space_link(trainee: Trainee) -> Mail:
    """Ask for the message that carries the link. Raises Refused within five minutes of the last one."""
    pathway = current_pathway(trainee)
    referent = pathway.referent if pathway else None
    words = {"school": str(trainee.school), "contact": f"{referent}, {referent.email}" if referent else ""}
    recipient = Recipient(trainee.email, str(trainee), referent.email if referent else "")
    return send_mail_on_commit(TRAINEE_SPACE, recipient, trainee, words)


def space_secret(mail: Mail) -> dict[str, str]:
    """Make the link of a message that is leaving. Raises Refused when this person has no access any more."""
    trainee = trainee_of(mail.subject)
    link = link_of(trainee) if trainee else None
    if link is None or not opens(link):
        raise Refused(NO_ACCESS, code="no_access")
    return {"link": issuing.rotate(link, delivery=mail.delivery)}


def space_left(mail: Mail) -> None:
    """Retire the links of earlier messages, now that this one left."""
    issuing.delivered(mail.delivery)


TYPES: tuple[MailType, ...] = (
    MailType(
        TRAINEE_SPACE, "Mes stages, par lien personnel", subject="Vos stages : où, quand, qui appeler",
        cool_down=timedelta(minutes=5), examples={"link": "https://portail.exemple.invalid/lien/exemple/"},
        secrets=space_secret, sent=space_left,
        sample={"school": "École de la 2e chance (exemple)", "contact": "Nadia Exemple, nadia@ecole.example"},
    ),
)  # fmt: skip
