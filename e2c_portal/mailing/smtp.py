"""Hand an e-mail to the mail server step by step, so that every failure says whether anything may have left."""

import logging
import smtplib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from e2c_portal.mailing.outcomes import Deferred, Rejected, Uncertain, Undelivered, Unreachable

logger = logging.getLogger(__name__)

DJANGO_SMTP = "django.core.mail.backends.smtp.EmailBackend"
OURS = "e2c_portal.mailing.smtp.StepByStepBackend"
TIMEOUT_SECONDS = 20
CLOSING = 421
ACCEPTED = (250, 251)


class StepByStepBackend(EmailBackend):
    """Django's SMTP backend, one message at a time, with the server's answer kept on the message as `answer`.

    Raises Unreachable, Deferred, Rejected (nothing left) or Uncertain (it may have arrived).
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.timeout = self.timeout or TIMEOUT_SECONDS

    def open(self) -> bool | None:
        try:
            return super().open()
        except (OSError, smtplib.SMTPException) as error:
            self.connection = self._partial_connection = None
            raise Unreachable(_told(error)) from None

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.open()
        try:
            for message in email_messages:
                message.answer = self._hand_over(message)  # type: ignore[attr-defined]
        finally:
            self._leave()
        return len(email_messages)

    def _hand_over(self, message: EmailMessage) -> str:
        encoding = message.encoding or settings.DEFAULT_CHARSET
        sender = sanitize_address(message.from_email, encoding)
        written: Any = message.message()
        content = written.as_bytes(linesep="\r\n")
        smtp = cast(smtplib.SMTP, self.connection)
        self._step(smtp.ehlo_or_helo_if_needed)
        options = [f"size={len(content)}"] if smtp.has_extn("size") else []
        self._accepted(self._step(partial(smtp.mail, sender, options)), final=Deferred)
        for recipient in message.recipients():
            address = sanitize_address(recipient, encoding)
            self._accepted(self._step(partial(smtp.rcpt, address)), final=Rejected)
        return self._content(smtp, content)

    def _step(self, say: Callable[[], Any]) -> Any:
        """Say one thing of the dialogue before the content. A silence here means that nothing left."""
        try:
            return say()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(_told(error)) from None

    def _content(self, smtp: smtplib.SMTP, content: bytes) -> str:
        try:
            reply = smtp.data(content)
        except smtplib.SMTPDataError as error:
            reply = (error.smtp_code, _bytes(error.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            raise Uncertain(_told(error)) from None
        self._accepted(reply, final=Rejected)
        return _answer(*reply)

    def _accepted(self, reply: tuple[int, bytes], *, final: type[Undelivered]) -> None:
        """Raise what a refusal means. `final` is for the 5xx: of the sender, it is our own settings that are wrong."""
        code, _ = reply
        if code in ACCEPTED:
            return
        if code == CLOSING:
            raise Unreachable(_answer(*reply))
        raise (final if code >= 500 else Deferred)(_answer(*reply))

    def _leave(self) -> None:
        """Part from the server. What it says then changes nothing to what it accepted."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (OSError, smtplib.SMTPException):
            connection.close()


def hand_over(message: EmailMessage) -> str:
    """Send one e-mail by the configured backend and return what the service answered. Raises Undelivered."""
    backend = OURS if settings.EMAIL_BACKEND == DJANGO_SMTP else settings.EMAIL_BACKEND
    connection = get_connection(backend)
    try:
        connection.send_messages([message])
    except OSError as error:
        raise Uncertain(_told(error)) from None
    return getattr(message, "answer", "")


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, _bytes(error.smtp_error))
    return f"{type(error).__name__} : {error}"


def _answer(code: int, words: bytes) -> str:
    return f"{code} {words.decode('utf-8', 'replace')}".strip()


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()
