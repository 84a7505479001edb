"""Find the envelopes of a record by its name alone: models and operations of upper floors ask here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import FilteredRelation, Prefetch, Q
from django.utils import timezone

from e2c_portal.signing.models import Envelope, EnvelopeStatus, Method, Signatory, SignatoryStatus
from e2c_portal.signing.models.envelopes import ALIVE


def living_envelope(kind: str, subject: str) -> Envelope | None:
    """Return the envelope that is being signed for a record, or may be given more time; None when there is none."""
    return Envelope.objects.filter(kind=kind, subject=subject, status__in=ALIVE).first()


def latest_envelope(kind: str, subject: str) -> Envelope | None:
    """Return the last envelope asked for, whatever became of it."""
    rows = Envelope.objects.filter(kind=kind, subject=subject).select_related("document", "opened_by")
    return rows.order_by("-opened_at", "-pk").first()


def latest_envelopes(kind: str, subjects: Iterable[str]) -> dict[str, Envelope]:
    """Return the last envelope of each of these records, by its name, without the frozen context of its document.

    `signatories` is read with it, those replaced left out. Two queries, whatever the number of records.
    """
    people = Prefetch("signatories", Signatory.objects.exclude(status=SignatoryStatus.REPLACED).order_by("rank", "pk"))
    rows = Envelope.objects.filter(kind=kind, subject__in=list(subjects)).select_related("document", "opened_by")
    last = rows.order_by("subject", "-opened_at", "-pk").distinct("subject").defer("document__context")
    return {envelope.subject: envelope for envelope in last.prefetch_related(people)}


@dataclass(frozen=True)
class Waiting:
    """Since when an envelope is open, and who has not signed it, in order."""

    opened_at: datetime
    awaited: tuple[str, ...]


def waiting_of(kind: str, subjects: Iterable[str]) -> dict[str, Waiting]:
    """Return, by the name of each record, whom its last envelope waits for; those replaced left out. One query, no document."""
    last = Envelope.objects.filter(kind=kind, subject__in=list(subjects)).order_by("subject", "-opened_at", "-pk")
    replaced = Q(signatories__status=SignatoryStatus.REPLACED)
    rows = (
        Envelope.objects.filter(pk__in=last.distinct("subject").values("pk"))
        .annotate(person=FilteredRelation("signatories", condition=~replaced & Q(signatories__signed_at=None)))
        .order_by("person__rank", "person__pk")
        .values_list("subject", "opened_at", "person__full_name")
    )
    found: dict[str, Waiting] = {}
    for subject, opened_at, name in rows:
        known = found.get(subject, Waiting(opened_at, ()))
        found[subject] = Waiting(opened_at, (*known.awaited, name)) if name else known
    return found


def completed_envelope(kind: str, subject: str) -> Envelope | None:
    """Return the last envelope if everybody signed it and the seal closed it, else None: an older one counts no more."""
    envelope = latest_envelope(kind, subject)
    return envelope if envelope and envelope.status == EnvelopeStatus.COMPLETED else None


def completed_among(kind: str, subjects: Iterable[str]) -> set[str]:
    """Return those of these records whose last envelope everybody signed, by their names. One query."""
    rows = Envelope.objects.filter(kind=kind, subject__in=list(subjects))
    last = rows.order_by("subject", "-opened_at", "-pk").distinct("subject").values_list("subject", "status")
    return {subject for subject, status in last if status == EnvelopeStatus.COMPLETED}


def day_signed(signatory: Signatory) -> date | None:
    """Return the day on which somebody signed: the one written on paper, else that of the act; None before."""
    if signatory.signed_at is None:
        return None
    if signatory.method == Method.PAPER:
        papers = signatory.exhibits.filter(accepted=True).exclude(signed_on=None)
        written = papers.order_by("-checked_at").values_list("signed_on", flat=True).first()
        if written:
            return written
    return timezone.localdate(signatory.signed_at)


def last_signing_day(envelope: Envelope) -> date | None:
    """Return the day of the last signature, None while nobody signed."""
    signed = envelope.signatories.filter(status=SignatoryStatus.SIGNED)
    return max((day for row in signed if (day := day_signed(row))), default=None)
