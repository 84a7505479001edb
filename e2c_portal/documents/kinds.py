"""The kinds of documents: apps register theirs in AppConfig.ready, so that this floor learns no business word."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from e2c_portal.kernel.errors import PortalError

if TYPE_CHECKING:
    from e2c_portal.documents.models import Document
    from e2c_portal.documents.rendering.description import Attachment


@dataclass(frozen=True)
class Standing:
    """What the document is worth on a date: `state` is in_force, future, superseded, ended, record or unknown.

    `record` is a piece of evidence: it tells what happened and has no force to lose.

    `sentence` is French and names no private person: anyone who holds the code may read it. So do public facts, except those
    that the very person they tell of chose to show.
    """

    state: str
    label: str
    sentence: str


def nothing_to_tell(document: "Document") -> None:
    """Do nothing once sealed: the kind has no business consequence."""


def nobody_minds(document: "Document", why: str) -> None:
    """Do nothing once given up."""


def nothing_more(document: "Document") -> tuple["Attachment", ...]:
    """Carry no other file than the frozen context."""
    return ()


def no_picture(document: "Document") -> Mapping[str, bytes]:
    """Print no other picture than those of the template."""
    return {}


def no_secret(document: "Document") -> Mapping[str, Any]:
    """Say that the frozen context holds all that is printed."""
    return {}


def only_who_asked(user: Any, document: "Document") -> bool:
    """Let only the person who asked for the document ask again after a failure."""
    return bool(user.pk == document.requested_by_id)


@dataclass(frozen=True)
class DocumentKind:
    """One kind: its template, who may read it or ask for it again, what it is worth, and whom to tell.

    `ready` is told once a document with signature fields may be signed, `sealed` once it is sealed, `abandoned` when one
    with signature fields is given up before its seal, with the reason in French. Each runs in the transaction of the change itself.

    `attachments` are the files carried in the PDF beside its frozen context; `pictures` are those that its template prints from
    `/given/<name>`. Both are made from the document alone, when it is made: the same context gives the same bytes.

    `secrets` gives, at the moment of rendering, what is printed and may be kept nowhere else (tickets): neither the row nor
    the data attached to the file holds it. It raises a PortalError that a person can read when it cannot.
    """

    name: str
    label: str
    template: str
    version: str
    standing: Callable[["Document", date], Standing]
    public_facts: Callable[["Document"], list[tuple[str, str]]]
    may_read: Callable[[Any, "Document"], bool]
    subject_url: Callable[["Document"], str]
    sealed: Callable[["Document"], None] = nothing_to_tell
    ready: Callable[["Document"], None] = nothing_to_tell
    abandoned: Callable[["Document", str], None] = nobody_minds
    may_retry: Callable[[Any, "Document"], bool] = only_who_asked
    attachments: Callable[["Document"], Sequence["Attachment"]] = nothing_more
    pictures: Callable[["Document"], Mapping[str, bytes]] = no_picture
    secrets: Callable[["Document"], Mapping[str, Any]] = no_secret


_kinds: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    """Add a kind. Raises ValueError when its name is taken by another."""
    if _kinds.get(kind.name, kind) != kind:
        raise ValueError(f"document kind {kind.name!r} is registered twice")
    _kinds[kind.name] = kind


def kind_named(name: str) -> DocumentKind:
    """Return the kind of that name. Raises PortalError when no app registered it."""
    try:
        return _kinds[name]
    except KeyError:
        raise PortalError("Ce type de document n’est plus connu du portail.", code="unknown_kind") from None


def all_kinds() -> list[DocumentKind]:
    """Return every kind, by name."""
    return [_kinds[name] for name in sorted(_kinds)]
