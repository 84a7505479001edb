"""Ask for a document: its context is frozen in the transaction of the business change, and a job leaves after it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from e2c_portal.audit.trail import record, subject_of
from e2c_portal.documents.codes import new_code, printed
from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import OPEN_STATUSES, Batch, BatchItem, Document, Status
from e2c_portal.documents.rendering.description import SignatureField
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.jobs import enqueue_on_commit

if TYPE_CHECKING:
    # Who acts stands two floors up: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User

BUILD = "documents.build"


@dataclass(frozen=True)
class Order:
    """What is asked for: a kind, the record it speaks of, its reference and title, and plain values to print.

    With `signature_fields` the document is not sealed when it is made: it waits, ready, for signatures in those fields
    (documents.signing_steps), and the seal closes it. The field of the seal itself is added by itself.
    """

    kind: str
    subject: Model
    reference: str
    title: str
    content: Mapping[str, Any]
    signature_fields: tuple[SignatureField, ...] = ()


NEW_VERSION = "Une nouvelle version du document a été demandée."


@transaction.atomic
def request_document(order: Order, actor: "User", *, reason: str = NEW_VERSION) -> Document:
    """Return the document that prints this content, asking for it unless it is there already.

    Asking twice for the same content gives the same document. Other content replaces what was waiting, and `reason` is told
    to the kind when it was to be signed; a sealed document stays, and the new one supersedes it once sealed.
    """
    _one_at_a_time(order.kind, subject_of(order.subject))
    return _requested(order, actor, reason)


def _requested(order: Order, actor: "User", reason: str) -> Document:
    """Do what `request_document` says, in a transaction that holds the record."""
    kind = kind_named(order.kind)
    subject = subject_of(order.subject)
    fingerprint = order_sha256(order)
    # The waiting one is locked before the sealed one is read: a worker that seals it at this very moment is either
    # finished, and its document is the current one, or loses its claim.
    waiting = _open_document(order.kind, subject)
    current = current_document(order.kind, subject)
    if waiting and waiting.content_sha256 == fingerprint:
        return retry(waiting, actor) if waiting.status == Status.FAILED else waiting
    if waiting:
        give_up(waiting, reason)
    if current and current.content_sha256 == fingerprint:
        return current
    document = _create(order, kind.version, fingerprint, actor, supersedes=current)
    record(actor, "document.requested", order.subject, f"Document demandé : {order.title}", document=document.pk)
    enqueue_on_commit(BUILD, document_id=document.pk)
    return document


@transaction.atomic
def request_batch(label: str, orders: Iterable[Order | tuple[str, str]], actor: "User") -> Batch:
    """Ask for several documents at once. An item may be a pair (label, refusal): it is kept and shown as refused."""
    wanted = list(orders)
    # Locks are taken in one order for all: two batches about the same records wait for each other, never both ways.
    for kind, subject in sorted((o.kind, subject_of(o.subject)) for o in wanted if isinstance(o, Order)):
        _one_at_a_time(kind, subject)
    batch = Batch.objects.create(label=label, requested_by=actor)
    BatchItem.objects.bulk_create([_item(batch, order, actor) for order in wanted])
    return batch


def _item(batch: Batch, order: Order | tuple[str, str], actor: "User") -> BatchItem:
    if isinstance(order, tuple):
        return BatchItem(batch=batch, label=order[0], refusal=order[1])
    return BatchItem(batch=batch, label=order.title, document=_requested(order, actor, NEW_VERSION))


@transaction.atomic
def retry(document: Document, actor: "User") -> Document:
    """Put a failed document back in the queue. Raises Refused in any other state."""
    locked = Document.objects.select_for_update().get(pk=document.pk)
    if locked.status != Status.FAILED:
        raise Refused("Seul un document en échec peut être relancé. Rechargez la page pour voir son état actuel.")
    locked.status = Status.QUEUED
    locked.queued_at = timezone.now()
    locked.attempts = 0
    locked.failure, locked.retry_at = "", None
    locked.save(update_fields=["status", "queued_at", "attempts", "failure", "retry_at"])
    record(actor, "document.retried", locked, "Fabrication relancée")
    enqueue_on_commit(BUILD, document_id=locked.pk)
    return locked


def current_document(kind: str, subject: str) -> Document | None:
    """Return the sealed document that no other sealed one supersedes."""
    sealed = Document.objects.filter(kind=kind, subject=subject, status=Status.SEALED)
    return sealed.exclude(successors__status=Status.SEALED).order_by("-sealed_at").first()


def is_awaited(kind: str, subject: str) -> bool:
    """Say whether a document of this record is asked for and not sealed yet: waiting, being made, or failed."""
    return Document.objects.filter(kind=kind, subject=subject, status__in=OPEN_STATUSES).exists()


def _open_document(kind: str, subject: str) -> Document | None:
    """Return, locked, the document of this record that is not sealed yet, if there is one."""
    asked = Document.objects.filter(kind=kind, subject=subject, status__in=OPEN_STATUSES)
    return asked.select_for_update().first()


def order_sha256(order: Order) -> str:
    """Return the fingerprint of all that is to be printed, title and reference included, and of the template's version."""
    printed_words: list[Any] = [kind_named(order.kind).version, order.reference, order.title, order.content]
    if order.signature_fields:
        printed_words.append([asdict(field) for field in order.signature_fields])
    text = json.dumps(printed_words, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _one_at_a_time(kind: str, subject: str) -> None:
    """Queue the requests about one record: a double click waits here and then finds the first one's document."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{kind}/{subject}"])


def _create(order: Order, version: str, fingerprint: str, actor: "User", *, supersedes: Document | None) -> Document:
    for _ in range(3):
        code = new_code()
        url = f"{settings.PORTAL_URL}/verifier/{printed(code)}/"
        context = {
            **order.content,
            "reference": order.reference,
            "title": order.title,
            "printed_on": timezone.localdate().isoformat(),
            "verification": {"code": printed(code), "url": url},
        }
        try:
            with transaction.atomic():
                return Document.objects.create(
                    kind=order.kind, subject=subject_of(order.subject), reference=order.reference, title=order.title,
                    template_version=version, context=context, content_sha256=fingerprint, verification_code=code,
                    supersedes=supersedes, requested_by=actor,
                    signature_fields=[asdict(field) for field in order.signature_fields],
                )  # fmt: skip
        except IntegrityError as error:
            if "verification_code" not in str(error):
                raise
    raise Refused("Aucun code de vérification libre n’a été trouvé. Recommencez.")


def give_up(document: Document, reason: str) -> None:
    """Give up a document that is locked and not sealed. A worker busy on it finds its claim gone.

    The kind is told when the document was to be signed: whoever signed must learn why it counts no more.
    """
    document.status, document.claim, document.claimed_at = Status.ABANDONED, None, None
    to_be_signed = bool(document.signature_fields)
    document.failure = reason if to_be_signed else document.failure
    document.retry_at = None
    document.save(update_fields=["status", "claim", "claimed_at", "failure", "retry_at"])
    if to_be_signed:
        kind_named(document.kind).abandoned(document, reason)
