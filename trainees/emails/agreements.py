"""The messages about agreements: the tutor who reads a draft, the school that follows, the trainee and who answers for them.

Invitations to sign, reminders and receipts are those of the signing engine; what they add for a trainee is in
sheets.agreement_explained.
"""

from collections.abc import Mapping
from typing import Any

from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import date_in_letters, period_in_letters
from e2c_portal.links import issuing
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.models import Mail, Message
from e2c_portal.mailing.requesting import send_mail_on_commit
from e2c_portal.signing.models import Envelope
from partnerships.models import CompanyContact
from trainees.models import AgreementAmendment, Internship, InternshipAgreement
from trainees.reads.agreements import followers_of
from trainees.reads.review_link import REVIEW_MAIL, agreement_of, link_for, opens
from trainees.reads.schedule_words import rows_of, told
from trainees.reads.signers import representative_for

REVIEWED, SIGNED, STOPPED = (
    "trainees.agreement_reviewed", "trainees.agreement_signed", "trainees.agreement_stopped",
)  # fmt: skip
LAPSED = "trainees.agreement_lapsed"
CONFIRMED, CONFIRMED_PARENT = "trainees.internship_confirmed", "trainees.internship_confirmed_parent"
EXAMPLE_LINK = "https://portail.exemple.invalid/lien/exemple/"
OVER = "La relecture de cette convention est terminée."


def send_review_request(agreement: InternshipAgreement, tutor: CompanyContact) -> Mail:
    """Ask for the message that carries the link of the review. Raises Refused within five minutes of the last one."""
    internship = agreement.internship
    people = followers_of(internship)
    words = {**_words(internship), "sender": str(people[0]) if people else internship.school.name}
    recipient = Recipient(tutor.email, tutor.full_name, people[0].email if people else "")
    return send_mail_on_commit(REVIEW_MAIL, recipient, agreement, words)


def tell_of_host_reply(agreement: InternshipAgreement) -> None:
    """Tell the school what the company answers."""
    internship = agreement.internship
    tutor = internship.tutor.full_name if internship.tutor else ""
    words = {**_words(internship), "tutor": tutor, "reply": agreement.host_reply, "path": agreement.get_absolute_url()}
    for person in followers_of(internship):
        send_mail_on_commit(REVIEWED, Recipient(person.email, person.full_name), agreement, words)


def send_signed(envelope: Envelope, subject: InternshipAgreement | AgreementAmendment, blocked: str = "") -> None:
    """Tell the school that everybody has signed, and what prevents it from being recorded, if anything does."""
    _to_school(SIGNED, envelope, subject, {"blocked": blocked})


def send_stopped(envelope: Envelope, subject: InternshipAgreement | AgreementAmendment) -> None:
    """Tell the school that a signature was refused, or that its document was given up."""
    _to_school(STOPPED, envelope, subject, {"why": envelope.end_reason})


def _to_school(
    kind: str, envelope: Envelope, subject: InternshipAgreement | AgreementAmendment, more: Mapping[str, Any]
) -> None:
    document = envelope.document
    words = {"title": document.title, "reference": document.reference, "path": subject.get_absolute_url(), **more}
    # Who signed is told by the engine already, with the sealed document.
    told = (
        set(envelope.signatories.exclude(email="").values_list("email", flat=True))
        if more.get("blocked") == ""
        else set()
    )
    for person in followers_of(internship_of(subject), envelope.opened_by):
        if person.email in told:
            continue
        send_mail_on_commit(kind, Recipient(person.email, person.full_name), subject, words)


def tell_signatories_of_lapse(agreement: InternshipAgreement, why: str) -> None:
    """Tell those who signed an agreement that it counts no more: its internship is given up."""
    envelope = agreement.signed_envelope()
    if envelope is None:
        return
    words = {**_words(agreement.internship), "reference": agreement.reference, "why": why}
    for person in envelope.signatories.exclude(email="").filter(status="signed"):
        send_mail_on_commit(LAPSED, Recipient(person.email, person.full_name), agreement, words)


def internship_of(subject: InternshipAgreement | AgreementAmendment) -> Internship:
    """Return the internship that an agreement or an amendment is about."""
    return subject.agreement.internship if isinstance(subject, AgreementAmendment) else subject.internship


def tell_family(agreement: InternshipAgreement) -> None:
    """Tell the trainee, and who answers for them, that the internship is confirmed, with all that is useful."""
    internship = agreement.internship
    words = {**_words(internship), **_practical(internship)}
    people = followers_of(internship)
    reply_to = people[0].email if people else ""
    trainee = internship.trainee
    if trainee.email:
        send_mail_on_commit(CONFIRMED, Recipient(trainee.email, str(trainee), reply_to), agreement, words)
    parent = representative_for(internship)
    if parent and parent.email:
        recipient = Recipient(parent.email, parent.full_name, reply_to)
        send_mail_on_commit(CONFIRMED_PARENT, recipient, agreement, words)


