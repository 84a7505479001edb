"""The personal link by which the tutor of an internship follows and reports."""

from datetime import timedelta

from e2c_portal.links.models import PersonalLink
from e2c_portal.links.purposes import Purpose
from trainees.emails.attendance import send_tutor_link
from trainees.reads.attendance import people_to_tell
from trainees.reads.tutor_links import TUTOR_LINK, internship_of, opens, version_of
from trainees.views import tutor


def _send(link: PersonalLink) -> None:
    if (internship := internship_of(link.subject)) and internship.tutor:
        send_tutor_link(internship)


def _contact(link: PersonalLink) -> str:
    internship = internship_of(link.subject)
    if internship is None:
        return ""
    people = people_to_tell(internship.school_id, internship.referent, internship.pathway.referent)
    named = ", ".join(f"{user.full_name} ({user.email})" for user in people)
    return f"{internship.school.name} : {named}" if named else internship.school.name


TUTOR = Purpose(
    name=TUTOR_LINK,
    label="Lien du tuteur",
    lifetime=timedelta(days=120),
    pages={
        "": tutor.home,
        "absence": tutor.absence,
        "retard": tutor.lateness,
        "accident": tutor.accident,
        "recu": tutor.receipt,
    },
    send=_send,
    current_version=version_of,
    may_renew=opens,
    contact=_contact,
    expired_text="Ce lien s’ouvrait pendant le stage et quelques jours après. S’il dure encore, demandez-en un nouveau.",
    revoked_text="Ce lien a pris fin : le stage est terminé ou annulé, le tuteur a changé, ou l’école l’a retiré.",
    outdated_text="Le tuteur de ce stage a changé : ce lien ne s’ouvre plus.",
)
