"""The reports of a year and their papers; the introduction being written."""

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document, Status
from e2c_portal.figures.annual.models import KIND, AnnualReport, AnnualReportDraft


def draft_of(year: int) -> AnnualReportDraft | None:
    """Return the introduction prepared for a year, None before somebody wrote one."""
    return AnnualReportDraft.objects.filter(year=year).first()


def versions_of(year: int) -> list[AnnualReport]:
    """Return the versions of the report of a year, the last one first."""
    return list(AnnualReport.objects.filter(year=year).select_related("made_by").order_by("-number"))


def papers_of(reports: list[AnnualReport]) -> dict[str, Document]:
    """Return the latest document of each version, by its subject. One query."""
    rows = Document.objects.filter(kind=KIND, subject__in=[subject_of(report) for report in reports])
    rows = rows.exclude(status=Status.ABANDONED).defer("context").select_related("requested_by")
    return {document.subject: document for document in rows.order_by("pk")}


def sealed_paper(year: int, number: int | None = None) -> Document | None:
    """Return the sealed document of a version of the report of a year, the last one sealed unless a number is given."""
    reports = AnnualReport.objects.filter(year=year).order_by("-number")
    if number is not None:
        reports = reports.filter(number=number)
    subjects = [subject_of(report) for report in reports.only("pk")]
    sealed = Document.objects.filter(kind=KIND, status=Status.SEALED, subject__in=subjects).defer("context")
    found = {document.subject: document for document in sealed.order_by("pk")}
    return next((found[subject] for subject in subjects if subject in found), None)


def published_years() -> dict[int, tuple[AnnualReport, Document]]:
    """Return the last sealed version of each year that has one, the latest year first. Two queries."""
    reports = list(AnnualReport.objects.defer("content", "changes").order_by("-year", "-number"))
    papers = papers_of(reports)
    found: dict[int, tuple[AnnualReport, Document]] = {}
    for report in reports:
        paper = papers.get(subject_of(report))
        if report.year not in found and paper is not None and paper.is_sealed:
            found[report.year] = (report, paper)
    return found
