"""Ask for a document: its context is frozen in the transaction of the business change, and a job leaves after it."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from e2c_portal.audit.trail import Act, record, record_each, subject_of
from e2c_portal.documents.codes import new_code, printed
from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import OPEN_STATUSES, Batch, BatchItem, Document, Status
from e2c_portal.documents.rendering.description import SignatureField
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.jobs import enqueue_each_on_commit, enqueue_on_commit

if TYPE_CHECKING:
    # Who acts stands two floors up: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User

BUILD = "documents.build"
# A kind and a subject: what names a record among the documents.
Record = tuple[str, str]


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
    [document] = _requested([order], actor, reason)
    return document


@transaction.atomic
def request_batch(label: str, orders: Iterable[Order | tuple[str, str]], actor: "User") -> Batch:
    """Ask for several documents at once. An item may be a pair (label, refusal): it is kept and shown as refused."""
    wanted = list(orders)
    documents = iter(_requested([order for order in wanted if isinstance(order, Order)], actor, NEW_VERSION))
    batch = Batch.objects.create(label=label, requested_by=actor)
    BatchItem.objects.bulk_create(
        [
            BatchItem(batch=batch, label=order.title, document=next(documents))
            if isinstance(order, Order)
            else BatchItem(batch=batch, label=order[0], refusal=order[1])
            for order in wanted
        ]
    )
    return batch


def _requested(orders: Sequence[Order], actor: "User", reason: str) -> list[Document]:
    """Do what `request_document` says for several records, in as many questions as for one."""
    _one_at_a_time(orders)
    answers: dict[int, Document] = {}
    for some in _each_record_once(orders):
        waiting, current = _open_documents(some), _current_documents(some)
        wanted = dict[int, New]()
        for place, order in some.items():
            new = New(order, order_sha256(order), current.get(record_of(order)))
            found = _found(new, waiting.get(record_of(order)), actor, reason)
            if found:
                answers[place] = found
            else:
                wanted[place] = new
        answers |= zip(wanted, _created(list(wanted.values()), actor), strict=True)
    return [answers[place] for place in range(len(orders))]


def _each_record_once(orders: Sequence[Order]) -> Iterator[dict[int, Order]]:
    """Yield the orders with their places, in groups where a record comes once: asked for again, it finds the first document."""
    rest = dict(enumerate(orders))
    while rest:
        group = {record_of(order): place for place, order in reversed(rest.items())}
        yield {place: rest.pop(place) for place in sorted(group.values())}


def _found(new: "New", waiting: Document | None, actor: "User", reason: str) -> Document | None:
    """Return the document that prints this content already; what waits with another one is given up."""
    if waiting and waiting.content_sha256 == new.fingerprint:
        return retry(waiting, actor) if waiting.status == Status.FAILED else waiting
    if waiting:
        give_up(waiting, reason)
    return new.supersedes if new.supersedes and new.supersedes.content_sha256 == new.fingerprint else None


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
    return _sealed_now(Q(kind=kind, subject=subject)).last()


def _sealed_now(which: Q) -> QuerySet[Document]:
    sealed = Document.objects.filter(which, status=Status.SEALED)
    return sealed.exclude(successors__status=Status.SEALED).order_by("sealed_at")


def _current_documents(orders: Mapping[int, Order]) -> dict[Record, Document]:
    return {(found.kind, found.subject): found for found in _sealed_now(_about(orders))}


def is_awaited(kind: str, subject: str) -> bool:
    """Say whether a document of this record is asked for and not sealed yet: waiting, being made, or failed."""
    return Document.objects.filter(kind=kind, subject=subject, status__in=OPEN_STATUSES).exists()


def _open_documents(orders: Mapping[int, Order]) -> dict[Record, Document]:
    """Return, locked, the documents of these records that are not sealed yet.

    They are locked before the sealed ones are read: a worker that seals one at this very moment is either finished, and its
    document is the current one, or loses its claim.
    """
    asked = Document.objects.filter(_about(orders), status__in=OPEN_STATUSES).order_by("pk")
    return {(found.kind, found.subject): found for found in asked.select_for_update()}


def _about(orders: Mapping[int, Order]) -> Q:
    subjects = defaultdict[str, list[str]](list)
    for order in orders.values():
        subjects[order.kind].append(subject_of(order.subject))
    return Q(*(Q(kind=kind, subject__in=names) for kind, names in subjects.items()), _connector=Q.OR)


def record_of(order: Order) -> Record:
    """Return what names the record of an order among the documents: the kind and the subject."""
    return order.kind, subject_of(order.subject)


def order_sha256(order: Order) -> str:
    """Return the fingerprint of all that is to be printed, title and reference included, and of the template's version."""
    printed_words: list[Any] = [kind_named(order.kind).version, order.reference, order.title, order.content]
    if order.signature_fields:
        printed_words.append([asdict(field) for field in order.signature_fields])
    text = json.dumps(printed_words, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _one_at_a_time(orders: Iterable[Order]) -> None:
    """Queue the requests about these records: a double click waits here and then finds the first one's document.

    Locks are taken in one order for all: two batches about the same records wait for each other, never both ways.
    """
    names = sorted({"/".join(record_of(order)) for order in orders})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(%s::text[]) AS name", [names]
        )


@dataclass(frozen=True)
class New:
    """What is to be asked for anew, the fingerprint of what it prints, and the sealed document it takes the place of."""

    order: Order
    fingerprint: str
    supersedes: Document | None


def _created(wanted: Sequence[New], actor: "User") -> list[Document]:
    """Write new documents with their traces and their jobs."""
    documents = _written(wanted, actor) if wanted else []
    asked = list(zip((new.order for new in wanted), documents, strict=True))
    record_each(
        actor, "document.requested",
        [Act(order.subject, f"Document demandé : {order.title}", {"document": document.pk}) for order, document in asked],
    )  # fmt: skip
    enqueue_each_on_commit(BUILD, [{"document_id": document.pk} for document in documents])
    return documents


def _written(wanted: Sequence[New], actor: "User") -> list[Document]:
    for _ in range(3):
        try:
            with transaction.atomic():
                return Document.objects.bulk_create([_new_document(new, actor) for new in wanted])
        except IntegrityError as error:
            if "verification_code" not in str(error):
                raise
    raise Refused("Aucun code de vérification libre n’a été trouvé. Recommencez.")


def _new_document(new: New, actor: "User") -> Document:
    order, code = new.order, new_code()
    context = {
        **order.content,
        "reference": order.reference,
        "title": order.title,
        "printed_on": timezone.localdate().isoformat(),
        "verification": {"code": printed(code), "url": f"{settings.PORTAL_URL}/verifier/{printed(code)}/"},
    }
    kind, subject = record_of(order)
    return Document(
        kind=kind, subject=subject, reference=order.reference, title=order.title,
        template_version=kind_named(kind).version, context=context, content_sha256=new.fingerprint,
        verification_code=code, supersedes=new.supersedes, requested_by=actor,
        signature_fields=[asdict(field) for field in order.signature_fields],
    )  # fmt: skip


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
