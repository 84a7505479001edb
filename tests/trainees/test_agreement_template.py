"""What the agreement prints: every clause, the two regimes, the minor, the delay. No database: the example beside the template."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings

from e2c_portal.documents.rendering.templating import render_template_to_html
from trainees.models import AgreementAmendment
from trainees.reads.amendment_words import EFFECTS, clauses_of

FOLDER = Path(portal_settings.BASE_DIR) / "templates/documents/internship_agreement/v1"
PMSMP = {"delegation": "D-2026-1", "structure": "Mission locale d’exemple"}


def printed(**changes: Any) -> str:
    context = json.loads((FOLDER / "example.json").read_text(encoding="utf-8")) | changes
    html = render_template_to_html("internship_agreement", "v1", context)
    return html.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


@pytest.mark.parametrize(
    "told",
    [
        "SIRET", "déclaration d’activité", "activité principale (NAF)", "né(e) le 12 mars 2009", "représentant légal",
        "Découvrir un métier", "D1102", "70 h", "Semaine du 7 décembre 2026", "aucune", "Équipements de protection",
        "Hygiène et sécurité", "Repas de midi offert", "confidentiel", "n’est pas payé", "C’est l’école, et non l’entreprise",
        "48 heures", "responsabilité civile", "Absences et retards", "Suspension, modification et fin du stage", "visite",
        "règlement intérieur", "attestation", "dpo@exemple.invalid", "cinq ans", "registre unique du personnel",
        "remplacer un salarié", "Annexe pédagogique", "Annexe financière", "Pour l’entreprise d’accueil", "D4153-15",
    ],
)  # fmt: skip
def test_every_clause_is_there(told: str) -> None:
    assert told in printed()


def test_each_regime_says_who_declares_an_accident() -> None:
    training, pmsmp = printed(), printed(pmsmp=PMSMP)
    assert "Article 14" not in training
    assert "L’entreprise prévient l’école dans les 24 heures" not in training
    assert "L’entreprise prévient l’école dans les 24 heures" in pmsmp
    assert "D5135-3" in pmsmp
    assert "Mission locale d’exemple" in pmsmp


def test_a_delay_is_printed_and_an_adult_has_no_clause_of_minors() -> None:
    assert "Signée en retard" in printed(late_reason="Le gérant était absent.")
    adult = printed(
        trainee={"name": "Léa", "birth_date": "2000-01-01", "is_minor": False, "address_lines": []}, representative=None
    )
    assert "L3162-1" not in adult
    assert "10 heures par jour" in adult


def test_an_amendment_tells_before_and_after() -> None:
    context = json.loads((FOLDER / "example.json").read_text(encoding="utf-8")) | {
        "agreement": {
            "reference": "ST-2026-000123/1", "signed_on": "2026-11-30", "starts_on": "2026-12-07", "ends_on": "2026-12-18",
        },
        "number": 1, "kind_label": "Rupture", "reason": "L’entreprise ferme.", "effective_on": "2026-12-11", "total": "35 h",
        "effect": EFFECTS[AgreementAmendment.Kind.RUPTURE],
        "clauses": [
            {"heading": one.heading, "before": one.before, "after": one.after}
            for one in clauses_of({
                "ended_early_on": {"before": None, "after": "2026-12-11"}, "broken_by": {"before": "", "after": "host"},
            })
        ],
    }  # fmt: skip
    html = render_template_to_html("internship_amendment", "v1", context).replace("\N{NO-BREAK SPACE}", " ")
    for told in ("11 décembre 2026", "l’entreprise", "Rien", "l’avenant est signé ensuite", "Hélène Modèle"):
        assert told in html
