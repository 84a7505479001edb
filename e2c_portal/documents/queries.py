"""Read documents: those of a record, and how far a batch is."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, Exists, Model, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Batch, BatchItem, Document, Status
from e2c_portal.documents.permissions import FOLLOW_BATCH
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.search import fold, folded


@dataclass(frozen=True)
class Progress:
    """How far a batch is, in numbers of lines."""

    total: int
    sealed: int
    waiting: int
    failed: int
    refused: int
    ready: int = 0

    @property
    def over(self) -> bool:
        return self.waiting == 0

    @property
    def percent(self) -> int:
        return 100 * (self.total - self.waiting) // self.total if self.total else 100


def document_readable_by(user: Any, public_id: UUID) -> Document | None:
    """Return the document if its kind lets this person read it, else None, as for one that does not exist."""
    document = Document.objects.filter(public_id=public_id).select_related("requested_by").first()
    if document is None:
        return None
    try:
        return document if kind_named(document.kind).may_read(user, document) else None
    except PortalError:
        return None


def batch_followed_by(user: Any, public_id: UUID) -> Batch | None:
    """Return the batch if this person may follow it, else None, as for one that does not exist."""
    batch = Batch.objects.filter(public_id=public_id).select_related("requested_by").first()
    return batch if batch and user.has_perm(FOLLOW_BATCH, batch) else None


def documents_of(subject: Model) -> QuerySet[Document]:
    """Return the documents of a record, latest first, without their frozen context."""
    documents = Document.objects.filter(subject=subject_of(subject)).exclude(status=Status.ABANDONED)
    return documents.defer("context").select_related("requested_by", "supersedes")


def failed_documents() -> QuerySet[Document]:
    """Return the documents that could not be made and wait for somebody to ask again."""
    return Document.objects.filter(status=Status.FAILED)


def batch_progress(batch: Batch) -> Progress:
    """Count the lines of a batch by outcome, in one query."""
    rows = batch.items.values("document__status").annotate(number=Count("pk"))
    counts: dict[str | None, int] = {row["document__status"]: row["number"] for row in rows}
    refused = counts.pop(None, 0) + counts.pop(Status.ABANDONED, 0)
    sealed, failed = counts.get(Status.SEALED, 0), counts.get(Status.FAILED, 0)
    waiting = sum(counts.get(status, 0) for status in (Status.QUEUED, Status.BUILDING, Status.CLOSING))
    ready = counts.get(Status.READY, 0)
    return Progress(sealed + failed + waiting + refused + ready, sealed, waiting, failed, refused, ready)


def batch_lines(batch: Batch) -> QuerySet[BatchItem]:
    """Return the lines of a batch with their documents."""
    documents = Prefetch("document", Document.objects.defer("context"))
    return batch.items.prefetch_related(documents).order_by("pk")


def has_sealed(model: type[Model], kind: str) -> Exists:
    """Return the expression that says, for the rows of a model, whether a sealed document of this kind prints them."""
    subject = Concat(Value(f"{model._meta.label_lower}:"), Cast(OuterRef("pk"), CharField()))
    return Exists(Document.objects.filter(kind=kind, subject=subject, status=Status.SEALED))


def documents_searched(documents: QuerySet[Document], words: str) -> QuerySet[Document]:
    """Keep the documents whose title, reference or verification code holds every word, accents and case aside."""
    found = documents.alias(folded=folded("title", "reference", "verification_code"))
    for word in fold(words).split():
        found = found.filter(Q(folded__contains=word) | Q(folded__contains=word.replace("-", "")))
    return found
