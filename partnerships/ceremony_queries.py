"""Reads of ceremonies: those to come and those held, their programmes, and what may still enter one."""

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, Count, IntegerField, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document
from e2c_portal.signing.lookups import latest_envelopes
from e2c_portal.signing.models import Envelope, EnvelopeStatus, Signatory, SignatoryStatus
from partnerships import workflows
from partnerships.models import CeremonyItem, PartnershipConvention, SigningEvent
from schools.scope import Scope

KIND = "convention"
# What was put to signature and is still worth reading: refused and voided texts are not.
WORTH_PRINTING = (EnvelopeStatus.PREPARING, EnvelopeStatus.OPEN, EnvelopeStatus.EXPIRED, EnvelopeStatus.COMPLETED)


def ceremonies_visible_to(scope: Scope) -> QuerySet[SigningEvent]:
    """Return the ceremonies, latest first, with `listed` (conventions at the programme) and `signed` (signed there)."""
    if scope.empty:
        return SigningEvent.objects.none()
    listed = CeremonyItem.objects.filter(event=OuterRef("pk")).order_by().values("event")
    signed = PartnershipConvention.objects.filter(signing_event=OuterRef("pk"), status__in=workflows.SIGNED_STATES)
    counts = {"listed": listed, "signed": signed.order_by().values("signing_event")}
    number = IntegerField()
    return SigningEvent.objects.annotate(
        **{
            name: Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=number), 0)
            for name, rows in counts.items()
        }
    ).order_by("-held_on", "name")


def programme_of(event: SigningEvent) -> QuerySet[CeremonyItem]:
    """Return the programme of a ceremony, in running order, with the conventions and their signatories."""
    items = event.programme.select_related("convention__company", "event").order_by("position")
    return items.prefetch_related("convention__signatories")


def signed_without_programme(event: SigningEvent) -> QuerySet[PartnershipConvention]:
    """Return the conventions signed at a ceremony that had no programme here: those of the archives."""
    signed = event.conventions.filter(ceremony_item=None).select_related("company")
    return signed.order_by("number")


def conventions_to_choose(scope: Scope) -> QuerySet[PartnershipConvention]:
    """Return the conventions that may enter a programme: voted, not signed, and in none yet."""
    if scope.empty:
        return PartnershipConvention.objects.none()
    waiting = PartnershipConvention.objects.filter(status__in=[workflows.DELIBERATED, workflows.TO_SIGN])
    return waiting.filter(ceremony_item=None).select_related("company").order_by("number")


def ceremony_of(convention: PartnershipConvention) -> SigningEvent | None:
    """Return the ceremony at whose programme a convention stands, None for most."""
    return SigningEvent.objects.filter(programme__convention=convention).first()


def item_of(event: SigningEvent, convention_id: int) -> CeremonyItem | None:
    """Return the place of a convention in a programme."""
    return event.programme.filter(convention=convention_id).select_related("convention__company").first()


def envelopes_of_programme(items: list[CeremonyItem]) -> dict[int, Envelope]:
    """Return the last envelope of each convention of a programme, by the number of the convention. Two queries."""
    names = {subject_of(item.convention): item.convention_id for item in items}
    return {names[subject]: envelope for subject, envelope in latest_envelopes(KIND, names).items()}


def documents_to_print(event: SigningEvent, *, contexts: bool = True) -> list[Document]:
    """Return the documents put to signature for a ceremony, in running order, with their frozen contexts if asked for."""
    items = list(event.programme.select_related("convention").order_by("position"))
    envelopes = envelopes_of_programme(items)
    wanted = [envelopes[item.convention_id] for item in items if item.convention_id in envelopes]
    numbers = [envelope.document_id for envelope in wanted if envelope.status in WORTH_PRINTING]
    documents = Document.objects.all() if contexts else Document.objects.defer("context")
    rows = documents.in_bulk(numbers)
    return [rows[number] for number in numbers]


def programme_with_signatures(event: SigningEvent) -> QuerySet[CeremonyItem]:
    """Return the programme for a file: who signed, who is awaited, and the code of the document, as columns."""
    subject = Concat(Value("partnerships.partnershipconvention:"), Cast(OuterRef("convention_id"), CharField()))
    last = Envelope.objects.filter(kind=KIND, subject=subject).order_by("-opened_at", "-pk")
    items = event.programme.select_related("convention__company", "event").order_by("position")
    items = items.annotate(
        envelope_id=Subquery(last.values("pk")[:1]), code=Subquery(last.values("document__verification_code")[:1])
    )
    return items.annotate(
        signed_names=_names(SignatoryStatus.SIGNED),
        awaited_names=_names(SignatoryStatus.WAITING, SignatoryStatus.INVITED, SignatoryStatus.TO_CHECK),
    )


def _names(*states: str) -> Coalesce:
    people = Signatory.objects.filter(envelope=OuterRef("envelope_id"), status__in=states).order_by()
    names = people.values("envelope").annotate(all=StringAgg("full_name", ", ")).values("all")
    return Coalesce(Subquery(names), Value(""), output_field=TextField())
