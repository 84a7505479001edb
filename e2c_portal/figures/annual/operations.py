"""Prepare the introduction of a report, freeze a report and have it sealed, correct it by a new version."""

from django.db import connection, transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.records import save_over_what_was_seen, save_with_trace
from e2c_portal.audit.trail import record
from e2c_portal.documents.requesting import request_document
from e2c_portal.figures.annual.content import Computed, changes_between, compute, same_figures, years_to_report
from e2c_portal.figures.annual.document import report_order, title_of
from e2c_portal.figures.annual.models import AnnualReport, AnnualReportDraft
from e2c_portal.figures.annual.reads import draft_of
from e2c_portal.figures.permissions import FigurePermission
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.nir import refuse_nir
from trainees.operations.moving import save_or_refuse

NOT_YOURS = "Seules les personnes de la Région préparent et publient le rapport d’activité."
NOT_OVER = "Le rapport d’une année se fait quand elle est finie, et quand le portail en connaît les chiffres."
MOVED = (
    "Les chiffres, ou l’introduction, ont changé depuis que cette page est affichée. Relisez l’aperçu, puis publiez."
)
WRITTEN = "L’introduction a été modifiée par quelqu’un d’autre. Relisez-la, puis enregistrez la vôtre si elle doit la remplacer."
SAY_WHY = "Écrivez pourquoi ce rapport est corrigé : la phrase est imprimée dans la nouvelle version."
UNCHANGED = "Rien n’a changé depuis la dernière version du rapport : il n’y a rien à corriger."


@transaction.atomic
def write_introduction(year: int, text: str, seen: int | None, actor: User) -> AnnualReportDraft:
    """Keep the introduction of the report of a year. Raises NotAllowed, Refused, Overtaken when somebody wrote it meanwhile."""
    _held(year, actor)
    row = draft_of(year)
    if row is None:
        row = AnnualReportDraft(year=year, introduction=text.strip(), written_by=actor)
        save_with_trace(row, actor)
        return row
    row.introduction, row.written_by = text.strip(), actor
    save_over_what_was_seen(row, seen, lambda: save_with_trace(row, actor), overtaken=WRITTEN)
    return row


@transaction.atomic
def publish(year: int, seen_sha256: str, actor: User, *, reason: str = "") -> AnnualReport:
    """Freeze a version of the report of a year; its sealed document is asked for, and is public once sealed.

    `seen_sha256` is the fingerprint of the preview that was read. A correction says why, and what changes figure by figure.
    Raises NotAllowed, Overtaken when the figures moved since the preview, Refused.
    """
    _held(year, actor)
    draft = draft_of(year)
    computed = compute(year, draft.introduction if draft else "")
    if computed.data_sha256 != seen_sha256:
        raise Overtaken(MOVED)
    former = AnnualReport.objects.filter(year=year).order_by("-number").first()
    if former is None:
        return _freeze(year, computed, [], "", actor, 1)
    if not reason.strip():
        raise Refused(SAY_WHY, code="reason_missing")
    refuse_nir(reason)
    if same_figures(former.content, computed.content):
        raise Refused(UNCHANGED)
    changes = changes_between(former.content, computed.content)
    return _freeze(year, computed, changes, reason.strip(), actor, former.number + 1)


def _held(year: int, actor: User) -> None:
    """Let one person at a time prepare the report of a year. Raises NotAllowed, Refused for a year that is not over."""
    if not actor.has_perm(FigurePermission.PUBLISH):
        raise NotAllowed(NOT_YOURS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"annual report {year}"])
    if year not in years_to_report(timezone.localdate().year):
        raise Refused(NOT_OVER)


def _freeze(year: int, computed: Computed, changes: list[str], reason: str, actor: User, number: int) -> AnnualReport:
    report = AnnualReport(
        year=year, number=number, content=computed.content, data_sha256=computed.data_sha256, changes=changes, reason=reason,
        made_by=actor,
    )  # fmt: skip
    save_or_refuse(report)
    report.refresh_from_db()
    record(actor, "figures.report", report, f"{title_of(year)} arrêté, version {number}", sha256=computed.data_sha256)
    request_document(report_order(report), actor)
    return report
