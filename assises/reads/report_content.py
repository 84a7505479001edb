"""The content of a report as plain values: what is frozen, printed, written in the workbook, and compared with the next one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from assises.models import Edition
from assises.reads.report_figures import ABSENT, ATTENDANCE, CONFIRMED, CONVENTIONS, PRESENT, REGISTERED, attendance
from assises.reads.report_rows import Rows, fingerprint_of, rows_of
from assises.reads.report_sections import COUNT, NOT_COUNTED, TEXT, Column, Section, sections_of, words_of
from e2c_portal.kernel.french import counted

SCHOOLS = Column("schools", "Écoles venues", "Les écoles dont une personne au moins est comptée à une demi-journée.")
COMPANIES = Column(
    "companies",
    "Entreprises venues",
    "Les entreprises ayant une fiche dont une personne est comptée à une demi-journée.",
)
# What tells one computation from another and is no figure.
NOT_FIGURES = ("computed_at", "data_sha256")


@dataclass(frozen=True)
class Computed:
    """A report as computed at a moment, not frozen yet."""

    content: dict[str, Any]
    data_sha256: str


def compute(edition: Edition, now: datetime | None = None) -> Computed:
    """Compute the report of an edition. Run again on the same rows, it gives the same figures and the same fingerprint."""
    rows = rows_of(edition)
    sections = sections_of(rows)
    # Put into the same rows: what was worked out of them once is not worked out again.
    rows.added.update({section.key: section.rows for section in sections if section.rows})
    fingerprint = fingerprint_of(rows)
    moment = timezone.localtime(now or timezone.now()).isoformat(timespec="seconds")
    content = {
        "edition": {
            "year": edition.year, "name": edition.name, "held_on": edition.held_on.isoformat(), "place": edition.place_line,
            "theme": edition.theme,
        },
        "computed_at": moment, "data_sha256": fingerprint, "has_people": bool(rows.people), "was_counted": rows.was_counted,
        "summary": list(_summary(rows)), "sections": [_section(section) for section in sections],
        "told": [
            {"year": row.edition.year, "key": row.key, "label": row.label, "words": row.told, "source": row.source}
            for row in rows.told
        ],
        "photos": [
            {"file": row.file, "sha256": row.sha256, "mime": row.mime, "caption": row.caption, "alt": row.alt_text}
            for row in rows.photos
        ],
    }  # fmt: skip
    return Computed(content, fingerprint)


def _summary(rows: Rows) -> Iterator[dict[str, Any]]:
    """Give the figures of the first page, each with its definition and how many rows it was counted from."""
    if rows.people:
        behind = counted(len(rows.people), "inscription", "inscriptions")
        values = attendance(rows, rows.people.everyone)
        for column, value in zip((REGISTERED, CONFIRMED, PRESENT, ABSENT, ATTENDANCE), values, strict=True):
            yield _figure(column, value, behind)
        for column, groups in ((SCHOOLS, rows.people.by("school_id")), (COMPANIES, rows.by_company)):
            came = sum(not group.isdisjoint(rows.came) for group in groups.values())
            yield _figure(column, came if rows.was_counted else None, behind)
    behind = counted(len(rows.conventions), "convention", "conventions")
    yield _figure(CONVENTIONS, len(rows.conventions), behind, opens=False)


def _figure(column: Column, value: float | None, behind: str, *, opens: bool = True) -> dict[str, Any]:
    opens = opens and column.kind == COUNT and column not in (SCHOOLS, COMPANIES)
    return {
        "key": column.key, "label": column.label, "value": value, "words": words_of(value, column.kind),
        "definition": column.definition, "behind": behind, "opens": opens, "query": dict(column.query),
    }  # fmt: skip


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key, "title": section.title, "definition": section.definition, "heading": section.heading,
        "behind": section.behind, "note": section.note, "chart": list(section.chart),
        "columns": [
            {"key": column.key, "label": column.label, "definition": column.definition, "kind": column.kind}
            for column in section.columns
        ],
        "lines": [
            {
                "key": line.key, "label": line.label,
                "cells": [
                    {
                        "value": value, "words": words_of(value, column.kind), "kind": column.kind,
                        "query": dict(line.query + column.query),
                        "opens": line.opens and column.kind == COUNT and value is not None,
                    }
                    for column, value in zip(section.columns, line.values, strict=True)
                ],
            }
            for line in section.lines
        ],
    }  # fmt: skip


def same_figures(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say whether two contents tell the same thing, whenever each was computed."""
    return all(one[key] == other[key] for key in one if key not in NOT_FIGURES)


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Say figure by figure what changes from one report to the next, in sentences; nothing when all is the same."""
    old, new = dict(_told(before)), dict(_told(after))
    told = [f"{name} : {new[name]} au lieu de {old[name]}." for name in new if name in old and new[name] != old[name]]
    for act, here, there in (("Ajouté", new, old), ("Retiré", old, new)):
        told += [f"{act} : {', '.join(filter(None, (name, here[name])))}." for name in here if name not in there]
    return told


def _told(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Give everything that a report tells, by a name that stays the same from one version to the next."""
    for key, label in (("name", "Nom"), ("held_on", "Jour"), ("place", "Lieu"), ("theme", "Thème")):
        yield f"Édition, {_inside(label)}", content["edition"][key] or "rien"
    for figure in content["summary"]:
        yield f"Ensemble, {_inside(figure['label'])}", figure["words"]
    for section in content["sections"]:
        for line in section["lines"]:
            for column, cell in zip(section["columns"], line["cells"], strict=True):
                yield f"{section['title']}, {line['label']}, {_inside(column['label'])}", cell["words"]
    for fact in content["told"]:
        yield f"Rapporté de {fact['year']}, {_inside(fact['label'])} ({fact['source']})", f"« {fact['words']} »"
    for photo in content["photos"]:
        yield f"Photo « {photo['caption']} »", ""


def _inside(label: str) -> str:
    """Return a label as it reads inside a sentence: « élus de la Région »."""
    return f"{label[:1].lower()}{label[1:]}"


def definitions_of(content: dict[str, Any]) -> list[tuple[str, str]]:
    """Return every figure once, with its definition, in the order of the report."""
    found = {figure["label"]: figure["definition"] for figure in content["summary"]}
    for section in content["sections"]:
        for column in section["columns"]:
            if column["definition"] and column["kind"] != TEXT:
                label = column["label"]
                if found.get(label, column["definition"]) != column["definition"]:
                    label = f"{label} ({section['title'].lower()})"
                found[label] = column["definition"]
    return list(found.items())


def not_counted(content: dict[str, Any]) -> str:
    """Say in one sentence what the portal did not count of an edition; nothing when it counted everything."""
    if not content["has_people"]:
        return "Le portail n’a reçu aucune inscription à cette édition : ni les inscriptions ni les présences ne sont comptées."
    if not content["was_counted"]:
        return f"Aucune demi-journée n’avait de contrôle à la porte : les présences se lisent « {NOT_COUNTED} », ce qui n’est pas zéro."
    return ""
