"""The content of a report as plain values: what is previewed, frozen, printed and written in the workbook."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from e2c_portal.figures import counting, places
from e2c_portal.figures.annual import network_sections, place_sections
from e2c_portal.figures.annual.cells import HIDDEN, told
from e2c_portal.figures.annual.public import Public, public_of
from e2c_portal.figures.core import INDICATORS, figures_of
from e2c_portal.figures.core import Figure as Counted
from e2c_portal.figures.indicators import PROMISES

SUMMARY = (
    "ecoles", "accueillis", "entrees", "acheves", "sorties-positives", "stages", "entreprises", "conventions", "competences",
    "attestations", "assises",
)  # fmt: skip
# What tells one computation from another and is no figure.
NOT_FIGURES = ("computed_at", "known_on", "data_sha256")


@dataclass(frozen=True)
class Computed:
    """A report as computed at a moment, not frozen yet."""

    content: dict[str, Any]
    data_sha256: str


def compute(year: int, introduction: str = "", now: datetime | None = None) -> Computed:
    """Compute the report of a year. Run again on the same rows, it gives the same figures and the same fingerprint."""
    whole = places.network()
    here = {figure.indicator.key: figure for figure in figures_of(year, whole)}
    before = {figure.indicator.key: figure for figure in figures_of(year - 1, whole)}
    public, public_before = public_of(year), public_of(year - 1, known=year - 1 in counting.years_known())
    paragraphs = [" ".join(block.split()) for block in introduction.replace("\r\n", "\n").split("\n\n")]
    content: dict[str, Any] = {
        "year": year, "network": whole.label, "introduction": [text for text in paragraphs if text],
        "summary": [_summed(here[key], before[key], public, public_before) for key in SUMMARY],
        "sections": [
            *network_sections.sections_of(year, here, before, (public, public_before)),
            *place_sections.sections_of(year, public),
        ],
        "definitions": [
            {"label": one.title, "text": one.rule} for one in INDICATORS.values() if one.key != PROMISES or here[one.key]
        ],
    }  # fmt: skip
    fingerprint = hashlib.sha256(_canonical(content)).hexdigest()
    moment = timezone.localtime(now or timezone.now()).isoformat(timespec="seconds")
    content |= {
        "computed_at": moment,
        "known_on": counting.moment().day.isoformat(),
        "data_sha256": fingerprint,
    }
    return Computed(content, fingerprint)


def _canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _summed(figure: Counted, before: Counted, public: Public, public_before: Public) -> dict[str, Any]:
    key = figure.indicator.key
    cell = told(figure, hidden=public.hides(key))
    earlier = told(before, hidden=public_before.hides(key), known=public_before.known)
    return {
        "key": key, "label": figure.indicator.title, "value": cell["value"], "words": cell["words"],
        "kind": cell["kind"], "before": earlier["words"], "before_value": earlier["value"],
        "basis": public.basis(figure) if cell["value"] is not None else "", "definition": figure.indicator.rule,
    }  # fmt: skip


def changes_between(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Say figure by figure what changes from one report to the next, in sentences; nothing when all is the same."""
    old, new = dict(_told(before)), dict(_told(after))
    changed = [name for name in new if name in old and new[name] != old[name]]
    # The sentences are printed in the new version: a number that is hidden from now on is not said again there.
    found = [
        f"{name} : {new[name]} désormais." if new[name] == HIDDEN else f"{name} : {new[name]} au lieu de {old[name]}."
        for name in changed
    ]
    found += [f"Ajouté : {name}, {new[name]}." for name in new if name not in old]
    found += [f"Retiré : {name}, {old[name]}." for name in old if name not in new]
    if before["introduction"] != after["introduction"]:
        found.append("L’introduction est récrite.")
    return found


def _told(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for figure in content["summary"]:
        yield f"Ensemble, {figure['label'].lower()}", figure["words"]
    for section in content["sections"]:
        for line in section["lines"]:
            for column, cell in zip(section["columns"], line["cells"], strict=True):
                yield f"{section['title']}, {line['label']}, {column['label'].lower()}", cell["words"] or "rien"


def same_figures(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say whether two contents tell the same thing, whenever each was computed."""
    return all(one.get(key) == other.get(key) for key in {*one, *other} if key not in NOT_FIGURES)


def years_to_report(today_year: int) -> Sequence[int]:
    """Return the complete years of which figures are known, the latest first."""
    return [year for year in reversed(counting.years_known()) if year < today_year]
