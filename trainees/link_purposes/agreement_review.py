"""The personal link by which the tutor reads a draft agreement and answers."""

from e2c_portal.links.models import PersonalLink
from e2c_portal.links.purposes import Purpose
from trainees.emails.agreements import send_review_request
from trainees.reads.agreements import followers_of
from trainees.reads.review_link import LIFETIME, REVIEW_LINK, agreement_of, opens
from trainees.views.agreement_review import review


def _send(link: PersonalLink) -> None:
    agreement = agreement_of(link.subject)
    if agreement and agreement.internship.tutor and opens(link):
        send_review_request(agreement, agreement.internship.tutor)


def _version(link: PersonalLink) -> str | None:
    return link.version if opens(link) else None


def _contact(link: PersonalLink) -> str:
    agreement = agreement_of(link.subject)
    people = followers_of(agreement.internship) if agreement else []
    return f"{people[0].full_name}, {people[0].email}" if people else ""


REVIEW = Purpose(
    name=REVIEW_LINK,
    label="Relire une convention de stage",
    lifetime=LIFETIME,
    pages={"": review},
    send=_send,
    current_version=_version,
    may_renew=opens,
    contact=_contact,
    expired_text="Ce lien pour relire ne s’ouvre plus. S’il est encore temps, demandez-en un nouveau.",
    outdated_text="La relecture est terminée : l’école a mis la convention à la signature, ou l’a reprise.",
)
