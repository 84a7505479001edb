"""Read what a company may see of itself from its space: nothing of another company, nothing of any trainee."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document
from e2c_portal.documents.models import Status as DocumentStatus
from e2c_portal.signing.models import EnvelopeStatus, Signatory, SignatoryStatus
from partnerships import amendment_life, workflows
from partnerships.models import (
    CommitmentDelivery,
    Company,
    CompanyContact,
    CompanyRequest,
    ConventionAmendment,
    PartnershipConvention,
)
from partnerships.models.requests import RECEIVED
from partnerships.queries import conventions_visible_to
from partnerships.situation import ACTIVE, LEAVING
from partnerships.space_access import doubles_of
from schools.scope import Scope

# A draft is nobody's business yet, and a project that was dropped no more.
SHOWN = [
    workflows.NEGOTIATION, workflows.APPROVED, workflows.DELIBERATED, workflows.TO_SIGN, *workflows.SIGNED_STATES,
]  # fmt: skip


def shown_conventions(company: Company) -> QuerySet[PartnershipConvention]:
    """Return the conventions that a company sees, with `situation` and `last_day` today, the last begun first."""
    conventions = conventions_visible_to(Scope(whole_network=True)).select_related("created_by")
    return conventions.filter(company=company, status__in=SHOWN).order_by("-starts_on", "-number")


def conventions_in_force(company: Company) -> QuerySet[PartnershipConvention]:
    """Return the conventions of a company that hold today."""
    return shown_conventions(company).filter(Q(situation__in=[ACTIVE.name, LEAVING.name]))


def signed_papers(conventions: Iterable[PartnershipConvention]) -> dict[str, list[Document]]:
    """Return the sealed documents of signed conventions and of their signed amendments, by the convention's number.

    A former version that another one supersedes is left out. Two queries.
    """
    signed = [row for row in conventions if row.status in workflows.SIGNED_STATES]
    owners = {subject_of(row): row.number for row in signed}
    amendments = ConventionAmendment.objects.filter(convention__in=signed, status=amendment_life.SIGNED)
    owners |= {subject_of(row): row.convention.number for row in amendments.select_related("convention")}
    sealed = Document.objects.filter(subject__in=list(owners), status=DocumentStatus.SEALED)
    current = sealed.exclude(successors__status=DocumentStatus.SEALED).defer("context").order_by("sealed_at", "pk")
    papers: dict[str, list[Document]] = {row.number: [] for row in signed}
    for document in current:
        papers[owners[document.subject]].append(document)
    return papers


def paper_of(company: Company, public_id: UUID) -> Document | None:
    """Return a signed document of this company, None for any other."""
    papers = signed_papers(shown_conventions(company))
    return next((paper for group in papers.values() for paper in group if paper.public_id == public_id), None)


def signatures_awaited(contact: CompanyContact, conventions: Iterable[PartnershipConvention]) -> list[Signatory]:
    """Return the signatures that these conventions and their amendments await from this very person. Two queries."""
    shown = list(conventions)
    names = [subject_of(row) for row in shown]
    names += [subject_of(row) for row in ConventionAmendment.objects.filter(convention__in=shown)]
    awaited = Signatory.objects.filter(
        envelope__subject__in=names, envelope__status=EnvelopeStatus.OPEN, status=SignatoryStatus.INVITED,
        email__iexact=contact.email,
    )  # fmt: skip
    return list(awaited.exclude(email="").select_related("envelope__document").order_by("envelope__expires_at", "pk"))


def reported_by(company: Company) -> QuerySet[CommitmentDelivery]:
    """Return what the contacts of a company reported as delivered, the latest first."""
    reported = CommitmentDelivery.objects.filter(convention__company=company, reported_by_contact__isnull=False)
    return reported.select_related("convention", "reported_by_contact").order_by("-declared_at", "-pk")


def requests_of(contact: CompanyContact) -> QuerySet[CompanyRequest]:
    """Return the requests of one person, the latest first: not those of their colleagues."""
    person = [contact, *doubles_of([contact])]
    return CompanyRequest.objects.filter(contact__in=person).select_related("convention", "handled_by")


def open_requests_of(contact: CompanyContact) -> QuerySet[CompanyRequest]:
    """Return the requests of one person that wait for an answer."""
    return requests_of(contact).filter(status=RECEIVED)
