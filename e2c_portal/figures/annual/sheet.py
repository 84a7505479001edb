"""What the page of a report shows: the preview as it would be frozen now, the versions, what would change."""

from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime

from assises.documents.report_charts import chart_of
from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document
from e2c_portal.figures.annual.content import changes_between, compute, same_figures
from e2c_portal.figures.annual.models import AnnualReport
from e2c_portal.figures.annual.reads import draft_of, papers_of, versions_of

MOVED_AT_MOST = 12
NOTHING_TOLD = "Aucun chiffre imprimé ne change : seules les définitions sont récrites."


@dataclass(frozen=True)
class Version:
    """One version of a report, with its sealed document once it is asked for."""

    report: AnnualReport
    document: Document | None


@dataclass(frozen=True)
class ReportSheet:
    """The report of a year as whoever publishes it sees it. `moved`: what a new version would change, nothing when it may not be."""

    content: dict[str, Any]
    data_sha256: str
    versions: list[Version]
    moved: list[str]

    @property
    def may_publish(self) -> bool:
        return not self.versions or bool(self.moved)


def report_sheet(year: int) -> ReportSheet:
    """Return the preview and the versions of the report of a year."""
    draft = draft_of(year)
    computed = compute(year, draft.introduction if draft else "")
    reports = versions_of(year)
    papers = papers_of(reports)
    moved: list[str] = []
    if reports and not same_figures(reports[0].content, computed.content):
        changes = changes_between(reports[0].content, computed.content)
        moved = [*changes[:MOVED_AT_MOST], *(["…"] if len(changes) > MOVED_AT_MOST else [])] or [NOTHING_TOLD]
    versions = [Version(report, papers.get(subject_of(report))) for report in reports]
    return ReportSheet(_shown(computed.content), computed.data_sha256, versions, moved)


def _shown(content: dict[str, Any]) -> dict[str, Any]:
    """Return a content with its charts, each cell with the label of its column, and its moment as a date."""
    sections = [
        {
            **section, "drawing": chart_of(section),
            "lines": [
                {**line, "cells": [
                    {**cell, "label": column["label"]} for column, cell in zip(section["columns"], line["cells"], strict=True)
                ]}
                for line in section["lines"]
            ],
        }
        for section in content["sections"]
    ]  # fmt: skip
    return {**content, "sections": sections, "computed_at": parse_datetime(content["computed_at"])}
