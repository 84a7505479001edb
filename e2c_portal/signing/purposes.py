"""What signatures are for: apps register theirs in AppConfig.ready, so that this floor learns no business word.

One purpose per kind of document. Its functions give the words shown to signatories and say who may manage an envelope; its
hooks tell the app what happened, each in the transaction of the change itself: a hook that raises undoes the change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from e2c_portal.documents.kinds import DocumentKind
from e2c_portal.kernel.errors import PortalError
from e2c_portal.mailing.addresses import Recipient

if TYPE_CHECKING:
    from e2c_portal.documents.models import Document
    from e2c_portal.signing.models import Envelope, Signatory

CONSENT_VERSION = "2026-11"
CONSENT = (
    "J’ai lu ce document, j’en accepte le contenu et je le signe électroniquement en qualité de {quality}. "
    "Je sais que cette signature m’engage comme une signature sur papier."
)
CONSENT_BY_MANDATE = (
    "J’ai lu ce document et je le signe électroniquement au nom de {whom}, en vertu du mandat joint au dossier. "
    "Je sais que cette signature l’engage comme une signature sur papier."
)


def plain_consent(envelope: "Envelope", signatory: "Signatory") -> str:
    """Return the consent that fits any document. A change of its words needs a new version name."""
    if signatory.on_behalf_of:
        return CONSENT_BY_MANDATE.format(whom=signatory.on_behalf_of)
    return CONSENT.format(quality=signatory.quality or signatory.role)


def nothing_to_add(envelope: "Envelope", signatory: "Signatory") -> Sequence[str]:
    """Say nothing more than the document."""
    return ()


@dataclass(frozen=True)
class Explanation:
    """A document told in plain words, for who reads with difficulty or on a small phone: short sections of short lines."""

    title: str
    lead: str
    sections: "Sequence[tuple[str, Sequence[str]]]"


def not_explained(envelope: "Envelope", signatory: "Signatory") -> Explanation | None:
    """Say nothing more than the document."""
    return None


def anybody_may(signatory: "Signatory") -> bool:
    """Let every signatory name somebody else."""
    return True


def nobody(envelope: "Envelope") -> str:
    """Name nobody to ask."""
    return ""


def opener(envelope: "Envelope") -> Sequence[Recipient]:
    """Have whoever opened the envelope follow it, as long as their account is open."""
    user = envelope.opened_by
    return [Recipient(user.email, str(user))] if user.is_active else []


def silent(subject: Any) -> None:
    """Do nothing when told."""


@dataclass(frozen=True)
class SigningPurpose:
    """One use of signatures, for the documents of one kind.

    `commitments` says in plain words what the signatory commits to; `contact` is one French line, whom to call;
    `explained` tells the document itself in plain words, on a page of its own; `message_lines` are added to the messages
    that ask for a signature.
    `page_url` is the record's own page. `consent_version` names the words of `consent_text`. `followers` are told by the portal
    when a message does not reach a signatory or when time runs out.
    Hooks: `signed`, `refused` and `delegated` receive the signatory, `opened`, `completed`, `voided` and `expired` the
    envelope (its `end_reason` is set).
    """

    kind: str
    label: str
    may_manage: "Callable[[Any, Envelope], bool]"
    page_url: "Callable[[Envelope], str]"
    consent_text: "Callable[[Envelope, Signatory], str]" = plain_consent
    consent_version: str = CONSENT_VERSION
    commitments: "Callable[[Envelope, Signatory], Sequence[str]]" = nothing_to_add
    explained: "Callable[[Envelope, Signatory], Explanation | None]" = not_explained
    message_lines: "Callable[[Envelope, Signatory], Sequence[str]]" = nothing_to_add
    may_delegate: "Callable[[Signatory], bool]" = anybody_may
    contact: "Callable[[Envelope], str]" = nobody
    contact_email: "Callable[[Envelope], str]" = nobody
    followers: "Callable[[Envelope], Sequence[Recipient]]" = opener
    lifetime: timedelta = timedelta(days=30)
    opened: "Callable[[Envelope], None]" = silent
    signed: "Callable[[Signatory], None]" = silent
    refused: "Callable[[Signatory], None]" = silent
    delegated: "Callable[[Signatory], None]" = silent
    completed: "Callable[[Envelope], None]" = silent
    voided: "Callable[[Envelope], None]" = silent
    expired: "Callable[[Envelope], None]" = silent


_purposes: dict[str, SigningPurpose] = {}


def register(purpose: SigningPurpose) -> None:
    """Add a purpose. Raises ValueError when its kind of document has another."""
    if _purposes.get(purpose.kind, purpose) != purpose:
        raise ValueError(f"signing purpose {purpose.kind!r} is registered twice")
    _purposes[purpose.kind] = purpose


def purpose_named(kind: str) -> SigningPurpose:
    """Return the purpose for a kind of document. Raises PortalError when no app registered it."""
    try:
        return _purposes[kind]
    except KeyError:
        raise PortalError("Ce type de document ne se signe pas sur le portail.", code="unknown_purpose") from None


def purpose_of(envelope: "Envelope") -> SigningPurpose:
    """Return the purpose of an envelope. Raises PortalError when no app registered it."""
    return purpose_named(envelope.kind)


@cache
def signed_kind(kind: DocumentKind) -> DocumentKind:
    """Return the kind with the hooks that tie its documents to their envelopes; its own hooks still run, first.

    To be given to documents.kinds.register. The same kind gives the same one, so that apps may be made ready again.
    """
    from e2c_portal.signing import document_hooks  # noqa: PLC0415  models are not loaded when apps declare their kinds

    def ready(document: "Document") -> None:
        kind.ready(document)
        document_hooks.ready(document)

    def sealed(document: "Document") -> None:
        kind.sealed(document)
        document_hooks.sealed(document)

    def abandoned(document: "Document", why: str) -> None:
        kind.abandoned(document, why)
        document_hooks.abandoned(document, why)

    return replace(kind, ready=ready, sealed=sealed, abandoned=abandoned)