def _words(internship: Internship) -> dict[str, Any]:
    return {
        "trainee": str(internship.trainee),
        "company": internship.establishment.company.legal_name,
        "period": period_in_letters(internship.starts_on, internship.ends_on),
        "school": internship.school.name,
    }


def _practical(internship: Internship) -> dict[str, Any]:
    place, tutor, referent = internship.establishment, internship.tutor, internship.referent
    address = ", ".join(filter(None, (place.name, place.address, f"{place.postal_code} {place.city}".strip())))
    return {
        "first_day": date_in_letters(internship.starts_on),
        "address": address,
        "access": " ".join(internship.access.split()),
        "hours": told(rows_of(internship.days.all())),
        "tutor": ", ".join(filter(None, (tutor.full_name, tutor.phone))) if tutor else "",
        "referent": f"{referent.full_name} ({referent.email})" if referent else "",
    }


def review_secret(message: Message) -> dict[str, str]:
    """Make the link of a message that is leaving. Raises Refused once the review is over."""
    agreement = agreement_of(message.subject)
    if agreement is None or agreement.internship.tutor is None:
        raise Refused(OVER, code="review_over")
    link = link_for(agreement, agreement.internship.tutor)
    if not opens(link):
        raise Refused(OVER, code="review_over")
    return {"link": issuing.rotate(link, delivery=message.delivery)}


def review_left(message: Message) -> None:
    """Retire older links, now that this message left. Stands being called twice."""
    issuing.delivered(message.delivery)


SAMPLE = {
    "trainee": "Léa Exemple", "company": "Fournil d’Oc (exemple)", "period": "du 7 décembre 2026 au 18 décembre 2026",
    "school": "École de la 2e chance de Nîmes",
}  # fmt: skip
FOLLOWED = {
    "title": "Convention de stage de Léa Exemple",
    "reference": "ST-2026-000123/1",
    "path": "/stagiaires/stages/1/",
}
PRACTICAL = {
    **SAMPLE, "first_day": "le 7 décembre 2026", "address": "Fournil d’Oc, 12 rue du Four, 30000 Nîmes",
    "access": "Tram ligne 1, arrêt Arènes.", "tutor": "Marc Exemple, 06 00 00 00 00",
    "referent": "Sofia Exemple (sofia@exemple.invalid)",
    "hours": ["Semaine du 7 décembre 2026 : lundi à vendredi, 9 h – 12 h et 13 h – 17 h. Soit 35 h par semaine."],
}  # fmt: skip
TYPES = (
    MailType(
        REVIEW_MAIL, "Convention de stage à relire, pour le tuteur", examples={"link": EXAMPLE_LINK},
        sample={**SAMPLE, "sender": "Sofia Exemple"}, secrets=review_secret, sent=review_left,
        subject="À relire avant signature : le stage {{ trainee|of_name }}",
    ),
    MailType(
        REVIEWED, "Convention de stage relue par l’entreprise", staff=True,
        sample={**SAMPLE, "tutor": "Marc Exemple", "reply": "La pause est à 12 h 30.", "path": "/stagiaires/stages/1/"},
        subject="{% if reply %}Corrections proposées{% else %}Rien à corriger{% endif %} : le stage {{ trainee|of_name }}",
    ),
    MailType(
        SIGNED, "Convention de stage ou avenant signé par tous", staff=True, sample={**FOLLOWED, "blocked": ""},
        subject="Signé par tous : {{ title }}",
    ),
    MailType(
        STOPPED, "Signature d’un stage arrêtée, pour qui la suit", staff=True,
        sample={**FOLLOWED, "why": "Marc Exemple a refusé de signer : les horaires ont changé."},
        subject="Signature arrêtée : {{ title }}",
    ),
    MailType(
        LAPSED, "Convention de stage caduque, pour qui l’a signée",
        sample={**SAMPLE, "reference": "ST-2026-000123/1", "why": "L’entreprise ferme plus tôt que prévu."},
        subject="Le stage {{ trainee|of_name }} n’aura pas lieu",
    ),
    MailType(
        CONFIRMED, "Stage confirmé, pour le stagiaire", sample=PRACTICAL,
        subject="Votre stage chez {{ company }} est confirmé",
    ),
    MailType(
        CONFIRMED_PARENT, "Stage confirmé, pour le représentant légal", sample=PRACTICAL,
        subject="Le stage {{ trainee|of_name }} est confirmé",
    ),
)  # fmt: skip
