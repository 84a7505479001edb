"""The messages about assessments by companies: asked, recalled, received, handed over; told to the school and to the trainee."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from e2c_portal.accounts.models import User
from e2c_portal.documents import storage
from e2c_portal.documents.models import Document
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import counted, day_in_letters, period_in_letters
from e2c_portal.links import issuing
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import Attachment, MailType
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.requesting import send_mail_on_commit
from partnerships.models import CompanyContact
from trainees.emails.trainee_space import space_left, space_secret
from trainees.life import assessments as life
from trainees.models import CompanyAssessment, TraineeAnswer
from trainees.reads.assessment_link import (
    ASK_MAIL,
    HANDED_MAIL,
    REMIND_MAIL,
    contact_of,
    link_of,
    opens,
    paper_of,
)
from trainees.reads.attendance import people_to_tell

RECEIPT, SUBMITTED, FILLED = (
    "trainees.assessment_receipt",
    "trainees.assessment_submitted",
    "trainees.assessment_filled",
)
DISPUTED = "trainees.assessment_disputed"
DECLINED, LATE, NOBODY, HANDED_TOLD = (
    "trainees.assessment_declined",
    "trainees.assessment_late",
    "trainees.assessment_nobody",
    "trainees.assessment_handed_told",
)
NOTHING_LEFT = "Il n’y a plus d’évaluation à remplir par ce lien."
EXAMPLE_LINK = "https://portail.exemple.invalid/lien/exemple/"


def followers_of(assessment: CompanyAssessment) -> list[User]:
    """Return who in the school is told: the referents, else those who lead it."""
    internship = assessment.internship
    return people_to_tell(internship.school_id, internship.referent, internship.pathway.referent)


def send_request(contact: CompanyContact, rows: list[CompanyAssessment], *, key: str = "") -> Mail:
    """Ask for the message that carries the link, naming every assessment asked of one person in one go."""
    return _to_company(ASK_MAIL, contact, rows, {"sent_already": all(row.status != life.OPEN for row in rows)}, key)


def send_reminder(contact: CompanyContact, rows: list[CompanyAssessment], *, last: bool, key: str = "") -> Mail:
    """Ask for a reminder to one person, of all that is late in one go."""
    return _to_company(REMIND_MAIL, contact, rows, {"last": last}, key)


def send_handed_over(assessment: CompanyAssessment, contact: CompanyContact, by: CompanyContact) -> Mail:
    """Send the link to the colleague who was named."""
    return _to_company(HANDED_MAIL, contact, [assessment], {"by": by.full_name})


def tell_handed_over(assessment: CompanyAssessment, contact: CompanyContact, by: CompanyContact) -> None:
    """Tell the tutor whom they named, and the school."""
    words = _words(assessment) | {"to": contact.full_name, "to_email": contact.email, "by": by.full_name}
    if by.email:
        recipient = Recipient(by.email, by.full_name, _reply_to(assessment))
        send_mail_on_commit(HANDED_TOLD, recipient, assessment, words)
    for user in followers_of(assessment):
        send_mail_on_commit(HANDED_TOLD, Recipient(user.email, user.full_name), assessment, words)


def send_receipt(assessment: CompanyAssessment) -> None:
    """Give whoever assessed their receipt, with the sealed paper. Sent once."""
    told_by = assessment.told_by
    if told_by and told_by.email:
        words = _words(assessment) | {"reference": assessment.reference, "sent": _moment(assessment)}
        recipient = Recipient(told_by.email, told_by.full_name, _reply_to(assessment))
        send_mail_on_commit(RECEIPT, recipient, assessment, words, dedup_key=f"{RECEIPT}:{assessment.pk}")


def tell_school_submitted(assessment: CompanyAssessment, *, trainee_told: bool) -> None:
    """Tell those who follow the trainee, in the message of the day."""
    who = assessment.told_by.full_name if assessment.told_by else ""
    more = {"who": who, "url": _address(assessment), "answers": bool(assessment.question), "trainee_told": trainee_told}
    words = _words(assessment) | more
    _to_school(SUBMITTED, assessment, words)


def tell_trainee(assessment: CompanyAssessment) -> None:
    """Tell the trainee that there is something to read, by the link of « Mes stages »."""
    trainee = assessment.internship.trainee
    words = _words(assessment) | {
        "who": assessment.told_by.full_name if assessment.told_by else "", "again": assessment.version > 1,
    }  # fmt: skip
    recipient = Recipient(trainee.email, str(trainee), _reply_to(assessment))
    send_mail_on_commit(FILLED, recipient, trainee, words, dedup_key=f"{FILLED}:{assessment.pk}")


def tell_school_disputed(answer: TraineeAnswer, skills: int) -> None:
    """Tell those who follow the trainee at once that they see things otherwise, on so many skills; once for an answer.

    Whoever wrote the answer down knows already. What the trainee said is read on the page, never in a message.
    """
    assessment = answer.assessment
    words = _words(assessment) | {
        "points": counted(skills, "compétence", "compétences") if skills else "", "url": _address(assessment),
        "recorded_by": answer.recorded_by.full_name if answer.recorded_by else "",
    }  # fmt: skip
    _to_school(DISPUTED, assessment, words, key=f"{DISPUTED}:{answer.pk}", aside=answer.recorded_by)


def tell_school_declined(assessment: CompanyAssessment, contact: CompanyContact, reason: str) -> None:
    """Tell the school at once that the person asked will not answer, and why."""
    _to_school(
        DECLINED, assessment, _words(assessment) | _who(contact) | {"reason": reason, "url": _address(assessment)}
    )


def tell_school_late(assessment: CompanyAssessment) -> None:
    """Tell the school that two reminders changed nothing: it is time to call."""
    words = _words(assessment) | _who(assessment.respondent) | {"url": _address(assessment)}
    _to_school(LATE, assessment, words, key=f"{LATE}:{assessment.pk}")


def tell_school_nobody(assessment: CompanyAssessment) -> None:
    """Tell the school that nobody of the company can be asked: no tutor, no address, or they left."""
    words = _words(assessment) | _who(assessment.internship.tutor) | {"url": _address(assessment)}
    _to_school(NOBODY, assessment, words, key=f"{NOBODY}:{assessment.pk}")


def _to_school(
    kind: str, assessment: CompanyAssessment, words: Mapping[str, Any], key: str = "", aside: User | None = None
) -> None:
    for user in followers_of(assessment):
        if user == aside:
            continue
        dedup = f"{key}:{user.pk}" if key else ""
        send_mail_on_commit(kind, Recipient(user.email, user.full_name), assessment, words, dedup_key=dedup)


def _to_company(
    kind: str, contact: CompanyContact, rows: list[CompanyAssessment], more: Mapping[str, Any], key: str = ""
) -> Mail:
    stays = [_words(row) for row in rows]
    names = stays[0]["trainee"] if len(stays) == 1 else counted(len(stays), "stagiaire", "stagiaires")
    context = {
        "stays": stays, "names": names, "several": len(stays) > 1, "school": stays[0]["school"],
        "contact": stays[0]["contact"], "questions": any(stay["question"] for stay in stays), **more,
    }  # fmt: skip
    return send_mail_on_commit(
        kind, Recipient(contact.email, contact.full_name, _reply_to(rows[0])), contact, context, dedup_key=key
    )


def _words(assessment: CompanyAssessment) -> dict[str, Any]:
    """Return what every message names. A question of the school is never written in a message: the page shows it."""
    internship = assessment.internship
    people = followers_of(assessment)
    return {
        "trainee": str(internship.trainee), "school": internship.school.name,
        "company": internship.establishment.company.legal_name,
        "period": period_in_letters(internship.starts_on, internship.last_day), "due": day_in_letters(assessment.due_on),
        "question": bool(assessment.question),
        "contact": ", ".join(f"{user.full_name} ({user.email})" for user in people),
    }  # fmt: skip


def _who(contact: CompanyContact | None) -> dict[str, str]:
    return {"who": contact.full_name if contact else "", "who_phone": contact.phone if contact else ""}


def _reply_to(assessment: CompanyAssessment) -> str:
    people = followers_of(assessment)
    return people[0].email if people else ""


def _moment(assessment: CompanyAssessment) -> str:
    return date_format(timezone.localtime(assessment.submitted_at), "j F Y à H:i")


def _address(assessment: CompanyAssessment) -> str:
    return settings.PORTAL_URL + assessment.get_absolute_url()


def link_secret(mail: Mail) -> dict[str, str]:
    """Make the link of a message that is leaving. Raises Refused when nothing is left to assess by it."""
    contact = contact_of(mail.subject)
    link = link_of(contact) if contact else None
    if link is None or link.email.lower() != mail.email.lower() or not opens(link):
        raise Refused(NOTHING_LEFT, code="no_link")
    return {"link": issuing.rotate(link, delivery=mail.delivery)}


def link_left(mail: Mail) -> None:
    """Retire the links of earlier messages, now that this one left."""
    issuing.delivered(mail.delivery)


def receipt_attached(mail: Mail) -> list[Attachment]:
    """Return the sealed receipt, read at the moment of sending."""
    assessment = CompanyAssessment.objects.get(pk=int(mail.subject.rpartition(":")[2]))
    paper = paper_of(assessment)
    if paper is None:
        return []
    return [Attachment(file_name(assessment, paper), storage.read(paper.file, sha256=paper.sha256), "application/pdf")]


def file_name(assessment: CompanyAssessment, paper: Document) -> str:
    """Return the name under which the receipt is kept: « evaluation-EV-000123-v1.pdf »."""
    return f"evaluation-{paper.reference or assessment.reference}.pdf"


def still_open(mail: Mail) -> Mapping[str, str]:
    """Raise Refused when the assessment was sent or given up while the message waited."""
    pk = int(mail.subject.rpartition(":")[2])
    if not CompanyAssessment.objects.filter(pk=pk, status=life.OPEN).exists():
        raise Refused("Cette évaluation est envoyée ou sans objet : il n’y a plus rien à faire.", code="settled")
    return {}


def to_decide(mail: Mail) -> Mapping[str, str]:
    """Raise Refused when the school decided, or the company wrote anew, while the message waited."""
    pk = int(mail.subject.rpartition(":")[2])
    if not CompanyAssessment.objects.filter(pk=pk, status__in=life.TO_DECIDE).exists():
        raise Refused(
            "Cette évaluation est décidée, remplacée ou sans objet : il n’y a plus rien à lire.", code="settled"
        )
    return {}


def _samples(names: Iterable[str]) -> dict[str, Any]:
    stay = {
        "trainee": "Léa Exemple", "school": "École de la 2e chance de Nîmes", "company": "Boulangerie Exemple",
        "period": "du 2 mars 2027 au 19 mars 2027", "due": "19 mars 2027", "question": False,
        "contact": "Sofia Exemple (sofia@ecole.example)",
    }  # fmt: skip
    more = {
        "stays": [stay], "names": "Léa Exemple", "several": False, "questions": False, "last": False, "sent_already": False, "by": "Paul Tuteur",
        "to": "Nora Collègue", "to_email": "nora@entreprise.example", "reference": "EV-000012-v1",
        "sent": "19 mars 2027 à 10:42", "who": "Paul Tuteur", "who_phone": "04 67 00 00 00", "answers": False, "points": "2 compétences", "recorded_by": "", "again": False, "trainee_told": True,
        "reason": "Je n’ai pas travaillé avec elle.", "url": "https://portail.exemple.invalid/stagiaires/evaluations/12/",
    }  # fmt: skip
    return {**stay, **{name: more[name] for name in names}}


ASKED = ("stays", "names", "several", "questions")
CARRIES = {"examples": {"link": EXAMPLE_LINK}, "secrets": link_secret, "sent": link_left}
TYPES: tuple[MailType, ...] = (
    MailType(ASK_MAIL, "Évaluation à remplir par l’entreprise", sample=_samples([*ASKED, "sent_already"]), **CARRIES,  # type: ignore[arg-type]
             subject="{% if sent_already %}Votre lien d’évaluation{% elif questions %}Une question sur le stage{% else %}Ce que sait faire votre stagiaire{% endif %} : {{ names }}"),
    MailType(REMIND_MAIL, "Rappel d’une évaluation", sample=_samples([*ASKED, "last"]), **CARRIES,  # type: ignore[arg-type]
             subject="Rappel : votre évaluation du stage, {{ names }}"),
    MailType(HANDED_MAIL, "Évaluation confiée à un collègue", sample=_samples([*ASKED, "by"]), **CARRIES,  # type: ignore[arg-type]
             subject="{{ by }} vous confie l’évaluation d’un stage : {{ names }}"),
    MailType(HANDED_TOLD, "Évaluation confiée : copie au tuteur et à l’école", sample=_samples(["by", "to", "to_email"]),
             subject="L’évaluation du stage de {{ trainee }} est confiée à {{ to }}"),
    MailType(RECEIPT, "Accusé de réception d’une évaluation", sample=_samples(["reference", "sent"]),
             attachments=receipt_attached, subject="Votre évaluation du stage de {{ trainee }} est bien reçue"),
    MailType(SUBMITTED, "Évaluation remise par une entreprise", staff=True, digestable=True, stoppable=True,
             sample=_samples(["who", "url", "answers", "trainee_told"]), subject="{{ company }} a évalué le stage de {{ trainee }}"),
    MailType(FILLED, "Évaluation à lire par le stagiaire", sample=_samples(["who", "again"]),
             examples={"link": EXAMPLE_LINK}, secrets=space_secret, sent=space_left,
             subject="Votre tuteur a rempli l’évaluation de votre stage : lisez-la et répondez"),
    MailType(DISPUTED, "Un stagiaire n’est pas d’accord avec son évaluation", staff=True, secrets=to_decide,
             sample=_samples(["points", "recorded_by", "url"]),
             subject="{{ trainee }} n’est pas d’accord avec l’évaluation de son stage"),
    MailType(DECLINED, "Évaluation : la personne demandée ne peut pas répondre", staff=True,
             sample=_samples(["who", "who_phone", "reason", "url"]), secrets=still_open,
             subject="Évaluation du stage de {{ trainee }} : {{ who }} ne répondra pas"),
    MailType(LATE, "Évaluation en retard après deux rappels", staff=True, digestable=True, stoppable=True, secrets=still_open,
             sample=_samples(["who", "who_phone", "url"]), subject="Évaluation en retard : stage de {{ trainee }}, {{ company }}"),
    MailType(NOBODY, "Évaluation sans destinataire", staff=True, digestable=True, stoppable=True, secrets=still_open,
             sample=_samples(["who", "who_phone", "url"]),
             subject="Personne à qui demander l’évaluation du stage de {{ trainee }}"),
)  # fmt: skip
