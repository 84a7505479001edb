"""The personal link by which somebody holds a door: it scans, and opens nothing else."""

from datetime import timedelta

from assises.emails.door import send_door_link
from assises.reads.door import DOOR_LINK, link_opens, post_of
from assises.views import door_link
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.purposes import Purpose


def _send(link: PersonalLink) -> None:
    if (post := post_of(link.subject)) and link_opens(link):
        send_door_link(post)


def _version(link: PersonalLink) -> str | None:
    return link.version if link_opens(link) else None


def _contact(link: PersonalLink) -> str:
    post = post_of(link.subject)
    return f"{post.edition.name} : {post.edition.contact_email}" if post and post.edition.contact_email else ""


DOOR = Purpose(
    name=DOOR_LINK,
    label="Porte des Assises",
    lifetime=timedelta(days=120),
    pages=door_link.PAGES,
    send=_send,
    current_version=_version,
    may_renew=link_opens,
    contact=_contact,
    expired_text="Le lien d’une porte s’ouvre jusqu’à trois jours après la journée.",
    revoked_text=(
        "Cette porte est fermée, ou une autre personne la tient. Si des passages attendent dans ce téléphone, demandez un "
        "nouveau lien à la Région et ouvrez-le ici : ils partiront d’eux-mêmes."
    ),
)
