"""The personal link by which somebody signs."""

from datetime import timedelta

from e2c_portal.links.models import PersonalLink
from e2c_portal.links.purposes import Purpose
from e2c_portal.signing import messages
from e2c_portal.signing.models import EnvelopeStatus
from e2c_portal.signing.purposes import purpose_of
from e2c_portal.signing.signatory_links import SIGN_LINK, signatory_of
from e2c_portal.signing.views import by_link


def _send(link: PersonalLink) -> None:
    signatory = signatory_of(link.subject)
    if signatory is None:
        return
    if signatory.envelope.status == EnvelopeStatus.COMPLETED:
        messages.send_completed(signatory)
    else:
        messages.send_invitation(signatory)


def _may_renew(link: PersonalLink) -> bool:
    signatory = signatory_of(link.subject)
    if signatory is None:
        return False
    if signatory.envelope.status == EnvelopeStatus.COMPLETED:
        return signatory.has_signed
    return signatory.envelope.is_open and signatory.is_unfinished and signatory.signs_by_link


def _contact(link: PersonalLink) -> str:
    signatory = signatory_of(link.subject)
    return purpose_of(signatory.envelope).contact(signatory.envelope) if signatory else ""


SIGN = Purpose(
    name=SIGN_LINK,
    label="Lire et signer un document",
    lifetime=timedelta(days=30),
    pages={
        "": by_link.read,
        "document": by_link.document,
        "en-clair": by_link.explain,
        "code": by_link.code,
        "signer": by_link.sign,
        "refuser": by_link.refuse,
        "deleguer": by_link.delegate,
    },
    send=_send,
    may_renew=_may_renew,
    contact=_contact,
    expired_text="Ce lien pour signer ne s’ouvre plus. S’il est encore temps de signer, demandez-en un nouveau.",
    revoked_text="Ce lien a été retiré : un autre vous a été envoyé, ou votre signature n’est plus demandée.",
)
