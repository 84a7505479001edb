"""The types of messages: apps register theirs in AppConfig.ready, so that this floor learns no business word.

The words of a type "signing.invitation" stand in templates/emails/signing/invitation.txt and .html, both of which begin with
`{% extends layout %}` and fill the block `body`. They receive the frozen context, the secrets, `subject_line`,
`recipient_name` and `portal_url`. A text message has one template, templates/emails/signing/invitation.sms.txt.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.search import fold

if TYPE_CHECKING:
    from e2c_portal.mailing.models import Mail, Message, Sms


@dataclass(frozen=True)
class Attachment:
    """A file that leaves with an e-mail. It is read at the moment of sending and never stored with the message."""

    name: str
    content: bytes
    mime: str


def no_secret(message: "Message") -> Mapping[str, str]:
    """Say that the message holds neither link nor code."""
    return {}


def no_attachment(mail: "Mail") -> Sequence[Attachment]:
    """Say that no file leaves with the message."""
    return ()


def nobody_to_tell(message: "Message") -> None:
    """Do nothing when the message left or failed."""


@dataclass(frozen=True)
class MessageType:
    """What e-mails and text messages have in common.

    `secrets(message)` makes the links and codes at the moment of sending, once per try; they are never stored. Refused
    raised there cancels the message with that reason: it has lost its object. `examples` gives harmless values for the
    previews, under exactly the names that `secrets` returns. `sample` is a likely context: staff reads over it what the type says.
    `sent` and `undelivered` (failed or bounced) are called after the outcome is recorded, in a transaction of their own, and
    again until they succeed: they must stand being called twice.
    """

    name: str
    label: str
    cool_down: timedelta = timedelta(0)
    examples: Mapping[str, str] = field(default_factory=dict)
    sample: Mapping[str, Any] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """The path of its templates, without their ending."""
        app, _, name = self.name.partition(".")
        return f"emails/{app}/{name}"


@dataclass(frozen=True)
class MailType(MessageType):
    """A type of e-mail. `subject` is a Django template over the frozen context, never over secrets.

    `digestable`: waits for the message of the day of its recipient, where several are grouped.
    `stoppable`: its recipient may ask for no more of them; a message that the law or a procedure asks for may not be.
    `staff`: written to people who work with the portal; others never see it among what they may stop.
    """

    subject: str = ""
    digestable: bool = False
    stoppable: bool = False
    staff: bool = False
    secrets: "Callable[[Mail], Mapping[str, str]]" = no_secret
    attachments: "Callable[[Mail], Sequence[Attachment]]" = no_attachment
    sent: "Callable[[Mail], None]" = nobody_to_tell
    undelivered: "Callable[[Mail], None]" = nobody_to_tell


@dataclass(frozen=True)
class SmsType(MessageType):
    """A type of text message: short, without accents that cost, never stored."""

    secrets: "Callable[[Sms], Mapping[str, str]]" = no_secret
    sent: "Callable[[Sms], None]" = nobody_to_tell
    undelivered: "Callable[[Sms], None]" = nobody_to_tell


Kind = TypeVar("Kind", MailType, SmsType)

_mail_types: dict[str, MailType] = {}
_sms_types: dict[str, SmsType] = {}


def register(kind: MailType | SmsType) -> None:
    """Add a type. Raises ValueError when its name is taken by another; an e-mail and a text message may share one."""
    if isinstance(kind, MailType):
        if _mail_types.setdefault(kind.name, kind) != kind:
            raise ValueError(f"mail type {kind.name!r} is registered twice")
    elif _sms_types.setdefault(kind.name, kind) != kind:
        raise ValueError(f"sms type {kind.name!r} is registered twice")


def mail_type_named(name: str) -> MailType:
    """Return the type of e-mail of that name. Raises PortalError when no app registered it."""
    return _named(_mail_types, name)


def sms_type_named(name: str) -> SmsType:
    """Return the type of text message of that name. Raises PortalError when no app registered it."""
    return _named(_sms_types, name)


def type_of(message: "Message") -> MailType | SmsType:
    """Return the type of a message. Raises PortalError when no app registered it."""
    return mail_type_named(message.kind) if message._meta.model_name == "mail" else sms_type_named(message.kind)


def all_mail_types() -> list[MailType]:
    """Return every type of e-mail, by label."""
    return sorted(_mail_types.values(), key=lambda kind: fold(kind.label))


def all_sms_types() -> list[SmsType]:
    """Return every type of text message, by label."""
    return sorted(_sms_types.values(), key=lambda kind: fold(kind.label))


def _named(types: Mapping[str, Kind], name: str) -> Kind:
    try:
        return types[name]
    except KeyError:
        raise PortalError("Ce type de message n’est plus connu du portail.", code="unknown_message_type") from None
