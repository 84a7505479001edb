"""Turn a message and its secrets into words: subject, plain text, HTML. Nothing made here is ever stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Template, TemplateDoesNotExist
from django.template.loader import get_template

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import typeset
from e2c_portal.mailing.addresses import one_line
from e2c_portal.mailing.message_types import Attachment, MailType, SmsType, mail_type_named, sms_type_named
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.preferences import stop_url

MESSAGE, ITEM = "message", "digest_item"
SUBJECT_LIMIT = 250
ATTACHMENTS_LIMIT_BYTES = 15 * 1024 * 1024
EXAMPLE_STOP_URL = "https://portail.exemple.invalid/messages/choix/exemple/"


@dataclass(frozen=True)
class Words:
    """What a person reads."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Part:
    """One message to put into words, with the secrets made for it."""

    mail: Mail
    kind: MailType
    secrets: Mapping[str, str]


def subject_line(kind: MailType, context: Mapping[str, Any]) -> str:
    """Return the subject, with French spaces. Raises Refused when a value in it would forge a header, PortalError when it would be empty."""
    line = Template(kind.subject).render(Context(dict(context), autoescape=False)).strip()
    if not line:
        raise PortalError("Ce message n’a pas d’objet.", code="empty_subject")
    line = typeset(one_line(line, "L’objet du message"))
    return line if len(line) <= SUBJECT_LIMIT else line[: SUBJECT_LIMIT - 1] + "…"


def preview(kind_name: str, context: Mapping[str, Any], *, recipient_name: str = "") -> Words:
    """Return the words of a type of e-mail over a context, with the harmless examples in place of the secrets.

    Raises PortalError for an unknown type, Refused for a context that cannot make a subject.
    """
    kind = mail_type_named(kind_name)
    line = subject_line(kind, context)
    values = _values(line, recipient_name, context, kind.examples, EXAMPLE_STOP_URL if kind.stoppable else "")
    return Words(line, _text(kind, MESSAGE, values), _html(kind, MESSAGE, values))


def sms_words(kind: SmsType, context: Mapping[str, Any], secrets: Mapping[str, str]) -> str:
    """Return the words of a text message."""
    values = {**context, **secrets, "portal_url": settings.PORTAL_URL}
    return " ".join(_render(f"{kind.template}.sms.txt", values, autoescape=False).split())


def preview_sms(kind_name: str, context: Mapping[str, Any]) -> str:
    """Return the words of a type of text message, with the harmless examples in place of the secrets."""
    kind = sms_type_named(kind_name)
    return sms_words(kind, context, kind.examples)


def preview_of(mail: Mail) -> Words:
    """Return the words of an e-mail as staff may read them: its own context, harmless examples in place of the secrets."""
    mails = list(mail.grouped.order_by("requested_at", "pk")) or [mail]
    parts = [Part(each, (kind := mail_type_named(each.kind)), kind.examples) for each in mails]
    return words_of(mail, parts, EXAMPLE_STOP_URL if _may_be_stopped(mail, parts) else "")


def email_of(mail: Mail, parts: Sequence[Part]) -> EmailMultiAlternatives:
    """Return the e-mail ready to leave: `mail` itself as its only part, or the message of the day that groups several."""
    staff = any(part.kind.staff for part in parts)
    stop = stop_url(mail.email, mail.kind, staff=staff) if _may_be_stopped(mail, parts) else ""
    words = words_of(mail, parts, stop)
    message = EmailMultiAlternatives(
        subject=words.subject, body=words.text, from_email=settings.MAIL_RETURN_PATH or settings.DEFAULT_FROM_EMAIL,
        to=[formataddr((mail.name, mail.email))], reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=_headers(mail, stop),
    )  # fmt: skip
    message.attach_alternative(words.html, "text/html")
    for attachment in _attachments(parts):
        message.attach(attachment.name, attachment.content, attachment.mime)
    return message


def words_of(mail: Mail, parts: Sequence[Part], stop: str) -> Words:
    """Return the words of an e-mail whose secrets are made."""
    kind = mail_type_named(mail.kind)
    alone = len(parts) == 1 and parts[0].mail.pk == mail.pk
    values = _values(mail.subject_line, mail.name, mail.context, parts[0].secrets if alone else {}, stop)
    if not alone:
        values["texts"] = [_item(part, _text) for part in parts]
        values["htmls"] = [_item(part, _html) for part in parts]
    return Words(mail.subject_line, _text(kind, MESSAGE, values), _html(kind, MESSAGE, values))


def _may_be_stopped(mail: Mail, parts: Sequence[Part]) -> bool:
    return mail_type_named(mail.kind).stoppable or any(part.kind.stoppable for part in parts)


def _headers(mail: Mail, stop: str) -> dict[str, str]:
    headers = {
        "Message-ID": mail.message_id,
        # The envelope may bear another address: the one where mail servers send back what they cannot deliver.
        "From": settings.DEFAULT_FROM_EMAIL,
        # Answering machines keep quiet, and an answer written by a machine is never answered.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if stop:
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _attachments(parts: Sequence[Part]) -> list[Attachment]:
    files = [attachment for part in parts for attachment in part.kind.attachments(part.mail)]
    if sum(len(attachment.content) for attachment in files) > ATTACHMENTS_LIMIT_BYTES:
        raise PortalError("Les pièces jointes dépassent 15 Mo : envoyez plutôt un lien.", code="attachments_too_large")
    return files


def _item(part: Part, render: Any) -> str:
    values = _values(part.mail.subject_line, part.mail.name, part.mail.context, part.secrets, "")
    return render(part.kind, ITEM, values)


def _values(line: str, name: str, context: Mapping[str, Any], secrets: Mapping[str, str], stop: str) -> dict[str, Any]:
    return {
        **context, **secrets, "subject_line": line, "recipient_name": name, "portal_url": settings.PORTAL_URL,
        "stop_url": stop,
    }  # fmt: skip


def _text(kind: MailType, layout: str, values: Mapping[str, Any]) -> str:
    values = {**values, "layout": f"emails/base/{layout}.txt"}
    lines = [line.rstrip() for line in _render(f"{kind.template}.txt", values, autoescape=False).strip().splitlines()]
    kept = [line for number, line in enumerate(lines) if line or number == 0 or lines[number - 1]]
    return "\n".join(kept) + "\n"


def _html(kind: MailType, layout: str, values: Mapping[str, Any]) -> str:
    return _render(f"{kind.template}.html", {**values, "layout": f"emails/base/{layout}.html"}, autoescape=True)


def _render(template: str, values: Mapping[str, Any], *, autoescape: bool) -> str:
    try:
        found = get_template(template)
    except TemplateDoesNotExist:
        raise PortalError("Les mots de ce message ne se trouvent plus sur le portail.", code="no_words") from None
    return found.template.render(Context(dict(values), autoescape=autoescape))  # type: ignore[attr-defined]
