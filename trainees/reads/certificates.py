"""Attestations of acquired skills: who sees which, how lists narrow them, and the document that prints each."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document
from e2c_portal.documents.models import Status as DocumentStatus
from e2c_portal.kernel.search import fold
from schools.scope import Scope
from trainees.life import certificates as life
from trainees.models import Pathway, SkillsCertificate, Trainee
from trainees.models.portfolio import CERTIFICATE_KIND
from trainees.reads.timeline import TimelineEvent


def certificates_visible_to(scope: Scope) -> QuerySet[SkillsCertificate]:
    """Return the attestations issued by the schools in scope, without their content."""
    rows = SkillsCertificate.objects.select_related("trainee", "school").defer("content")
    return rows if scope.whole_network else rows.filter(school__in=sorted(scope.school_ids))


def certificates_searched(
    scope: Scope, words: str = "", *, year: int | None = None, status: str = "", school_id: int | None = None
) -> QuerySet[SkillsCertificate]:
    """Return the attestations in scope that match a name or a number, the latest first."""
    rows = certificates_visible_to(scope).order_by("-issued_at", "-pk")
    narrowed = {"year": year, "status": status, "school": school_id}
    rows = rows.filter(**{name: value for name, value in narrowed.items() if value})
    for word in fold(words).split():
        rows = rows.filter(_number_or_name(word))
    return rows


def _number_or_name(word: str) -> Q:
    """Match a name, or a number written as it is printed: ACA-2026-0007-0012."""
    parts = word.split("-")
    if len(parts) == 4 and parts[0] == "aca" and all(part.isdecimal() for part in parts[1:]):
        year, school, rank = (min(int(part), 2**31 - 1) for part in parts[1:])
        return Q(year=min(year, 2**15 - 1), school_id=school, rank=rank)
    return Q(trainee__search__contains=word)


def certificate_years(scope: Scope) -> list[int]:
    """Return the years since a school in scope issued its first attestation, the latest first. One query."""
    first = certificates_visible_to(scope).order_by("issued_at").values_list("year", flat=True).first()
    this_year = timezone.localdate().year
    return list(range(this_year, (first or this_year) - 1, -1))


def certificate_known_to(scope: Scope, pk: int) -> SkillsCertificate | None:
    """Return one attestation, of the school or of a person who is in it today; None outside the scope."""
    rows = SkillsCertificate.objects.select_related("trainee", "school", "pathway", "issued_by", "ended_by").filter(
        pk=pk
    )
    if not scope.whole_network:
        ids = sorted(scope.school_ids)
        rows = rows.filter(Q(school__in=ids) | Q(trainee__school__in=ids))
    return rows.first()


def certificate_of(document: Document) -> SkillsCertificate:
    """Return the attestation that a document prints."""
    rows = SkillsCertificate.objects.select_related("trainee", "school", "pathway")
    return rows.get(public_id=UUID(document.context["certificate"]))


def versions_of(pathway: Pathway) -> list[SkillsCertificate]:
    """Return the attestations of a pathway, the latest first."""
    return list(pathway.certificates.select_related("school", "issued_by", "ended_by").order_by("-version"))


def documents_of(pathways: Iterable[Pathway]) -> dict[str, Document]:
    """Return the documents of the attestations of some pathways, by number; those given up are left out. One query."""
    subjects = [subject_of(pathway) for pathway in pathways]
    rows = Document.objects.filter(kind=CERTIFICATE_KIND, subject__in=subjects).exclude(status=DocumentStatus.ABANDONED)
    return {row.reference: row for row in rows.defer("context").select_related("requested_by").order_by("pk")}


def in_force_for(pathway: Pathway) -> SkillsCertificate | None:
    """Return the attestation of a pathway that is worth something today, None when there is none."""
    return pathway.certificates.filter(status=life.ISSUED).select_related("school", "trainee").first()


def in_force_by_pathway(pathways: Iterable[Pathway]) -> dict[int, SkillsCertificate]:
    """Return the attestations in force of some pathways, by pathway, without their content. One query."""
    rows = SkillsCertificate.objects.filter(pathway__in=[row.pk for row in pathways], status=life.ISSUED)
    return {row.pathway_id: row for row in rows.defer("content")}


def certificate_events(trainee: Trainee, limit: int = 50) -> list[TimelineEvent]:
    """Return the attestations of a trainee for their timeline: issued, replaced, revoked. One query."""
    rows = SkillsCertificate.objects.filter(trainee=trainee).select_related("issued_by", "ended_by").defer("content")
    events = []
    for row in rows.order_by("-issued_at")[:limit]:
        url, issued_on = row.get_absolute_url(), timezone.localdate(row.issued_at)
        title = f"Attestation {row.number} émise"
        events.append(TimelineEvent(issued_on, title, "", row.issued_by.full_name, "success", "award", url))
        if row.ended_at and row.ended_by:
            title = f"Attestation {row.number} {row.state.label.lower()}"
            ended_on, who = timezone.localdate(row.ended_at), row.ended_by.full_name
            events.append(TimelineEvent(ended_on, title, row.ended_reason, who, row.state.tone, "award", url))
    return events


def own_certificates(trainee: Trainee) -> QuerySet[SkillsCertificate]:
    """Return the attestations of a person that are worth something today, the latest first."""
    rows = SkillsCertificate.objects.filter(trainee=trainee, status=life.ISSUED)
    return rows.select_related("school", "trainee", "pathway").order_by("-issued_at", "-pk")


def own_certificate(trainee: Trainee, public_id: UUID) -> SkillsCertificate | None:
    """Return an attestation in force of this very person, None for any other."""
    return own_certificates(trainee).filter(public_id=public_id).first()


def own_sealed(trainee: Trainee) -> dict[UUID, Document]:
    """Return the sealed documents of the attestations in force of a person, by the attestation. Two queries."""
    rows = list(own_certificates(trainee).defer("content"))
    papers = documents_of([row.pathway for row in rows])
    found = {row.public_id: papers.get(row.number) for row in rows}
    return {public_id: paper for public_id, paper in found.items() if paper and paper.is_sealed}


def ended_between(school_id: int, first: int, last: int) -> list[int]:
    """Return the numbers, from first to last excluded, of the attestations of a school that are worth nothing any more."""
    rows = SkillsCertificate.objects.filter(school=school_id, pk__gte=first, pk__lt=last).exclude(status=life.ISSUED)
    return list(rows.values_list("pk", flat=True))


def issues_certificates(school_id: int) -> bool:
    """Say whether a school issued an attestation: its keys are then published."""
    return SkillsCertificate.objects.filter(school=school_id).exists()
