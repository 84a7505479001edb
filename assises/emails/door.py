"""The message that carries the link of a door. The link is made at the moment of sending."""

from datetime import timedelta

from django.utils.formats import date_format

from assises.models import DoorPost
from assises.reads.door import DOOR_MAIL, link_of, may_be_held, post_of
from e2c_portal.kernel.errors import Refused
from e2c_portal.links import issuing
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.requesting import send_mail_on_commit

NO_LINK = "Cette porte est fermée : son lien ne s’ouvre plus."


def send_door_link(post: DoorPost) -> Mail:
    """Ask for the message that carries the link. Raises Refused within five minutes of the last one."""
    edition = post.edition
    words = {
        "edition": edition.name, "post": post.name, "day": date_format(edition.held_on, "l j F Y"),
        "place": edition.place_line, "contact": edition.contact_email,
    }  # fmt: skip
    return send_mail_on_commit(
        DOOR_MAIL, Recipient(post.holder_email, post.holder_name, edition.contact_email), post, words
    )


def door_secret(mail: Mail) -> dict[str, str]:
    """Make the link of a message that is leaving. Raises Refused when this post has none any more."""
    post = post_of(mail.subject)
    link = link_of(post) if post and may_be_held(post) else None
    if link is None or link.email.lower() != mail.email.lower():
        raise Refused(NO_LINK, code="no_link")
    return {"link": issuing.rotate(link, delivery=mail.delivery)}


def door_left(mail: Mail) -> None:
    """Retire the links of earlier messages, now that this one left."""
    issuing.delivered(mail.delivery)


TYPES: tuple[MailType, ...] = (
    MailType(
        DOOR_MAIL, "Porte des Assises, par lien personnel", subject="Votre lien pour tenir une porte : {{ edition }}",
        cool_down=timedelta(minutes=5), examples={"link": "https://portail.exemple.invalid/lien/exemple/"},
        secrets=door_secret, sent=door_left,
        sample={
            "edition": "Assises 2027 (exemple)", "post": "Porte nord", "day": "jeudi 4 mars 2027",
            "place": "Hôtel de Région, Montpellier", "contact": "assises@exemple.invalid",
        },
    ),
)  # fmt: skip
