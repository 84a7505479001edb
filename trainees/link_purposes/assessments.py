"""The personal link by which somebody of a company assesses trainees."""

from datetime import timedelta

from e2c_portal.kernel.errors import Refused
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.purposes import Purpose
from trainees.emails.assessments import followers_of, send_request
from trainees.reads.assessment_link import ASSESSMENTS_LINK, contact_of, of_contact, opens, own_assessments
from trainees.views import assessment_acts as acts
from trainees.views import assessment_pages as pages


def _send(link: PersonalLink) -> None:
    contact = contact_of(link.subject)
    own = own_assessments(contact) if contact else None
    rows = (own.to_fill or own.sent) if own else []
    if contact is None or not rows:
        raise Refused("Il n’y a plus d’évaluation par ce lien. Appelez l’école.", code="no_access")
    send_request(contact, rows)


def _version(link: PersonalLink) -> str | None:
    return link.version if opens(link) else None


def _contact(link: PersonalLink) -> str:
    contact = contact_of(link.subject)
    row = of_contact(contact).order_by("-pk").first() if contact else None
    people = followers_of(row) if row else []
    return f"{row.school.name} : {people[0].full_name}, {people[0].email}" if row and people else ""


ASSESSMENTS = Purpose(
    name=ASSESSMENTS_LINK,
    label="Évaluer un stage",
    lifetime=timedelta(days=60),
    pages={
        "": pages.home,
        "evaluer": pages.fill,
        "saisie": pages.keep,
        "ajouter": pages.add,
        "verifier": acts.check,
        "recu": acts.receipt,
        "pdf": acts.paper,
        "corriger": acts.correct,
        "confier": acts.hand_over_page,
        "refuser": acts.decline_page,
    },
    send=_send,
    current_version=_version,
    may_renew=opens,
    contact=_contact,
    expired_text="Par sécurité, ce lien s’ouvrait pendant deux mois. Demandez-en un nouveau : ce que vous aviez tapé est gardé.",
    revoked_text="Ce lien ne s’ouvre plus : l’école l’a retiré. Appelez-la pour évaluer ce stage.",
    outdated_text="Il n’y a plus d’évaluation à remplir par ce lien : l’école a confié le stage à une autre personne, ou vous avez "
    "quitté l’entreprise.",
)
