"""The variables of templates: {entreprise}, {region}, {debut}… what each prints, which are unknown, which are left. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

VARIABLE = re.compile(r"\{([^{}\s]{1,40})\}")

# What may be written between braces, and what a person reads of it.
KNOWN: Mapping[str, str] = {
    "entreprise": "nom de l’entreprise",
    "forme_juridique": "forme juridique de l’entreprise",
    "siren": "SIREN de l’entreprise",
    "adresse_entreprise": "adresse du siège de l’entreprise",
    "region": "nom de la Région",
    "adresse_region": "adresse de la Région",
    "reseau": "nom du réseau des écoles",
    "objet": "objet de la convention",
    "annee": "année de la date de début",
    "debut": "date de début, en lettres",
    "fin": "date de fin, en lettres",
    "duree": "durée, en lettres",
    "preavis": "préavis, en lettres",
}


@dataclass(frozen=True)
class Filled:
    """A text with its variables replaced. `unknown` do not exist; `missing` exist but have no value: both stay as written."""

    text: str
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def used_in(texts: Iterable[str]) -> list[str]:
    """Return the names written between braces, each once, in order of appearance."""
    return list(dict.fromkeys(name for text in texts for name in VARIABLE.findall(text)))


def unknown_in(texts: Iterable[str]) -> list[str]:
    """Return the names written between braces that the portal does not know."""
    return [name for name in used_in(texts) if name not in KNOWN]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Replace the variables that have a value; the others stay, and are named."""
    names = used_in([text])
    filled = VARIABLE.sub(lambda found: values.get(found[1]) or found[0], text)
    return Filled(
        filled,
        tuple(name for name in names if name not in KNOWN),
        tuple(name for name in names if name in KNOWN and not values.get(name)),
    )


def left_in(convention: Any) -> list[str]:
    """Return the variables still written in a convention and its articles, with their braces."""
    texts = [convention.title, convention.object, convention.preamble, convention.visas, convention.recitals]
    if convention.pk:
        texts += [part for article in convention.articles.all() for part in (article.title, article.body)]
    return [f"{{{name}}}" for name in used_in(texts)]
