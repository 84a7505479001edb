"""How long messages are kept."""

from datetime import datetime

from django.db.models import QuerySet

from e2c_portal.kernel.retention import SUBJECT, Fate, Rule, kept
from e2c_portal.mailing import retention
from e2c_portal.mailing.models import Mail, Sms

MAIL_BASIS = "Prouver qu’une personne a été prévenue (art. 6-1-e du RGPD : mission d’intérêt public)."


def mails_over(limit: datetime) -> QuerySet[Mail]:
    """Return the e-mails that were over before a moment."""
    return Mail.objects.filter(finished_at__lt=limit)


def texts_over(limit: datetime) -> QuerySet[Sms]:
    """Return the text messages that were over before a moment."""
    return Sms.objects.filter(finished_at__lt=limit)


RULES = (
    Rule(
        "mailing.Mail", Fate.DELETED, "Supprimé deux ans après le dernier essai, ou avec la fiche dont il parle.", MAIL_BASIS,
        follows=(SUBJECT,), counted_from="le dernier essai d’envoi", delay=retention.KEPT_FOR, due=mails_over,
        purge=retention.purge_mails, mentions=("context", "subject_line", "name", "email", "answer", "failure"),
    ),
    Rule(
        "mailing.Sms", Fate.DELETED, "Supprimé deux ans après le dernier essai, ou avec la fiche dont il parle.", MAIL_BASIS,
        follows=(SUBJECT,), counted_from="le dernier essai d’envoi", delay=retention.KEPT_FOR, due=texts_over,
        purge=retention.purge_texts, mentions=("context", "answer", "failure"),
    ),
    kept(
        "mailing.Preference", "Conservé tant que la personne n’a pas repris les messages : une empreinte, sans adresse.",
        "Respect de l’opposition (RGPD, art. 21).",
    ),
)  # fmt: skip
