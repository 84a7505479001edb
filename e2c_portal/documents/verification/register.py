"""What the register of sealed documents says of one of them, on a day."""

from datetime import date

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from e2c_portal.documents.kinds import DocumentKind, Standing, kind_named
from e2c_portal.documents.models import UNDER_SIGNATURE, Document, Revision, Status
from e2c_portal.documents.verification import words
from e2c_portal.documents.verification.verdict import Outcome, Replacement, SealStatement, Verdict
from e2c_portal.kernel import french
from e2c_portal.kernel.errors import PortalError


def sealed_documents() -> QuerySet[Document]:
    """Return the documents that the register answers for."""
    return Document.objects.filter(status=Status.SEALED)


def read_by_signatories() -> QuerySet[Document]:
    """Return the documents that were given to be signed and are not sealed: people hold copies of them."""
    unsealed = Document.objects.exclude(status=Status.SEALED)
    return unsealed.filter(Exists(Revision.objects.filter(document=OuterRef("pk"))))


def before_the_seal(document: Document, on: date) -> Verdict:
    """Return the verdict on a document of `read_by_signatories`."""
    kind = _kind_of(document)
    outcome = Outcome.IN_SIGNATURE if document.status in UNDER_SIGNATURE else Outcome.WITHDRAWN
    return Verdict(outcome, on, reference=document.reference, kind_label=kind.label if kind else "")


def found(document: Document, outcome: Outcome, on: date) -> Verdict:
    """Return the verdict on a sealed document of the register."""
    kind = _kind_of(document)
    replaced_by = _replacement(document, on)
    return Verdict(
        outcome=outcome,
        on=on,
        seal=SealStatement(document.seal_subject, document.sealed_at, document.seal_level),
        standing=_superseded(replaced_by) if replaced_by else _standing(kind, document, on),
        replaced_by=replaced_by,
        reference=document.reference,
        kind_label=kind.label if kind else "",
        facts=tuple(kind.public_facts(document)) if kind else (),
    )


def _kind_of(document: Document) -> DocumentKind | None:
    try:
        return kind_named(document.kind)
    except PortalError:
        # An app was removed since: the seal still holds, only its worth today is no longer known.
        return None


def _standing(kind: DocumentKind | None, document: Document, on: date) -> Standing:
    try:
        if kind:
            return kind.standing(document, on)
    except ObjectDoesNotExist:
        pass
    return Standing("unknown", "Situation inconnue", words.UNKNOWN_STANDING)


def _replacement(document: Document, on: date) -> Replacement | None:
    sealed = document.successors.filter(status=Status.SEALED, sealed_at__date__lte=on)
    successor = sealed.only("reference", "sealed_at").first()
    if successor is None or successor.sealed_at is None:
        return None
    return Replacement(successor.reference, successor.sealed_at)


def _superseded(replaced_by: Replacement) -> Standing:
    day = french.date_in_letters(timezone.localdate(replaced_by.sealed_at))
    return Standing(
        "superseded", "Remplacé",
        f"Une version plus récente l’a remplacé {day}, sous la référence {replaced_by.reference}.",
    )  # fmt: skip
