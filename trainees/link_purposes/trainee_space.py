"""The personal links of this app: who opens what, for how long."""

from datetime import timedelta

from e2c_portal.kernel.errors import Refused
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.purposes import Purpose
from trainees.emails.trainee_space import send_space_link
from trainees.reads.trainee_space import TRAINEE_SPACE, current_pathway, opens, trainee_of
from trainees.views import certificate_space, trainee_portfolio, trainee_space


def _send(link: PersonalLink) -> None:
    trainee = trainee_of(link.subject)
    if trainee is None:
        raise Refused("Ce lien ne mène plus à personne.", code="no_access")
    send_space_link(trainee)


def _version(link: PersonalLink) -> str | None:
    return link.version if opens(link) else None


def _contact(link: PersonalLink) -> str:
    trainee = trainee_of(link.subject)
    pathway = current_pathway(trainee) if trainee else None
    return f"{pathway.referent}, {pathway.referent.email}" if pathway and pathway.referent else ""


SPACE = Purpose(
    name=TRAINEE_SPACE,
    label="Mes stages",
    lifetime=timedelta(days=180),
    pages={
        "": trainee_space.home,
        "document": trainee_space.document,
        certificate_space.PAGE: certificate_space.attestation,
        certificate_space.FILE_PAGE: certificate_space.credential,
        "evaluation": trainee_portfolio.evaluation,
        "competences": trainee_portfolio.skills,
        "preuve": trainee_portfolio.evidence,
        "fichier": trainee_portfolio.evidence_file,
    },
    send=_send,
    current_version=_version,
    may_renew=opens,
    contact=_contact,
    expired_text="Par sécurité, ce lien s’ouvre pendant six mois. Demandez-en un nouveau : il arrive à la même adresse.",
    revoked_text="Ce lien ne s’ouvre plus : votre adresse a changé, ou votre école l’a retiré. Demandez-lui un nouveau lien.",
)
