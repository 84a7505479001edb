"""The messages of a transfer: to those who would receive the person, then to whoever asked. No name of a trainee leaves by e-mail."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from e2c_portal.kernel.french import day_in_letters
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.requesting import send_mail_on_commit
from trainees.models import TraineeTransfer
from trainees.reads.staff import leaders_of

ASKED, ANSWERED = "trainees.transfer_asked", "trainees.transfer_answered"


def tell_of_question(transfer: TraineeTransfer) -> None:
    """Ask those who lead the receiving school for an answer."""
    words = {**_words(transfer), "asked_by": transfer.asked_by.full_name}
    for leader in leaders_of(transfer.to_school):
        recipient = Recipient(leader.email, leader.full_name, transfer.asked_by.email)
        send_mail_on_commit(ASKED, recipient, transfer, words)


def tell_of_answer(transfer: TraineeTransfer) -> None:
    """Tell whoever asked what the receiving school answered."""
    asker = transfer.asked_by
    words = {
        **_words(transfer), "accepted": transfer.status == "accepted", "answer": transfer.answer,
        "decided_by": str(transfer.decided_by),
    }  # fmt: skip
    send_mail_on_commit(ANSWERED, Recipient(asker.email, asker.full_name), transfer, words)


def _words(transfer: TraineeTransfer) -> dict[str, Any]:
    return {
        "from_school": transfer.from_school.name, "to_school": transfer.to_school.name,
        "leaves_on": day_in_letters(transfer.leaves_on),
        "url": settings.PORTAL_URL + reverse("trainees:transfer", args=[transfer.pk]),
    }  # fmt: skip


SAMPLE = {
    "from_school": "École de Nîmes (exemple)", "to_school": "École de Montpellier (exemple)", "leaves_on": "12 mars 2027",
    "url": "https://portail.exemple.invalid/stagiaires/transferts/1/",
}  # fmt: skip
TYPES: tuple[MailType, ...] = (
    MailType(
        ASKED, "Transfert d’un stagiaire à accepter", subject="{{ from_school|with_article|capfirst }} vous propose d’accueillir un stagiaire",
        staff=True, sample={**SAMPLE, "asked_by": "Nadia Exemple"},
    ),
    MailType(
        ANSWERED, "Réponse à une demande de transfert",
        subject="Transfert vers {{ to_school|with_article }} : {% if accepted %}accepté{% else %}refusé{% endif %}",
        staff=True, sample={**SAMPLE, "accepted": False, "answer": "Plus de place avant septembre.", "decided_by": "Karim Modèle"},
    ),
)  # fmt: skip
