"""The messages about presence and accidents: the link of the tutor, what it reports, the clock that runs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import day_in_letters, period_in_letters
from e2c_portal.links import issuing
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.requesting import send_mail_on_commit
from trainees.models import AccidentReport, Internship, TutorReport
from trainees.reads.accidents import clock_of
from trainees.reads.attendance import people_to_tell
from trainees.reads.tutor_links import TUTOR_MAIL, internship_of, links_of, opens

REPORTED, REPORT_RECEIPT = "trainees.presence_reported", "trainees.report_receipt"
ACCIDENT, ACCIDENT_RECEIPT, ACCIDENT_DUE = (
    "trainees.accident_reported",
    "trainees.accident_receipt",
    "trainees.accident_due",
)
EXAMPLE_LINK = "https://portail.exemple.invalid/lien/exemple/"
NO_LINK = "Ce tuteur n’a plus de lien pour ce stage."
SETTLED = "Cet accident est déclaré ou classé : il n’y a plus rien à rappeler."


def send_tutor_link(internship: Internship) -> Mail:
    """Ask for the message that carries the link. Raises Refused within five minutes of the last one."""
    return _to_tutor(TUTOR_MAIL, internship, internship, {})


def tell_school_of_report(report: TutorReport) -> None:
    """Tell the referents at once: a minor may be missing."""
    words = {**_report_words(report), "who": report.contact.full_name, "url": _address(report)}
    for user in _referents(report.internship):
        send_mail_on_commit(REPORTED, _recipient(user), report, words)


def send_report_receipt(report: TutorReport) -> None:
    """Give the tutor a receipt of what they reported."""
    _to_tutor(REPORT_RECEIPT, report.internship, report, _report_words(report))


def tell_school_of_accident(accident: AccidentReport) -> None:
    """Tell the referents of an accident at once, without what happened to the person: the page holds it."""
    for user in followers_of_accident(accident):
        send_mail_on_commit(ACCIDENT, _recipient(user), accident, _accident_words(accident))


def send_accident_receipt(accident: AccidentReport) -> None:
    """Give the tutor a receipt of the accident they reported."""
    if accident.internship:
        words = {"occurred": _moment(accident.occurred_at), "received": _moment(accident.recorded_at or timezone.now())}
        _to_tutor(ACCIDENT_RECEIPT, accident.internship, accident, words)


def remind_of_accident(accident: AccidentReport, user: User, step: str) -> Mail:
    """Ask for the reminder of one step of the clock to one person; it leaves once."""
    key = f"{ACCIDENT_DUE}:{accident.pk}:{step}:{accident.deadline_at.isoformat()}:{user.pk}"
    words = _accident_words(accident) | {"late": step == "late"}
    return send_mail_on_commit(ACCIDENT_DUE, _recipient(user), accident, words, dedup_key=key)


def followers_of_accident(accident: AccidentReport) -> list[User]:
    """Return who is told of an accident: the referents, else those who lead the school."""
    internship = accident.internship
    return people_to_tell(accident.school_id, accident.pathway.referent, internship.referent if internship else None)


def _referents(internship: Internship) -> list[User]:
    return people_to_tell(internship.school_id, internship.referent, internship.pathway.referent)


def _to_tutor(kind: str, internship: Internship, record: Any, words: Mapping[str, Any]) -> Mail:
    tutor, people = internship.tutor, _referents(internship)
    assert tutor is not None  # noqa: S101  whoever calls has checked that there is one
    contact = ", ".join(f"{user.full_name} ({user.email})" for user in people)
    context = {
        "trainee": str(internship.trainee), "school": internship.school.name, "contact": contact,
        "period": period_in_letters(internship.starts_on, internship.last_day), **words,
    }  # fmt: skip
    reply_to = people[0].email if people else ""
    return send_mail_on_commit(kind, Recipient(tutor.email, tutor.full_name, reply_to), record, context)


def _report_words(report: TutorReport) -> dict[str, Any]:
    minutes = f", {report.late_minutes} minutes" if report.late_minutes else ""
    return {
        "trainee": str(report.internship.trainee), "kind_label": report.get_kind_display(),
        "day": day_in_letters(report.day), "halves": f"{report.get_halves_display().lower()}{minutes}", "note": report.note,
    }  # fmt: skip


def _accident_words(accident: AccidentReport) -> dict[str, Any]:
    clock = clock_of(accident, timezone.now())
    return {
        "trainee": str(accident.trainee), "occurred": _moment(accident.occurred_at), "deadline": _moment(accident.deadline_at),
        "left": clock.left_words, "who_declares": clock.who_declares, "url": _address(accident),
    }  # fmt: skip


def _recipient(user: User) -> Recipient:
    return Recipient(user.email, user.full_name)


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y à H:i")


def _address(record: Any) -> str:
    return settings.PORTAL_URL + record.get_absolute_url()


def link_secret(mail: Mail) -> dict[str, str]:
    """Make the link of a message that is leaving. Raises Refused when this tutor has none any more."""
    internship = internship_of(mail.subject)
    link = next((row for row in links_of(internship) if opens(row)), None) if internship else None
    if link is None or link.email.lower() != mail.email.lower():
        raise Refused(NO_LINK, code="no_link")
    return {"link": issuing.rotate(link, delivery=mail.delivery)}


def link_left(mail: Mail) -> None:
    """Retire the links of earlier messages, now that this one left."""
    issuing.delivered(mail.delivery)


def still_to_declare(mail: Mail) -> Mapping[str, str]:
    """Raise Refused when the accident was declared or set aside while the message waited."""
    accident = AccidentReport.objects.filter(pk=mail.subject.rpartition(":")[2]).first()
    if accident is None or not accident.is_open:
        raise Refused(SETTLED, code="settled")
    return {}


STAY = {
    "trainee": "Léa Exemple", "school": "École de la 2e chance de Nîmes", "contact": "Sofia Exemple (sofia@ecole.example)",
    "period": "du 2 mars 2027 au 19 mars 2027",
}  # fmt: skip
REPORT = {
    "trainee": "Léa Exemple", "kind_label": "Absence", "day": "4 mars 2027", "halves": "toute la journée",
    "note": "Elle n’a pas prévenu.", "who": "Paul Tuteur", "url": "https://portail.exemple.invalid/stagiaires/signalements/3/",
}  # fmt: skip
FALL = {
    "trainee": "Léa Exemple", "occurred": "4 mars 2027 à 10:40", "received": "4 mars 2027 à 11:05",
    "deadline": "6 mars 2027 à 11:05", "left": "Il reste 2 jours.",
    "who_declares": "L’école déclare l’accident à la caisse d’assurance maladie (code de la sécurité sociale, art. R412-5).",
    "url": "https://portail.exemple.invalid/stagiaires/accidents/2/",
}  # fmt: skip
TYPES: tuple[MailType, ...] = (
    MailType(
        TUTOR_MAIL, "Lien du tuteur", cool_down=timedelta(minutes=5), examples={"link": EXAMPLE_LINK},
        subject="Stage {{ trainee|of_name }} : votre lien de tuteur", secrets=link_secret, sent=link_left, sample=STAY,
    ),
    MailType(REPORTED, "Absence ou retard signalé par un tuteur", staff=True, sample=REPORT,
             subject="{{ kind_label }} {{ trainee|of_name }}, le {{ day }}"),
    MailType(REPORT_RECEIPT, "Accusé de réception d’un signalement", sample={**STAY, **REPORT},
             subject="Votre signalement pour {{ trainee }} est bien reçu"),
    MailType(ACCIDENT, "Accident signalé", staff=True, sample=FALL, subject="Accident {{ trainee|of_name }} : déclaration à faire"),
    MailType(ACCIDENT_RECEIPT, "Accusé de réception d’un accident signalé", sample={**STAY, **FALL},
             subject="L’accident {{ trainee|of_name }} est bien signalé à l’école"),
    MailType(
        ACCIDENT_DUE, "Accident à déclarer", staff=True, sample={**FALL, "late": False}, secrets=still_to_declare,
        subject="{% if late %}En retard{% else %}Rappel{% endif %} : accident {{ trainee|of_name }} à déclarer",
    ),
)  # fmt: skip
