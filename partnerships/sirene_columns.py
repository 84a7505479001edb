"""What one line of a Sirene extract says, in the portal's own terms. Insee's names of columns are known here alone.

StockEtablissement, StockUniteLegale, and extracts that carry both families of columns are told apart by their columns. What
partial diffusion hides is dropped here, even from a file that shows it: nothing after this module can store it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError

from e2c_portal.kernel.identifiers import validate_siren, validate_siret
from partnerships import sirene_codes
from partnerships.diffusion import ENTREPRENEUR, Diffusion

NOT_TOLD = "[ND]"
CLOSED, CEASED = "F", "C"
SPREADSHEET = "le fichier a-t-il été ouvert dans un tableur ?"


@dataclass(frozen=True)
class SireneRow:
    """One line. `company` and `place` hold what the line tells of each, by field of the model; `place` is None without SIRET.

    `fault` says in French why the line cannot be used. `closed` and `ceased` are Insee's words on the place and the company.
    """

    line: int
    siren: str
    siret: str
    company: dict[str, str] = field(default_factory=dict)
    place: dict[str, str | bool] | None = None
    closed: bool = False
    closed_on: date | None = None
    ceased: bool = False
    fault: str = ""


def row_of(line: int, cells: Mapping[str, str]) -> SireneRow:
    """Return what a line tells. `cells` are its values by lower-case name of column."""
    told = {name: value.strip() for name, value in cells.items()}
    told = {name: value for name, value in told.items() if value and value != NOT_TOLD}
    siret = (
        told.get("siret", "") or told.get("siren", "") + told.get("nic", "") if "nic" in told else told.get("siret", "")
    )
    siren = told.get("siren", "") or siret[:9]
    if fault := _fault(siren, siret, "siret" in cells):
        return SireneRow(line, siren[:20], siret[:20], fault=fault)
    company = _company(told)
    return SireneRow(
        line, siren, siret, company, _place(told, company) if siret else None,
        closed=told.get("etatadministratifetablissement") == CLOSED,
        closed_on=_day(told.get("datedebut", "")),
        ceased=told.get("etatadministratifunitelegale") == CEASED,
    )  # fmt: skip


def _fault(siren: str, siret: str, of_places: bool) -> str:
    try:
        validate_siren(siren)
    except ValidationError:
        return f"SIREN non valable ({siren[:20] or 'vide'}) : {SPREADSHEET}"
    if not siret:
        return "Cette ligne n’a pas de SIRET." if of_places else ""
    try:
        validate_siret(siret)
    except ValidationError:
        return f"SIRET non valable ({siret[:20]}) : {SPREADSHEET}"
    return "" if siret.startswith(siren) else "Le SIRET ne commence pas par le SIREN de la même ligne."


def _diffusion(letter: str) -> str:
    """Return our status. The old « N » (nothing told at all) became « P » on 21 March 2023."""
    return {"O": Diffusion.FULL, "P": Diffusion.PARTIAL, "N": Diffusion.PARTIAL}.get(letter, "")


def _company(told: Mapping[str, str]) -> dict[str, str]:
    category = told.get("categoriejuridiqueunitelegale", "")
    status = _diffusion(told.get("statutdiffusionunitelegale", ""))
    values = {
        "legal_name": _name(told, category, status)[:200],
        "legal_category": category if len(category) == 4 and category.isdigit() else "",
        "legal_form": sirene_codes.LEGAL_CATEGORIES.get(category, ""),
        "diffusion_status": status,
    }
    return {name: value for name, value in values.items() if value}


def _name(told: Mapping[str, str], category: str, status: str) -> str:
    """Return the name of a company; that of a person is not read when its diffusion is partial."""
    is_person = not category or category.startswith(ENTREPRENEUR)
    if status == Diffusion.PARTIAL and is_person:
        return ""
    if name := told.get("denominationunitelegale"):
        return name
    first = told.get("prenomusuelunitelegale") or told.get("prenom1unitelegale", "")
    last = told.get("nomusageunitelegale") or told.get("nomunitelegale", "")
    return f"{first} {last}".strip()


def _place(told: Mapping[str, str], company: Mapping[str, str]) -> dict[str, str | bool]:
    status = _diffusion(told.get("statutdiffusionetablissement", ""))
    hidden = Diffusion.PARTIAL in (status, company.get("diffusion_status"))
    texts = {
        "name": "" if hidden else _sign(told)[:200],
        "address": "" if hidden else _address(told)[:250],
        "postal_code": "" if hidden else _digits(told.get("codepostaletablissement", "")),
        "city": told.get("libellecommuneetablissement", "")[:100],
        "commune_code": _commune(told.get("codecommuneetablissement", "")),
        "headcount_range": _known(told.get("trancheeffectifsetablissement", ""), sirene_codes.RANGE_CODES),
        "diffusion_status": status,
        **_activity(told),
    }
    values: dict[str, str | bool] = {name: value for name, value in texts.items() if value}
    if head := told.get("etablissementsiege", "").lower():
        values["is_head_office"] = head in ("true", "t", "1", "oui")
    return values


def _sign(told: Mapping[str, str]) -> str:
    return told.get("enseigne1etablissement", "") or told.get("denominationusuelleetablissement", "")


def _address(told: Mapping[str, str]) -> str:
    """Return "Bât. A, 12 bis avenue DE LA GARE": Insee's own words, kinds of streets in full."""
    kind = told.get("typevoieetablissement", "")
    street = (
        told.get("numerovoieetablissement", ""), told.get("indicerepetitionetablissement", ""),
        sirene_codes.STREETS.get(kind.upper(), kind), told.get("libellevoieetablissement", ""),
    )  # fmt: skip
    lines = (
        told.get("complementadresseetablissement", ""), " ".join(part for part in street if part),
        told.get("distributionspecialeetablissement", ""),
    )  # fmt: skip
    return ", ".join(line for line in lines if line)


def _activity(told: Mapping[str, str]) -> dict[str, str]:
    """Return the activity with its nomenclature; codes of older nomenclatures, on places closed long ago, are not kept."""
    code = told.get("activiteprincipaleetablissement", "")
    version = sirene_codes.NAF_VERSIONS.get(told.get("nomenclatureactiviteprincipaleetablissement", ""), "")
    return {"naf_code": code, "naf_version": version} if version and 0 < len(code) <= 6 else {}


def _commune(code: str) -> str:
    department = code[:2]
    fits = len(code) == 5 and code[2:].isdigit() and (department.isdigit() or department in ("2A", "2B"))
    return code if fits else ""


def _digits(code: str) -> str:
    return code if len(code) == 5 and code.isdigit() else ""


def _known(code: str, codes: list[str]) -> str:
    return code if code in codes else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
