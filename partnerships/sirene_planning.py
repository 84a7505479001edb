"""Compare the lines of a Sirene extract with the companies of the portal, and say what each would change. Nothing is written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from e2c_portal.kernel.search import fold
from partnerships.diffusion import Diffusion
from partnerships.models import Company, Establishment, SireneImport, SireneImportLine
from partnerships.queries import surviving
from partnerships.sirene_columns import SireneRow

Action, Scope = SireneImportLine.Action, SireneImport.Scope
Changes = dict[str, list[str]]

# What people write better than a directory does: replaced only when the import was asked for it.
KEPT_AS_TYPED = ("company.legal_name", "company.legal_form", "place.name")
ALIKE_IS_SAME = ("company.legal_name", "company.legal_form", "place.name", "place.address", "place.city")
YES, NO = "oui", "non"

TWICE = "Cet établissement est déjà à la ligne {number} de ce fichier."
NAMELESS = (
    "Le fichier ne donne pas le nom de cette entreprise : utilisez un extrait qui porte aussi les colonnes de l’unité légale. "
    "En diffusion partielle, créez la fiche à la main avec l’accord de la personne."
)
MERGED_ELSEWHERE = "Ce SIREN est celui d’une fiche réunie à « {name} », qui en porte un autre : vérifiez-la."
TWO_RECORDS = "Le SIRET et le SIREN de cette ligne sont sur deux fiches : signalez le doublon avant de recommencer."
HIDDEN_HERE = "Diffusion partielle : le nom d’une personne et l’adresse ne sont pas lus."
CEASED = "L’Insee déclare cette entreprise cessée."
CLOSING_DAY_UNKNOWN = "Le fichier ne dit pas quel jour : date du dépôt."


@dataclass
class Known:
    """What the portal holds of the numbers of some lines, and what this import already planned. Five queries."""

    companies: dict[str, Company] = field(default_factory=dict)
    places: dict[str, Establishment] = field(default_factory=dict)
    head_offices: dict[int, Establishment] = field(default_factory=dict)
    planned_companies: set[str] = field(default_factory=set)
    planned_places: dict[str, int] = field(default_factory=dict)

    def company_of(self, row: SireneRow) -> Company | None:
        place = self.places.get(row.siret)
        return place.company if place else self.companies.get(row.siren)

    def note(self, line: SireneImportLine) -> None:
        """Remember a planned line for those that follow it."""
        if line.action != Action.REFUSED:
            self.planned_companies.add(line.siren)
            if line.siret:
                self.planned_places[line.siret] = line.number


def plan_lines(asked: SireneImport, rows: list[SireneRow]) -> tuple[list[SireneImportLine], int]:
    """Return the lines to keep, unsaved, and how many were left aside because they concern nobody known."""
    known = _known(asked, rows)
    kept: list[SireneImportLine] = []
    for row in rows:
        line = _planned(asked, row, known)
        if line:
            known.note(line)
            kept.append(line)
    return kept, len(rows) - len(kept)


def as_text(value: Any) -> str:
    """Return a value as `changes` keeps it and as a person reads it."""
    if isinstance(value, bool):
        return YES if value else NO
    return value.isoformat() if isinstance(value, date) else value or ""


def from_text(column: str, text: str) -> Any:
    """Return what `as_text` wrote, for a column of a company or an establishment."""
    if column == "is_head_office":
        return text == YES
    if column == "closed_on":
        return date.fromisoformat(text) if text else None
    return text


def _known(asked: SireneImport, rows: list[SireneRow]) -> Known:
    sirens = {row.siren for row in rows if not row.fault}
    sirets = {row.siret for row in rows if not row.fault and row.siret}
    known = Known()
    for company in Company.objects.filter(siren__in=sirens).order_by("pk"):
        if company.merged_into_id is None:
            known.companies[company.siren] = company
        else:
            known.companies.setdefault(company.siren, surviving(company))
    for place in Establishment.objects.filter(siret__in=sirets).select_related("company"):
        known.places[place.siret] = place
    companies = {company.pk for company in known.companies.values()} | {p.company_id for p in known.places.values()}
    if companies:
        heads = Establishment.objects.filter(company__in=companies, is_head_office=True, closed_on=None)
        known.head_offices = {place.company_id: place for place in heads}
    if companies or asked.scope == Scope.ALL:
        earlier = asked.lines.exclude(action=Action.REFUSED).filter(siren__in=sirens)
        for siren, siret, number in earlier.values_list("siren", "siret", "number"):
            known.planned_companies.add(siren)
            if siret:
                known.planned_places[siret] = number
    return known


def _planned(asked: SireneImport, row: SireneRow, known: Known) -> SireneImportLine | None:
    """Return the line to keep of a row, None when it concerns nobody that this import is about."""
    line = SireneImportLine(owner=asked, number=row.line, siren=row.siren, siret=row.siret)
    if row.fault:
        return _refused(line, row.fault)
    company, place = known.company_of(row), known.places.get(row.siret)
    if reason := _conflict(row, company, place, known):
        return _refused(line, reason)
    line.company = company
    if company is None:
        return _new_company(asked, row, line, known)
    return _known_company(asked, row, line, known)


def _refused(line: SireneImportLine, reason: str) -> SireneImportLine:
    line.action, line.reason, line.changes = Action.REFUSED, reason[:300], {}
    return line


def _conflict(row: SireneRow, company: Company | None, place: Establishment | None, known: Known) -> str:
    if number := known.planned_places.get(row.siret):
        return TWICE.format(number=number)
    if company and company.siren and company.siren != row.siren:
        return MERGED_ELSEWHERE.format(name=company.legal_name)
    other = known.companies.get(row.siren)
    return TWO_RECORDS if place and other and other.pk != place.company_id else ""


def _new_company(asked: SireneImport, row: SireneRow, line: SireneImportLine, known: Known) -> SireneImportLine | None:
    if asked.scope != Scope.ALL or row.closed or row.ceased:
        return None
    following = row.siren in known.planned_companies
    if not following and not row.company.get("legal_name"):
        return _refused(line, NAMELESS)
    if not following:
        line.changes |= _differences(asked, "company", None, {"siren": row.siren, **row.company})
    if row.place is not None:
        line.changes |= _differences(asked, "place", None, _complete(row))
    line.action = Action.CREATE
    return line if line.changes else None


def _known_company(
    asked: SireneImport, row: SireneRow, line: SireneImportLine, known: Known
) -> SireneImportLine | None:
    company = line.company
    assert company is not None  # noqa: S101  said by the caller
    line.place = known.places.get(row.siret) or _unnumbered_head_office(row, company, known)
    if row.siren not in known.planned_companies:
        line.changes |= _differences(asked, "company", company, {"siren": row.siren, **row.company})
    adds = line.place is None and _adds_place(asked, row, company, known)
    if line.place or adds:
        line.changes |= _differences(asked, "place", line.place, _place_values(asked, row, line.place))
    if not line.changes and line.place is None and row.place is not None:
        return None
    line.action = _action(line, adds)
    line.reason = " ".join(_remarks(asked, row, line))[:300]
    return line


def _action(line: SireneImportLine, adds: bool) -> str:
    if adds:
        return Action.CREATE
    if line.changes.get("place.closed_on", ["", ""])[1]:
        return Action.CLOSE
    return Action.UPDATE if line.changes else Action.UNCHANGED


def _unnumbered_head_office(row: SireneRow, company: Company, known: Known) -> Establishment | None:
    """A head office typed without its SIRET is the head office of the file."""
    office = known.head_offices.get(company.pk)
    is_head = row.place is not None and row.place.get("is_head_office") is True and not row.closed
    return office if is_head and office and not office.siret else None


def _adds_place(asked: SireneImport, row: SireneRow, company: Company, known: Known) -> bool:
    """Say whether the place of a known company joins its record: its head office when none is known, others when asked."""
    if row.place is None or row.closed:
        return False
    if asked.scope != Scope.KNOWN:
        return True
    return row.place.get("is_head_office") is True and company.pk not in known.head_offices


def _place_values(asked: SireneImport, row: SireneRow, place: Establishment | None) -> dict[str, Any]:
    if place is None:
        return _complete(row)
    values: dict[str, Any] = {"siret": row.siret}
    if row.closed:
        day = row.closed_on or timezone.localdate(asked.requested_at)
        return values | {
            "closed_on": place.closed_on or day,
            "diffusion_status": (row.place or {}).get("diffusion_status"),
        }
    return values | (row.place or {}) | {"closed_on": None}


def _complete(row: SireneRow) -> dict[str, Any]:
    """Return the values of a new place: it has a name in any case."""
    values = dict(row.place or {})
    city = values.get("city")
    usual = "Siège" if values.get("is_head_office") else f"Établissement de {city}" if city else "Établissement"
    return {"siret": row.siret, "name": values.pop("name", usual), **values}


def _differences(asked: SireneImport, kind: str, record: Any, values: dict[str, Any]) -> Changes:
    """Return what would change, as {"place.address": [before, after]}. What the file does not tell changes nothing."""
    found: Changes = {}
    for column, value in values.items():
        before = as_text(getattr(record, column)) if record else as_text(False if value is False else "")
        after, name = as_text(value), f"{kind}.{column}"
        silent = not after and column != "closed_on"
        if silent or _same(name, before, after) or (before and name in KEPT_AS_TYPED and not asked.replaces_names):
            continue
        found[name] = [before, after]
    return found


def _same(name: str, before: str, after: str) -> bool:
    return before == after or (name in ALIKE_IS_SAME and _plain(before) == _plain(after))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()


def _remarks(asked: SireneImport, row: SireneRow, line: SireneImportLine) -> Iterable[str]:
    if row.ceased:
        yield CEASED
    if Diffusion.PARTIAL in (row.company.get("diffusion_status"), (row.place or {}).get("diffusion_status")):
        yield HIDDEN_HERE
    if line.action == Action.CLOSE and not row.closed_on:
        yield CLOSING_DAY_UNKNOWN
    official = row.company.get("legal_name", "")
    kept = line.company and "company.legal_name" not in line.changes and not asked.replaces_names
    if kept and line.company and official and not _same("company.legal_name", line.company.legal_name, official):
        yield f"Nom à l’Insee : {official}. Le nom déjà saisi est gardé."
