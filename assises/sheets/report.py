"""What the page of a report shows: where the edition stands, its figures and the rows behind each, its versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from assises.documents.report_charts import chart_of
from assises.life.editions import CANCELLED, CLOSED
from assises.models import Edition, EditionReport
from assises.reads.report import has_moved, papers_of, reports_of
from assises.reads.report_content import changes_between, compute, definitions_of, not_counted
from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document

NOT_HELD = "Cette édition est annulée : il n’y a pas de bilan."
MOVED_AT_MOST = 12


@dataclass(frozen=True)
class Version:
    """One version of a report, with its sealed document once it is asked for."""

    report: EditionReport
    document: Document | None


@dataclass(frozen=True)
class ReportSheet:
    """The report of an edition as one person may see it. `figures` is None when there is nothing to show yet."""

    stage: str
    sentence: str
    versions: list[Version]
    figures: dict[str, Any] | None
    moved: list[str]


def report_sheet(edition: Edition, *, closes: bool) -> ReportSheet:
    """Return what to show: nothing before the day, a preview to whoever closes, the version in force once closed."""
    if edition.status == CANCELLED:
        return ReportSheet("cancelled", NOT_HELD, [], None, [])
    if edition.status == CLOSED:
        return _closed(edition, closes=closes)
    if timezone.localdate() < edition.held_on:
        return ReportSheet(
            "before", "La journée n’a pas encore eu lieu : son bilan se fait à partir de ce jour.", [], None, []
        )
    if not closes:
        return ReportSheet("after", "La Région n’a pas encore fait le bilan de cette édition.", [], None, [])
    return ReportSheet("preview", "", [], shown(compute(edition).content, edition.year, opens=True), [])


def _closed(edition: Edition, *, closes: bool) -> ReportSheet:
    reports = reports_of(edition)
    papers = papers_of(reports)
    versions = [Version(report, papers.get(subject_of(report))) for report in reports]
    moved: list[str] = []
    if closes:
        computed = compute(edition)
        if has_moved(reports[0], computed):
            changes = changes_between(reports[0].content, computed.content)
            moved = [*changes[:MOVED_AT_MOST], *(["…"] if len(changes) > MOVED_AT_MOST else [])] or [
                "Aucun chiffre ne change : seules les lignes qui sont derrière ont changé."
            ]
    return ReportSheet("closed", "", versions, shown(reports[0].content, edition.year, opens=closes), moved)


def shown(content: Mapping[str, Any], year: int, *, opens: bool) -> dict[str, Any]:
    """Return a content with the address of the rows behind each figure, for whoever may open them, and its charts."""
    address = reverse("assises:registrations", args=[year]) if opens else ""

    def opened(cell: Mapping[str, Any]) -> dict[str, Any]:
        url = f"{address}?{urlencode(_asked(cell['query']))}" if address and cell["opens"] else ""
        return {**cell, "url": url}

    return {
        **content,
        "computed_at": parse_datetime(content["computed_at"]), "not_counted": not_counted(dict(content)),
        "definitions": definitions_of(dict(content)), "summary": [opened(figure) for figure in content["summary"]],
        "sections": [
            {
                **section, "drawing": chart_of(section),
                "lines": [
                    {
                        **line,
                        "cells": [
                            {**opened(cell), "label": column["label"]}
                            for column, cell in zip(section["columns"], line["cells"], strict=True)
                        ],
                    }
                    for line in section["lines"]
                ],
            }
            for section in content["sections"]
        ],
    }  # fmt: skip


# How the list of registrations names what a figure is narrowed to: a frozen report outlives the words of an address.
ASKED = {"category": "categorie", "state": "etat", "school": "ecole", "company": "entreprise", "session": "temps",
         "checkpoint": "controle", "presence": "presence"}  # fmt: skip


def _asked(query: Mapping[str, str]) -> dict[str, str]:
    return {ASKED[name]: value for name, value in query.items()}
