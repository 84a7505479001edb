"""The next best way to reach somebody who must sign, in one French sentence."""

from e2c_portal.mailing.models import Mail, Message, Status
from e2c_portal.mailing.sms import sms_available
from e2c_portal.signing.models import Method, Signatory, SignatoryStatus

LOST = (Status.FAILED, Status.BOUNCED)


def came_back(last: Message | None) -> bool:
    """Say whether the last message did not reach its recipient."""
    return last is not None and last.status in LOST


def next_best_way(signatory: Signatory, last: Message | None) -> str:
    """Return what to do so that this person can sign, empty when nothing has to be done. `last` is their last message."""
    if signatory.status == SignatoryStatus.TO_CHECK:
        return "Un exemplaire papier attend le contrôle d’une seconde personne."
    if signatory.status != SignatoryStatus.INVITED:
        return ""
    if signatory.method == Method.PAPER:
        return "Ajoutez le document signé sur papier, numérisé ou photographié."
    if signatory.method == Method.ON_SITE:
        return "Faites signer sur place, sur votre écran ou par QR code."
    if not came_back(last):
        return ""
    if isinstance(last, Mail) and signatory.phone and sms_available():
        return "Le courriel ne lui parvient pas : retirez l’adresse, le lien partira par message texte."
    return (
        "Les messages ne lui parviennent pas : corrigez l’adresse, ou choisissez le papier ou la signature sur place."
    )
