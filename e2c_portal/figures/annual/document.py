"""The report as a sealed document: what it prints, the workbook that it carries, what it is worth."""

from datetime import date
from typing import Any

from assises.documents.report_charts import chart_of
from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Document
from e2c_portal.documents.rendering.description import Attachment
from e2c_portal.documents.requesting import Order
from e2c_portal.exports.workbook import XLSX_MIME
from e2c_portal.figures.annual.models import KIND, AnnualReport
from e2c_portal.figures.annual.workbook import workbook_of
from e2c_portal.figures.permissions import FigurePermission
from schools.queries import current_network

WORKBOOK_NAME = "rapport.xlsx"


def title_of(year: int) -> str:
    """Return « Rapport d’activité du réseau 2025 »."""
    return f"Rapport d’activité du réseau {year}"


def report_order(report: AnnualReport) -> Order:
    """Return what is to be printed of a version of a report."""
    return Order(KIND, report, report.reference, title_of(report.year), content_of(report))


def content_of(report: AnnualReport) -> dict[str, Any]:
    """Return the values a report prints: its frozen content, its charts, what it corrects."""
    content, network = report.content, current_network()
    return {
        **content,
        "issuer": network.region_name if network else "Portail des Écoles de la 2e chance",
        "version": report.number, "reason": report.reason, "changes": report.changes,
        "computed_on": content["computed_at"][:10], "computed_time": content["computed_at"][11:16],
        "sections": [{**section, "drawing": chart_of(section)} for section in content["sections"]],
        "year_before": content["year"] - 1, "workbook": WORKBOOK_NAME,
    }  # fmt: skip


def attachments(document: Document) -> tuple[Attachment, ...]:
    """Return the workbook of the same figures, sealed with the paper."""
    content = workbook_of(document.context, document.reference)
    return (Attachment(WORKBOOK_NAME, content, XLSX_MIME, "Les mêmes chiffres, dans un classeur", "Data"),)


def _report_of(document: Document) -> AnnualReport:
    return AnnualReport.objects.defer("content").get(pk=document.subject.rsplit(":", 1)[1])


def standing(document: Document, day: date) -> Standing:
    """Return what a sealed report is worth on a day."""
    report = _report_of(document)
    if AnnualReport.objects.filter(year=report.year, number__gt=report.number).exists():
        return Standing(
            "superseded",
            "Corrigé",
            "Une version plus récente de ce rapport a été publiée : elle dit ce qu’elle corrige.",
        )
    return Standing("record", "Fait foi", f"C’est la version {report.number} de ce rapport, la dernière publiée.")


def public_facts(document: Document) -> list[tuple[str, str]]:
    """Return what may be said of a report to whoever holds its code: everything it prints is public."""
    report = _report_of(document)
    return [
        ("Année", str(report.year)), ("Version", str(report.number)), ("Empreinte des chiffres", report.data_sha256)
    ]  # fmt: skip


def may_read(user: User, document: Document) -> bool:
    """Let those who read the figures read every version."""
    return user.has_perm(FigurePermission.VIEW)


def may_retry(user: User, document: Document) -> bool:
    return user.has_perm(FigurePermission.PUBLISH)


def subject_url(document: Document) -> str:
    """Return the page of the report."""
    return _report_of(document).get_absolute_url()


ANNUAL_REPORT = DocumentKind(
    name=KIND, label="Rapport d’activité du réseau", template="annual_report", version="v1", standing=standing,
    public_facts=public_facts, may_read=may_read, subject_url=subject_url, may_retry=may_retry, attachments=attachments,
)  # fmt: skip
