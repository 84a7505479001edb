"""Attestations of attendance: whose may be read, and where each one stands."""

from collections.abc import Iterable

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from assises.models import Edition, Registration
from assises.reads.presence import people_seen
from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document, Status
from e2c_portal.kernel.search import fold
from schools.scope import Scope

KIND = "assises.attendance"


def registration_named(subject: str) -> Registration | None:
    """Return the registration that a document, a link or a message is about ("assises.registration:12")."""
    _, _, key = subject.rpartition(":")
    rows = Registration.objects.select_related("edition", "school", "company")
    return rows.filter(pk=int(key)).first() if key.isdecimal() else None


def attested_visible_to(scope: Scope, edition: Edition) -> QuerySet[Registration]:
    """Return the people of an edition who may have an attestation: seen at the door, not erased, and in scope."""
    rows = people_seen(edition).filter(purged_at=None).select_related("edition", "school", "company")
    return rows if scope.whole_network else rows.filter(school__in=sorted(scope.school_ids))


def attested_searched(rows: QuerySet[Registration], words: str) -> QuerySet[Registration]:
    """Keep the people whose name holds every word, accents and case aside."""
    for word in fold(words).split():
        rows = rows.filter(search__contains=word)
    return rows


def last_documents(registrations: Iterable[Registration]) -> dict[int, Document]:
    """Return the last attestation asked for of each, whatever its state. One query, without the frozen contexts."""
    subjects = {subject_of(row): row.pk for row in registrations}
    rows = Document.objects.filter(kind=KIND, subject__in=list(subjects)).exclude(status=Status.ABANDONED)
    return {subjects[row.subject]: row for row in rows.defer("context").order_by("requested_at", "pk")}


def document_for(registration: Registration) -> Document | None:
    """Return the last attestation of somebody, asked for or sealed; None when there is none."""
    return last_documents([registration]).get(registration.pk)


def own_document(registration: Registration, public_id: object) -> Document | None:
    """Return the sealed attestation of that identifier if it is of this very person and the last one."""
    last = document_for(registration)
    return last if last and last.is_sealed and last.public_id == public_id else None


def out_of_date() -> list[int]:
    """Return the keys of the people one of whose scans changed since their attestation was asked for. One query.

    Some stay on it for good: the attestation says the same, or is worth nothing any more. They are few.
    """
    subject = Concat(Value("assises.registration:"), Cast(OuterRef("pk"), CharField()))
    asked = Document.objects.filter(kind=KIND, subject=subject).exclude(status=Status.ABANDONED)
    rows = Registration.objects.filter(purged_at=None).annotate(
        attested_at=Subquery(asked.order_by("-requested_at", "-pk").values("requested_at")[:1])
    )
    changed = Q(scans__received_at__gt=F("attested_at")) | Q(scans__voided_at__gt=F("attested_at"))
    found = rows.filter(changed, scans__outcome="ok", attested_at__isnull=False)
    return list(found.order_by("pk").values_list("pk", flat=True).distinct())
