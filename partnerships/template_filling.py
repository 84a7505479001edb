"""A template filled for a company and a date: its text, and the variables that have no value or do not exist."""

from dataclasses import dataclass
from datetime import date

from e2c_portal.kernel import french
from e2c_portal.kernel.identifiers import printed_number
from partnerships import variables
from partnerships.calendar import months_after
from partnerships.models import Company, ConventionTemplate
from partnerships.queries import head_office
from schools.queries import current_network

TEXTS = ("title", "object", "preamble", "visas", "recitals")


@dataclass(frozen=True)
class FilledTemplate:
    """What the convention would read. `missing` and `unknown` are the names still between braces."""

    starts_on: date
    ends_on: date
    texts: dict[str, str]
    articles: list[tuple[str, str]]
    missing: list[str]
    unknown: list[str]


def filled_template(template: ConventionTemplate, company: Company, starts_on: date) -> FilledTemplate:
    """Return the text of a template for this company and first day. Reads the network and the head office."""
    period = months_after(starts_on, template.duration_months)
    values = _values(template, company, starts_on, period.ends_on)
    texts = {name: variables.fill(getattr(template, name), values) for name in TEXTS}
    articles = [
        (variables.fill(article.title, values), variables.fill(article.body, values))
        for article in template.articles.all()
    ]
    everything = [*texts.values(), *(part for article in articles for part in article)]
    return FilledTemplate(
        starts_on,
        period.ends_on,
        {name: filled.text for name, filled in texts.items()},
        [(title.text, body.text) for title, body in articles],
        list(dict.fromkeys(name for filled in everything for name in filled.missing)),
        list(dict.fromkeys(name for filled in everything for name in filled.unknown)),
    )


def _values(template: ConventionTemplate, company: Company, starts_on: date, ends_on: date) -> dict[str, str]:
    network, office = current_network(), head_office(company)
    address = [office.address, f"{office.postal_code} {office.city}".strip()] if office else []
    months = template.duration_months
    return {
        "entreprise": company.legal_name,
        "forme_juridique": company.legal_form,
        "siren": printed_number(company.siren) if company.siren else "",
        "adresse_entreprise": ", ".join(line for line in address if line),
        "region": network.region_name if network else "",
        "adresse_region": ", ".join(network.region_address.splitlines()) if network else "",
        "reseau": network.name if network else "",
        "objet": template.object if not variables.used_in([template.object]) else "",
        "annee": str(starts_on.year),
        "debut": french.day_in_letters(starts_on),
        "fin": french.day_in_letters(ends_on),
        "duree": french.duration_years(months // 12) if months % 12 == 0 else french.duration_months(months),
        "preavis": french.duration_months(template.notice_months) if template.notice_months else "",
    }
