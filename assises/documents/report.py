"""The report of an edition as a sealed document: what it prints, the workbook and the photos it carries, what it is worth."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from assises.documents.report_charts import chart_of
from assises.documents.report_workbook import workbook_of
from assises.life.editions import CLOSED
from assises.models import EditionReport
from assises.models.report import REPORT_KIND
from assises.permissions import AssisesPermission
from assises.reads.report_content import definitions_of, not_counted
from e2c_portal.accounts.models import User
from e2c_portal.documents import storage
from e2c_portal.documents.kinds import DocumentKind, Standing
from e2c_portal.documents.models import Document
from e2c_portal.documents.received_files import ENDINGS
from e2c_portal.documents.rendering.description import Attachment
from e2c_portal.documents.requesting import Order
from e2c_portal.exports.workbook import XLSX_MIME
from schools.queries import current_network

WORKBOOK_NAME = "bilan.xlsx"


def report_order(report: EditionReport) -> Order:
    """Return what is to be printed of a version of a report."""
    title = f"Bilan des Assises {report.edition.year}"
    return Order(REPORT_KIND, report, report.reference, title, content_of(report))


def content_of(report: EditionReport) -> dict[str, Any]:
    """Return the values a report prints: its frozen content, its charts, its definitions. Nobody's name, but in captions."""
    content, network = report.content, current_network()
    return {
        **content,
        "issuer": network.region_name if network else "Portail des Écoles de la 2e chance",
        "version": report.number, "reason": report.reason, "changes": report.changes, "not_counted": not_counted(content),
        "computed_on": content["computed_at"][:10], "computed_time": content["computed_at"][11:16],
        "definitions": [{"label": label, "text": text} for label, text in definitions_of(content)],
        "sections": [{**section, "drawing": chart_of(section)} for section in content["sections"]],
        "facts_here": [fact for fact in content["told"] if fact["year"] == report.edition.year],
        "facts_before": [fact for fact in content["told"] if fact["year"] != report.edition.year],
        "photos": [{**photo, "name": _picture_name(photo)} for photo in content["photos"]],
        "workbook": WORKBOOK_NAME,
    }  # fmt: skip


def _picture_name(photo: Mapping[str, str]) -> str:
    return f"{photo['sha256'][:16]}.{ENDINGS[photo['mime']]}"


def pictures(document: Document) -> Mapping[str, bytes]:
    """Return the photos that the document prints, as they were when it was asked for."""
    return {photo["name"]: storage.read(photo["file"], sha256=photo["sha256"]) for photo in document.context["photos"]}


def attachments(document: Document) -> tuple[Attachment, ...]:
    """Return the workbook of the same figures, sealed with the paper."""
    content = workbook_of(document.context, document.reference)
    return (Attachment(WORKBOOK_NAME, content, XLSX_MIME, "Les mêmes chiffres, dans un classeur", "Data"),)


def _report_of(document: Document) -> EditionReport:
    rows = EditionReport.objects.select_related("edition").defer("content")
    return rows.get(pk=document.subject.rsplit(":", 1)[1])


def standing(document: Document, day: date) -> Standing:
    """Return what a sealed report is worth on a day."""
    report = _report_of(document)
    if EditionReport.objects.filter(edition=report.edition, number__gt=report.number).exists():
        return Standing(
            "superseded", "Corrigé", "Une version plus récente de ce bilan a été établie : elle dit ce qu’elle corrige."
        )
    return Standing("record", "Fait foi", f"C’est la version {report.number} de ce bilan, la dernière établie.")


def public_facts(document: Document) -> list[tuple[str, str]]:
    """Return what may be said of a report to whoever holds its code: everything it prints is public."""
    report = _report_of(document)
    facts = [("Édition", report.edition.name), ("Version", str(report.number))]
    return [*facts, ("Empreinte des données", report.data_sha256)]


def may_read(user: User, document: Document) -> bool:
    """Let those who work in the network read every version."""
    return _report_of(document).edition.status == CLOSED and user.has_perm(AssisesPermission.VIEW_EDITION)


def may_retry(user: User, document: Document) -> bool:
    return user.has_perm(AssisesPermission.CLOSE_EDITION)


def subject_url(document: Document) -> str:
    """Return the page of the report."""
    return _report_of(document).get_absolute_url()


REPORT = DocumentKind(
    name=REPORT_KIND, label="Bilan d’une édition des Assises", template="assises_report", version="v1", standing=standing,
    public_facts=public_facts, may_read=may_read, subject_url=subject_url, may_retry=may_retry, attachments=attachments,
    pictures=pictures,
)  # fmt: skip
