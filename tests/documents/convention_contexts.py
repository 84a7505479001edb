"""Contexts of the convention template: the published example, and what a demanding convention adds to it."""

import copy
import json
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).parents[2] / "templates" / "documents" / "convention" / "v1" / "example.json"

TITLES = (
    "Objet", "Engagements de l'entreprise", "Engagements de la Région", "Accueil des stagiaires", "Tutorat",
    "Validation des compétences", "Visites", "Simulations d'entretien", "Emploi et alternance", "Comité de suivi",
    "Communication", "Protection des données", "Assurances", "Confidentialité", "Durée", "Renouvellement", "Avenants",
    "Dénonciation", "Résiliation", "Différends",
)  # fmt: skip
PARAGRAPH = (
    "Les parties conviennent d'un suivi régulier : un comité réunit chaque semestre les signataires, examine les résultats "
    "et propose les ajustements utiles. Le compte rendu est transmis à tous dans un délai de 15 jours."
)
LONG_NAME = (
    "Société coopérative d'intérêt collectif pour l'insertion professionnelle et le développement économique des territoires "
    "du Languedoc et des Cévennes méridionales"
)


def example() -> dict[str, Any]:
    """Return the published example: one page and a half of text, two signatories."""
    return json.loads(EXAMPLE.read_text(encoding="utf-8"))


def long_convention() -> dict[str, Any]:
    """Return twenty articles, twenty-five commitments, six signatories of whom one is not named yet."""
    context = example()
    context["articles"] = [
        {"number": rank, "title": title, "body": [PARAGRAPH] * (1 + rank % 2)} for rank, title in enumerate(TITLES, 1)
    ]
    context["commitments"] = [
        {
            "kind_label": f"Engagement {rank}",
            "description": f"Description de l'engagement n° {rank}",
            "target": None if rank % 6 == 0 else str(rank * 125),
            "unit": "demi-journées",
            "period": "durée de la convention",
        }
        for rank in range(1, 26)
    ]
    context["signatories"] = {
        "region": [
            {"name": "Camille Exemple", "quality": "présidente de la Région Exemple"},
            {"name": "Claude Témoin", "quality": "vice-président délégué à la formation et à l'apprentissage"},
            {"name": "Andrée L'Hôpital", "quality": "conseillère régionale"},
        ],
        "company": [
            {"name": "Dominique Modèle", "quality": "directrice générale"},
            {"name": "Sacha Œuvrard", "quality": "directeur des ressources humaines"},
            {"name": None, "quality": "délégué régional"},
        ],
    }
    return context


def archived_convention() -> dict[str, Any]:
    """Return a convention reprised from archives: text, dates and the company's signatory are not known."""
    context = example()
    context["company"] |= {
        "legal_name": "Pro Exemple",
        "printed_name": "Pro-Exempel",
        "legal_form": "",
        "siren": "",
        "siret": "",
    }
    context["period"] = {
        "starts_on": None,
        "ends_on": None,
        "duration_label": "",
        "renewal_label": "",
        "notice_label": "",
    }
    context["signature"] = {"signed_on": "2014-05-01", "place": "", "event": "3es Assises (exemple)"}
    context["signatories"]["company"] = [{"name": None, "quality": "représentant de l'entreprise"}]
    context["archive_note"] = {
        "text": "Le texte original n'a pas été retrouvé : ce document restitue les faits publiés.",
        "sources": ["journal-exemple.fr, 2 mai 2014"],
    }
    return context


def long_names() -> dict[str, Any]:
    """Return names and addresses far longer than usual, without a space in one of them."""
    context = copy.deepcopy(example())
    context["title"] = f"Convention de partenariat entre la Région Exemple et la {LONG_NAME}"
    context["reference"] = "CP-2025-MONTPELLIER-PORT-MARIANNE-000123"
    context["company"] |= {"legal_name": LONG_NAME, "printed_name": "SCIC" * 30}
    context["signatories"]["company"] = [
        {
            "name": "Marie-Françoise de La Rochefoucauld-Montmorency Saint-Barthélemy",
            "quality": "présidente du conseil de surveillance, déléguée générale aux partenariats institutionnels",
        }
    ]
    context["verification"]["url"] = f"https://{'partenariats-' * 6}exemple.fr/verifier/A2B3C-D4E5F/"
    return context


def crowded_convention() -> dict[str, Any]:
    """Return more signatories than one page can hold."""
    context = example()
    context["signatories"] = {
        side: [{"name": f"{side.capitalize()} Numéro{rank}", "quality": "signataire"} for rank in range(1, count + 1)]
        for side, count in (("region", 5), ("company", 14))
    }
    return context


def binder() -> dict[str, Any]:
    """Return a signing binder that holds the three most demanding conventions."""
    texts = [long_convention(), long_names(), crowded_convention()]
    return {
        **{key: example()[key] for key in ("region", "network", "printed_on", "verification")},
        "reference": "PAR-2026-001",
        "title": "Parapheur de signature – Assises (exemple)",
        "event": {"name": "Assises (exemple)", "held_on": "2026-12-11", "place": "Hôtel de Région, Montpellier"},
        "made_of": "0" * 64,
        "conventions": [{**text, "rank": rank} for rank, text in enumerate(texts, 1)],
    }
