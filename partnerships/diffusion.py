"""What Insee's « diffusion partielle » hides, and from whom. Every page, file and public answer asks here.

Since 21 March 2023 somebody registered in Sirene may ask for partial diffusion (code de commerce, art. R123-232-1): whoever
reuses the data must neither pass on their personal data nor use them for canvassing. For a record with the status "P":

- the street, the postal code and the sign of a place are hidden; its town stays, as in Insee's own files;
- the name is hidden too unless the company is known to be a legal person: a sole trader's name is their own;
- hidden data are shown on pages to those who may write the record, under NOTICE; to others in the network, HIDDEN stands
  in their place; they leave in no export, on no public page, and no search finds a record by them for those others;
- nothing hidden is ever stored from a Sirene file: what stands in the record was given by the company itself.

A convention still prints the name and address of its company: a contract identifies its parties, who gave them for it. Whoever
may read that contract reads them there, and nowhere else.
"""

import re
from typing import Any, Protocol

from django.db.models import Q, TextChoices

from e2c_portal.kernel.identifiers import printed_number

HIDDEN = "Diffusion partielle"
NOTICE = (
    "Le nom ou l’adresse sont des données personnelles : ne les communiquez à personne hors du service et ne vous en servez "
    "pas pour prospecter. Elles ne paraissent ni dans les exports, ni dans les pages publiques, ni pour les écoles."
)
HELP = "Statut donné par l’Insee. En diffusion partielle, l’adresse et le nom d’une personne ne sont pas communiqués."
ENTREPRENEUR = "1"


class Diffusion(TextChoices):
    """The status that Insee gives; empty when no file told it."""

    FULL = "O", "Diffusible"
    PARTIAL = "P", HIDDEN


class Diffused(Protocol):
    """A company, as far as diffusion goes."""

    diffusion_status: str
    legal_category: str
    legal_name: str
    siren: str


def name_hidden(company: str = "") -> Q:
    """Return the same rule as hides_name, asked of the database; `company` leads to the company, as "establishment__company__"."""
    category = f"{company}legal_category"
    unknown_or_a_person = Q(**{category: ""}) | Q(**{f"{category}__startswith": ENTREPRENEUR})
    return Q(**{f"{company}diffusion_status": Diffusion.PARTIAL}) & unknown_or_a_person


NAME_HIDDEN = name_hidden()


def hides_name(company: Diffused) -> bool:
    """Say whether the company's name may be that of a private person: partial diffusion, not known as a legal person."""
    is_person = not company.legal_category or company.legal_category.startswith(ENTREPRENEUR)
    return company.diffusion_status == Diffusion.PARTIAL and is_person


def hides_address(place: Any) -> bool:
    """Say whether the address of an establishment is hidden: its own status or its company's says so."""
    return bool(place.diffusion_status == Diffusion.PARTIAL or place.company.diffusion_status == Diffusion.PARTIAL)


def shown_name(company: Diffused, *, writer: bool = False, name: str = "") -> str:
    """Return the name to show: the company's own, or `name` when it is known by another; a neutral one when it is hidden."""
    if writer or not hides_name(company):
        return name or company.legal_name
    return f"{HIDDEN} (SIREN {printed_number(company.siren)})" if company.siren else HIDDEN


def shown_place(place: Any, *, writer: bool = False) -> str:
    """Return the usual name of an establishment; a sign is often its owner's name."""
    if hides_address(place) and not writer:
        return "Siège" if place.is_head_office else "Établissement"
    return str(place.name)


def shown_address(place: Any, *, writer: bool = False) -> str:
    """Return "2 rue de l’Essai, 34000 Montpellier", or the town alone and why when the rest is hidden."""
    if hides_address(place) and not writer:
        return ", ".join(part for part in (place.city, f"adresse en {HIDDEN.lower()}") if part)
    return _on_one_line(place.address, place.postal_code, place.city)


def exported_name(company: Diffused, name: str = "") -> str:
    """Return the cell of a file that names a company: files leave the service, whoever takes them."""
    return HIDDEN if hides_name(company) else name or company.legal_name


def exported_address(company: Diffused, office: dict[str, str] | None) -> str:
    """Return the cell of a file that gives the address of a company: its head office's, when it is known and may leave."""
    if office is None:
        return ""
    if Diffusion.PARTIAL in (company.diffusion_status, office["diffusion_status"]):
        return HIDDEN
    return _on_one_line(office["address"], office["postal_code"], office["city"])


def _on_one_line(address: str, postal_code: str, city: str) -> str:
    return ", ".join(part for part in (address, f"{postal_code} {city}".strip()) if part)


def without_name(text: str, company: Diffused, *other_names: str) -> str:
    """Return a title without the name of a company whose name is hidden, nor the others it is printed under."""
    if not hides_name(company):
        return text
    for name in filter(None, (company.legal_name, *other_names)):
        text = re.sub(re.escape(name), f"[{HIDDEN.lower()}]", text, flags=re.IGNORECASE)
    return text
