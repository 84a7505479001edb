"""The messages to those who follow signatures: a link that does not arrive, a limit that comes near or has passed.

Both wait for the message of the day, and are given up when they no longer hold at the moment of sending.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel.errors import Refused
from e2c_portal.mailing.addresses import address_sha256
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.models import Mail, Message, Sms
from e2c_portal.mailing.requesting import send_mail_on_commit
from e2c_portal.signing.models import Envelope, EnvelopeStatus, Signatory, SignatoryStatus
from e2c_portal.signing.models.envelopes import UNFINISHED
from e2c_portal.signing.purposes import purpose_of
from e2c_portal.signing.signatory_links import signatory_of
from e2c_portal.signing.ways import LOST, next_best_way

UNREACHABLE, LIMIT = "signing.unreachable", "signing.limit"
SETTLED = (
    "Il n’y a plus rien à faire : la signature est faite, n’est plus demandée, ou la personne a une autre adresse."
)


def send_unreachable(signatory: Signatory, message: Message) -> None:
    """Tell those who follow that a message with the link did not arrive, with the next best way. Once per message."""
    if not _is_lost(signatory, message.address):  # type: ignore[attr-defined]
        return
    context = {
        **_words(signatory.envelope), "who": signatory.full_name, "address": message.address,  # type: ignore[attr-defined]
        "message": message.delivery, "signatory": subject_of(signatory), "why": message.failure,
        "advice": next_best_way(signatory, message),
        "path": reverse("signing:signatory", args=[signatory.envelope.public_id, signatory.public_id]),
    }  # fmt: skip
    for follower in purpose_of(signatory.envelope).followers(signatory.envelope):
        key = f"{UNREACHABLE}:{message.public_id.hex}:{address_sha256(follower.email)[:32]}"
        # About the envelope: what is about the signatory was sent to the signatory.
        send_mail_on_commit(UNREACHABLE, follower, signatory.envelope, context, dedup_key=key)


def send_limit(envelope: Envelope) -> int:
    """Tell those who follow that the limit is near or has passed, and who is awaited. Once each per limit; returns how many."""
    over = envelope.status == EnvelopeStatus.EXPIRED
    awaited = envelope.signatories.filter(status__in=UNFINISHED).order_by("rank", "pk")
    context = {
        **_words(envelope), "until": _day(envelope.expires_at), "over": over,
        "awaited": [f"{person.full_name} ({person.role})" for person in awaited],
        "path": reverse("signing:envelope", args=[envelope.public_id]),
    }  # fmt: skip
    step = f"{LIMIT}:{envelope.pk}:{envelope.expires_at:%Y%m%d%H%M}:{'over' if over else 'near'}"
    followers = purpose_of(envelope).followers(envelope)
    for follower in followers:
        key = f"{step}:{address_sha256(follower.email)[:32]}"
        send_mail_on_commit(LIMIT, follower, envelope, context, dedup_key=key)
    return len(followers)


def _words(envelope: Envelope) -> dict[str, Any]:
    document = envelope.document
    return {"title": document.title, "reference": document.reference, "label": purpose_of(envelope).label}


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


def _is_lost(signatory: Signatory, address: str) -> bool:
    """Say whether this person is still awaited, and still reached by that address alone."""
    awaited = signatory.status == SignatoryStatus.INVITED and signatory.envelope.is_open and signatory.signs_by_link
    return awaited and address == (signatory.email or signatory.phone)


def _still_lost(mail: Mail) -> Mapping[str, str]:
    """Raise Refused once somebody found another way, the message left after all, or the signature came."""
    signatory = signatory_of(mail.context["signatory"])
    medium, _, public_id = mail.context["message"].partition(":")
    lost = (Mail if medium == "mail" else Sms)._default_manager.filter(public_id=public_id, status__in=LOST)
    if signatory is None or not _is_lost(signatory, mail.context["address"]) or not lost.exists():
        raise Refused(SETTLED, code="settled")
    return {}


def _still_awaited(mail: Mail) -> Mapping[str, str]:
    """Raise Refused once all have signed, the envelope has ended, or more time was given."""
    status = EnvelopeStatus.EXPIRED if mail.context["over"] else EnvelopeStatus.OPEN
    envelope = Envelope.objects.filter(pk=mail.subject.rpartition(":")[2], status=status).first()
    if envelope is None or _day(envelope.expires_at) != mail.context["until"]:
        raise Refused(SETTLED, code="settled")
    if not envelope.signatories.filter(status__in=UNFINISHED).exists():
        raise Refused(SETTLED, code="settled")
    return {}


SAMPLE = {
    "title": "Convention de partenariat avec la Fabrique d’Oc", "reference": "CP-2026-014",
    "label": "Convention de partenariat",
}  # fmt: skip
TYPES = (
    MailType(
        UNREACHABLE, "Signataire injoignable", subject="{{ who }} n’a pas reçu le lien pour signer : {{ title }}",
        digestable=True, secrets=_still_lost,
        sample={
            **SAMPLE, "who": "Paul Exemple", "address": "paul.exemple@fabrique-doc.example",
            "message": "", "signatory": "", "why": "Cette boîte n’existe pas.", "path": "/signatures/exemple/",
            "advice": "Les messages ne lui parviennent pas : corrigez l’adresse, ou choisissez le papier ou la signature sur place.",
        },
    ),
    MailType(
        LIMIT, "Délai de signature",
        subject="{% if over %}Le délai pour signer est dépassé{% else %}À signer avant le {{ until }}{% endif %} : {{ title }}",
        digestable=True, stoppable=True, staff=True, secrets=_still_awaited,
        sample={
            **SAMPLE, "until": "4 décembre 2026", "over": False, "path": "/signatures/exemple/",
            "awaited": ["Paul Exemple (Pour l’entreprise)", "Anne Exemple (Pour la Région)"],
        },
    ),
)  # fmt: skip
